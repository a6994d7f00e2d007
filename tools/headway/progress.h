/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One line of progress on a terminal, for what takes longer than two seconds.
 */
#ifndef HEADWAY_PROGRESS_H
#define HEADWAY_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress {
	const char *what;	/* "Importing 6.1"; not copied */
	uint64_t total;		/* 0: unknown */
	int64_t start;
	int64_t shown;
	bool enabled;
	bool visible;
};

/**
 * progress_start() - begin a piece of work
 * @p: the state, on the caller's stack
 * @what: what is being done, as a phrase
 * @total: how much there is to do, in any unit; 0 if unknown
 *
 * Nothing is ever shown when stderr is not a terminal, or with -q or
 * --porcelain.
 */
void progress_start(struct progress *p, const char *what, uint64_t total);

/** progress_set() - @done of the total is done; cheap enough to call often */
void progress_set(struct progress *p, uint64_t done);

/** progress_end() - wipe the line, so that messages start at the margin */
void progress_end(struct progress *p);

#endif /* HEADWAY_PROGRESS_H */
