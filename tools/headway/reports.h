/* SPDX-License-Identifier: GPL-2.0-only */
/* The reports that the last runs of the kernels left below build/. */
#ifndef HEADWAY_REPORTS_H
#define HEADWAY_REPORTS_H

#include <git2.h>

#include "strlist.h"

enum report_state {
	REPORT_NONE,	/* there is none */
	REPORT_OTHER,	/* of another tree, or older than the kernel that is there */
	REPORT_THIS,	/* of a kernel built from this tree and from nothing else */
};

/* All of build/@path; NULL if there is no such file. The caller's to free. */
char *report_text(const char *path);

/*
 * The verdict of the last boot of @base's kernel, if it is of @tree. *@verdict is
 * set for REPORT_THIS only, one line without its end, the caller's to free.
 */
enum report_state report_main_job(const char *base, const git_oid *tree, char **verdict);

/*
 * The same of the lab: @variants in order of their names, with the verdict of each
 * at the same place in @verdicts. Both are filled for REPORT_THIS only, and that
 * only if no variant of which there is a report was left out of the last run.
 */
enum report_state report_lab(const char *base, const git_oid *tree,
			     struct strlist *variants, struct strlist *verdicts);

/*
 * What reclaimcheck said last of @base's integration branch, if it was @tree. Both are
 * set for REPORT_THIS only, and the caller's to free: *@summary is the line with the
 * number of findings, NULL if there is none; *@only names the directories that were
 * read, NULL if it was the whole kernel.
 */
enum report_state report_checker(const char *base, const git_oid *tree,
				 char **summary, char **only);

#endif /* HEADWAY_REPORTS_H */
