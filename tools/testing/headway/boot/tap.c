// SPDX-License-Identifier: GPL-2.0-only
/* Flat TAP, as prove(1) reads it; and the list of strings used all over. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "klog.h"

/* "#" in a name would begin a directive. */
static void put_name(struct tap *tap, const char *name)
{
	for (; *name; name++)
		fputc(*name == '#' ? ' ' : *name, tap->out);
}

static void result(struct tap *tap, const char *word, const char *name)
{
	fprintf(tap->out, "%s %u - ", word, ++tap->tests);
	put_name(tap, name);
}

void tap_ok(struct tap *tap, const char *name)
{
	result(tap, "ok", name);
	fputc('\n', tap->out);
}

void tap_skip(struct tap *tap, const char *name, const char *reason)
{
	tap->skipped++;
	result(tap, "ok", name);
	fprintf(tap->out, " # SKIP %s\n", *reason ? reason : "no reason given");
}

void tap_not_ok(struct tap *tap, const char *name)
{
	tap->failed++;
	result(tap, "not ok", name);
	fputc('\n', tap->out);
}

void tap_diag(struct tap *tap, const char *fmt, ...)
{
	va_list ap;

	fputs("#   ", tap->out);
	va_start(ap, fmt);
	vfprintf(tap->out, fmt, ap);
	va_end(ap);
	fputc('\n', tap->out);
}

void tap_plan(struct tap *tap)
{
	fprintf(tap->out, "1..%u\n", tap->tests);
}

static void *must(void *p)
{
	if (!p) {
		fputs("klog2tap: error: out of memory\n", stderr);
		exit(4);
	}
	return p;
}

void strs_add(struct strs *s, const char *str, size_t len)
{
	s->v = must(realloc(s->v, (s->n + 1) * sizeof(*s->v)));
	s->v[s->n++] = must(strndup(str, len));
}

bool strs_has(const struct strs *s, const char *str)
{
	for (size_t i = 0; i < s->n; i++)
		if (!strcmp(s->v[i], str))
			return true;
	return false;
}

void strs_clear(struct strs *s)
{
	for (size_t i = 0; i < s->n; i++)
		free(s->v[i]);
	free(s->v);
	s->v = NULL;
	s->n = 0;
}
