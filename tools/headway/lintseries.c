// SPDX-License-Identifier: GPL-2.0-only
/* Rules for a set of patches as a whole. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lintrules.h"
#include "xalloc.h"

static const struct lint_file *find(const struct lint_set *s, const char *name)
{
	size_t i;

	for (i = 0; i < s->n; i++)
		if (!strcmp(s->f[i].name, name))
			return &s->f[i];
	return NULL;
}

/* The names in the series file; "name -p1" and comments are quilt's. */
static void read_series(const struct lint_file *f, const char *dir,
			struct strlist *out)
{
	const char *p = f->text;

	while (*p) {
		size_t line = strcspn(p, "\n"), n = strcspn(p, " \t#\n");
		char *name = xasprintf("%s%.*s", dir, (int)n, p);

		if (n)
			strlist_add(out, name);
		free(name);
		p += line + (p[line] == '\n');
	}
}

static void check_series_file(enum form form, const struct lint_set *s,
			      struct lint_findings *out)
{
	const char *dir = form == FORM_DEBIAN ? "debian/patches/" : "";
	char *path = xasprintf("%sseries", dir);
	const struct lint_file *f = find(s, path);
	struct strlist named = { 0 };
	size_t i, j;

	if (!f)
		lint_say(out, "series-file", path, "there is none");
	else
		read_series(f, dir, &named);
	for (i = 0; i < named.n; i++) {
		if (!find(s, named.v[i]))
			lint_say(out, "series-file", path, "%s is not there",
				 named.v[i]);
		for (j = 0; j < i; j++)
			if (!strcmp(named.v[i], named.v[j]))
				lint_say(out, "series-file", path, "%s stands there twice",
					 named.v[i]);
	}
	for (i = 0; f && i < s->n; i++)
		if (lint_is_patch(&s->f[i]) && !strlist_has(&named, s->f[i].name))
			lint_say(out, "series-file", path, "%s is not named",
				 s->f[i].name);
	strlist_free(&named);
	free(path);
}

static void check_numbers(const struct lint_set *s, struct lint_findings *out)
{
	int want = 0, got;
	size_t i;

	for (i = 0; i < s->n; i++) {
		if (!lint_is_patch(&s->f[i]))
			continue;
		want++;
		if (sscanf(s->f[i].name, "%4d-", &got) != 1 || got != want) {
			lint_say(out, "series-number", s->f[i].name, "expected %04d-",
				 want);
			return;
		}
	}
	if (!want)
		lint_say(out, "series-number", ".", "there is no patch");
}

static char *change_id(const struct lint_file *f)
{
	const char *p = strstr(f->text, "\nChange-Id: ");

	if (!p)
		return NULL;
	p += strlen("\nChange-Id: ");
	return xstrndup(p, strcspn(p, "\n"));
}

static void check_ids(const struct lint_set *s, struct lint_findings *out)
{
	struct strlist seen = { 0 };
	size_t i;

	for (i = 0; i < s->n; i++) {
		char *id = change_id(&s->f[i]);

		if (id && strlist_has(&seen, id))
			lint_say(out, "change-id-once", s->f[i].name, "%s is an earlier patch's",
				 id);
		if (id)
			strlist_add(&seen, id);
		free(id);
	}
	strlist_free(&seen);
}

void lint_series(enum form form, const struct lint_set *s,
		 struct lint_findings *out)
{
	if (form == FORM_PLAIN || form == FORM_DEBIAN)
		check_series_file(form, s, out);
	if (form != FORM_DEBIAN)
		check_numbers(s, out);
	if (form == FORM_ANDROID || form == FORM_CHROMEOS)
		check_ids(s, out);
}
