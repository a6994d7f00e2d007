// SPDX-License-Identifier: GPL-2.0-only
/* A list of strings that it owns. */
#include <stdlib.h>
#include <string.h>

#include "strlist.h"
#include "xalloc.h"

void strlist_add(struct strlist *l, const char *s)
{
	*xpush(l->v, l->n) = xstrdup(s);
}

bool strlist_has(const struct strlist *l, const char *s)
{
	size_t i;

	for (i = 0; i < l->n; i++)
		if (!strcmp(l->v[i], s))
			return true;
	return false;
}

static int by_bytes(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

void strlist_sort(struct strlist *l)
{
	if (l->n)
		qsort(l->v, l->n, sizeof(*l->v), by_bytes);
}

void strlist_add_words(struct strlist *l, const char *s)
{
	static const char blanks[] = " \t\n";
	size_t n;

	for (s += strspn(s, blanks); *s; s += n + strspn(s + n, blanks)) {
		n = strcspn(s, blanks);
		*xpush(l->v, l->n) = xstrndup(s, n);
	}
}

void strlist_free(struct strlist *l)
{
	size_t i;

	for (i = 0; i < l->n; i++)
		free(l->v[i]);
	free(l->v);
	l->v = NULL;
	l->n = 0;
}
