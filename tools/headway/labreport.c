// SPDX-License-Identifier: GPL-2.0-only
/* What the last runs of the kernel and of the lab said, for a patch's TEST= line. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>

#include "labreport.h"
#include "reports.h"

/* Why there is nothing to say of @what. */
static void say_none(FILE *f, const char *what, const char *base, enum report_state found)
{
	if (found == REPORT_NONE)
		fprintf(f, "%s: not run, there is no report for %s", what, base);
	else
		fprintf(f, "%s: not run on this, the last report for %s is of another tree",
			what, base);
}

static void say_kernel(FILE *f, const char *base, const git_oid *tree)
{
	char *verdict;
	enum report_state found = report_main_job(base, tree, &verdict);

	if (found == REPORT_THIS)
		fprintf(f, "KUnit and lockdep under User Mode Linux: %s", verdict);
	else
		say_none(f, "KUnit and lockdep", base, found);
	free(verdict);
}

static void say_lab(FILE *f, const char *base, const git_oid *tree)
{
	struct strlist variants = { 0 }, verdicts = { 0 };
	enum report_state found = report_lab(base, tree, &variants, &verdicts);
	size_t i;

	for (i = 0; i < variants.n; i++)
		fprintf(f, "; lab, virtual Adreno %s: %s", variants.v[i], verdicts.v[i]);
	if (found != REPORT_THIS)
		say_none(f, "; lab", base, found);
	strlist_free(&variants);
	strlist_free(&verdicts);
}

char *lab_summary(const char *base, const git_oid *tree)
{
	char *out = NULL;
	size_t len;
	FILE *f = open_memstream(&out, &len);

	if (!f)
		abort();
	say_kernel(f, base, tree);
	say_lab(f, base, tree);
	fclose(f);
	return out;
}
