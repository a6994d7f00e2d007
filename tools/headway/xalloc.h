/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Allocation that does not return on failure: the program says so and exits
 * with HW_ENV. No command holds state on disk that this could tear, because
 * everything on disk moves by rename.
 */
#ifndef HEADWAY_XALLOC_H
#define HEADWAY_XALLOC_H

#include <stddef.h>

void *xcalloc(size_t n, size_t size);
void *xrealloc(void *p, size_t size);
char *xstrdup(const char *s);
char *xstrndup(const char *s, size_t n);
char *xasprintf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/*
 * Make room for one more element at the end of an array that holds @n and
 * return the array; its capacity is always the next power of two.
 */
void *xgrow(void *array, size_t n, size_t size);

/* Append a zeroed element to @array and give its address. */
#define xpush(array, n) \
	((array) = xgrow((array), (n), sizeof(*(array))), &(array)[(n)++])

#endif /* HEADWAY_XALLOC_H */
