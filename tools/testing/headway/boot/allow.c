// SPDX-License-Identifier: GPL-2.0-only
/*
 * The list of splats that are User Mode Linux's own, one a line:
 *
 *   BASES | TITLE | FUNCTION | REASON
 *
 * BASES: names separated by blanks, or "*". TITLE: what the splat's first line
 * begins with. FUNCTION: must be in its call trace, for certain. REASON: why this
 * is nothing of ours. All four are required, so that nobody silences a splat
 * by its title alone.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "klog.h"

static char *field(char **rest)
{
	char *s = strsep(rest, "|"), *end;

	if (!s)
		return NULL;
	s += strspn(s, " \t");
	end = s + strlen(s);
	while (end > s && strchr(" \t\n", end[-1]))
		*--end = '\0';
	return *s ? strdup(s) : NULL;
}

static void entry_free(struct allow_entry *e)
{
	free(e->bases);
	free(e->title);
	free(e->function);
	free(e->reason);
}

static int add(struct allow *a, char *line, int number)
{
	struct allow_entry e = { .line = number }, *v = NULL;
	char *rest = line;

	e.bases = field(&rest);
	e.title = field(&rest);
	e.function = field(&rest);
	e.reason = field(&rest);
	if (e.bases && e.title && e.function && e.reason && !rest)
		v = realloc(a->v, (a->n + 1) * sizeof(*v));
	if (!v) {
		fprintf(stderr,
			"klog2tap: error: %s:%d: not BASES | TITLE | FUNCTION | REASON\n",
			a->path, number);
		entry_free(&e);
		return -1;
	}
	a->v = v;
	v[a->n++] = e;
	return 0;
}

int allow_read(struct allow *a, FILE *f, const char *path)
{
	char *line = NULL;
	size_t size = 0;
	int number = 0, ret = 0;

	memset(a, 0, sizeof(*a));
	a->path = path;
	while (!ret && getline(&line, &size, f) >= 0) {
		number++;
		if (line[0] != '#' && line[strspn(line, " \t\n")])
			ret = add(a, line, number);
	}
	free(line);
	return ret;
}

bool allow_applies(const struct allow_entry *e, const char *base)
{
	const char *s = e->bases;

	if (!base || !strcmp(s, "*"))
		return true;
	while (*s) {
		size_t len = strcspn(s, " \t");

		if (len == strlen(base) && !strncmp(s, base, len))
			return true;
		s += len;
		s += strspn(s, " \t");
	}
	return false;
}

struct allow_entry *allow_find(struct allow *a, const struct splat *s,
			       const char *base)
{
	for (size_t i = 0; i < a->n; i++) {
		struct allow_entry *e = &a->v[i];

		if (allow_applies(e, base) && strs_has(&s->stack, e->function) &&
		    !strncmp(s->title, e->title, strlen(e->title))) {
			e->used++;
			return e;
		}
	}
	return NULL;
}

void allow_free(struct allow *a)
{
	for (size_t i = 0; i < a->n; i++)
		entry_free(&a->v[i]);
	free(a->v);
	memset(a, 0, sizeof(*a));
}
