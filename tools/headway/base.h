/* SPDX-License-Identifier: GPL-2.0-only */
/* The files bases/<name>: where a base comes from. */
#ifndef HEADWAY_BASE_H
#define HEADWAY_BASE_H

#include <stdbool.h>
#include <stddef.h>

struct base {
	char *name;
	char *package;		/* Debian package, or NULL */
	char *suite;		/* where apt finds it if not in its own suites, or NULL */
	char *repository;	/* the user's own clone, or NULL */
	char *revision;		/* and the revision in it */
	bool is_default;
};

struct bases {
	struct base *b;
	size_t n;
};

/** base_name_ok() - may this be a base's name (and so part of a ref)? */
bool base_name_ok(const char *name);

/**
 * base_read() - read bases/<name>
 * @name: the base's name
 * @out: free it with base_free(), also after an error
 *
 * Return: 0; -1 after an error that names file and line.
 */
int base_read(const char *name, struct base *out);
void base_free(struct base *b);

/**
 * bases_read() - read all of them, sorted as versions are: 6.1, 6.12, 7.2
 * @out: free it with bases_free(), also after an error
 *
 * Exactly one must be the default. Return: 0, or -1 after an error.
 */
int bases_read(struct bases *out);
/** bases_default() - the base to use when none is named; borrowed */
const struct base *bases_default(const struct bases *bs);
void bases_free(struct bases *bs);

#endif /* HEADWAY_BASE_H */
