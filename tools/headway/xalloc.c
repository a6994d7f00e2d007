// SPDX-License-Identifier: GPL-2.0-only
/* Allocation that ends the program when there is no memory. */
#define _GNU_SOURCE
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "headway.h"
#include "xalloc.h"

static void *check(void *p)
{
	if (!p) {
		hw_error("out of memory");
		exit(HW_ENV);
	}
	return p;
}

void *xcalloc(size_t n, size_t size)
{
	return check(calloc(n ? n : 1, size ? size : 1));
}

void *xrealloc(void *p, size_t size)
{
	return check(realloc(p, size ? size : 1));
}

char *xstrdup(const char *s)
{
	return check(strdup(s));
}

char *xstrndup(const char *s, size_t n)
{
	return check(strndup(s, n));
}

char *xasprintf(const char *fmt, ...)
{
	va_list ap;
	char *s = NULL;
	int n;

	va_start(ap, fmt);
	n = vasprintf(&s, fmt, ap);
	va_end(ap);
	return check(n < 0 ? NULL : s);
}

void *xgrow(void *array, size_t n, size_t size)
{
	/* Full exactly when n is zero or a power of two. */
	if (!(n & (n - 1)))
		array = xrealloc(array, (n ? 2 * n : 1) * size);
	memset((char *)array + n * size, 0, size);
	return array;
}
