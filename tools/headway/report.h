/* SPDX-License-Identifier: GPL-2.0-only */
/* Printing what became of the changes: failures, conflicts, the matrix. */
#ifndef HEADWAY_REPORT_H
#define HEADWAY_REPORT_H

#include <stddef.h>

#include "fork.h"

/* Say on stderr which cells of @f fail, and why. */
void report_failures(const struct fork *f);

/* Write out the conflicts of @f below build/conflicts and say where they are. */
int report_conflicts(git_repository *repo, const struct fork *f);

/* The matrix change x base on stdout, for people; with @why the reasons too. */
void report_matrix(const struct topics *ts, const struct fork *forks, size_t n,
		   bool why);

/* "base topic change state commit", tab-separated, one line a cell. */
void report_porcelain(const struct fork *forks, size_t n);

#endif /* HEADWAY_REPORT_H */
