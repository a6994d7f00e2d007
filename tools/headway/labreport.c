// SPDX-License-Identifier: GPL-2.0-only
/* What the last runs of the kernel and of the lab said. */
#define _GNU_SOURCE
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "headway.h"
#include "labreport.h"
#include "strlist.h"
#include "xalloc.h"

/* The first line of build/@path without its end; NULL if there is none. */
static char *first_line(const char *path)
{
	char *full = xasprintf("%s/%s", hw_paths.build, path);
	char *text = file_read(full, NULL);

	free(full);
	if (text)
		text[strcspn(text, "\r\n")] = '\0';
	if (text && *text)
		return text;
	free(text);
	return NULL;
}

/* Was the kernel in build/@folder/@base built from @tree? Its state says it. */
static bool built_from(const char *folder, const char *base, const git_oid *tree)
{
	char *path = xasprintf("%s/%s/state", folder, base);
	char *line = first_line(path);
	bool same = line && !strcmp(line, git_oid_tostr_s(tree));

	free(line);
	free(path);
	return same;
}

static void say_kernel(FILE *f, const char *base, const git_oid *tree)
{
	char *path = xasprintf("report/%s/verdict", base);
	char *verdict = first_line(path);

	if (!verdict)
		fprintf(f, "KUnit and lockdep: not run, there is no report for %s",
			base);
	else if (!built_from("kernel", base, tree))
		fprintf(f, "KUnit and lockdep: not run on this, the last report for %s is of another tree",
			base);
	else
		fprintf(f, "KUnit and lockdep under User Mode Linux: %s", verdict);
	free(verdict);
	free(path);
}

static void list_variants(const char *base, struct strlist *out)
{
	char *dir = xasprintf("%s/report/lab-%s", hw_paths.build, base);
	DIR *d = opendir(dir);
	struct dirent *e;

	while (d && (e = readdir(d)))
		if (*e->d_name != '.')
			strlist_add(out, e->d_name);
	if (d)
		closedir(d);
	strlist_sort(out);
	free(dir);
}

static void say_lab(FILE *f, const char *base, const git_oid *tree)
{
	struct strlist variants = { 0 };
	size_t i, said = 0;

	list_variants(base, &variants);
	if (variants.n && !built_from("lab", base, tree)) {
		fprintf(f, "; lab: not run on this, the last report for %s is of another tree",
			base);
		goto out;
	}
	for (i = 0; i < variants.n; i++) {
		char *path = xasprintf("report/lab-%s/%s/verdict", base,
				       variants.v[i]);
		char *verdict = first_line(path);

		if (verdict) {
			fprintf(f, "; lab, virtual Adreno %s: %s",
				variants.v[i], verdict);
			said++;
		}
		free(verdict);
		free(path);
	}
	if (!said)
		fprintf(f, "; lab: not run, there is no report for %s", base);
out:
	strlist_free(&variants);
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
