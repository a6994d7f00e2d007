/* SPDX-License-Identifier: GPL-2.0-only */
/* What the last runs of the kernel and of the lab said. */
#ifndef HEADWAY_LABREPORT_H
#define HEADWAY_LABREPORT_H

#include <git2.h>

/*
 * The verdicts of the last boots of @base in build/report, in one line: only
 * those of a kernel built from exactly @tree count (reports.h); what is missing or of another
 * tree is said to be so. The caller's to free.
 */
char *lab_summary(const char *base, const git_oid *tree);

#endif /* HEADWAY_LABREPORT_H */
