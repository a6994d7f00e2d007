/* SPDX-License-Identifier: GPL-2.0-only */
/* A list of strings that it owns. */
#ifndef HEADWAY_STRLIST_H
#define HEADWAY_STRLIST_H

#include <stdbool.h>
#include <stddef.h>

struct strlist {
	char **v;
	size_t n;
};

void strlist_add(struct strlist *l, const char *s);
bool strlist_has(const struct strlist *l, const char *s);
/* Sort in byte order, whatever the locale. */
void strlist_sort(struct strlist *l);
/* Add the words of @s, separated by blanks and newlines. */
void strlist_add_words(struct strlist *l, const char *s);
void strlist_free(struct strlist *l);

#endif /* HEADWAY_STRLIST_H */
