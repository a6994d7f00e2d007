// SPDX-License-Identifier: GPL-2.0-only
/* A commit message as ChromiumOS' kernels want it. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "form.h"
#include "xalloc.h"

/* "TEST=...", folded at 72 columns; what follows is indented below the value. */
static void write_folded(FILE *f, const char *name, const char *value)
{
	size_t col = fprintf(f, "%s=", name), indent = col;
	bool first = true;

	while (*value) {
		size_t n = strcspn(value, " ");

		if (!first && col + 1 + n > 72)
			col = fprintf(f, "\n%*s", (int)indent, "") - 1;
		else if (!first)
			col += fprintf(f, " ");
		col += fprintf(f, "%.*s", (int)n, value);
		value += n;
		value += strspn(value, " ");
		first = false;
	}
	fputc('\n', f);
}

/*
 * What was said so far becomes the body, with the original's trailers as they
 * are; BUG= and TEST= are a paragraph, Change-Id: and the sign-off the last one.
 */
void form_chromeos(const struct form_context *fc, const struct cell *cell,
		   struct text *t)
{
	char *id = form_change_id(cell), *body = NULL;
	size_t len, i;
	FILE *f;

	form_tag(fc, cell, "CHROMIUM", t);
	f = open_memstream(&body, &len);
	if (!f)
		abort();
	fputs(t->body, f);
	for (i = 0; i < t->trailers.n; i++)
		fprintf(f, "%s%s\n", !i && *t->body ? "\n" : "",
			t->trailers.v[i]);
	if (*t->body || t->trailers.n)
		fputc('\n', f);
	fprintf(f, "BUG=%s%s\n", fc->bug ? "b:" : "None",
		fc->bug ? fc->bug : "");
	write_folded(f, "TEST", fc->tested);
	fclose(f);
	free(t->body);
	t->body = body;
	strlist_free(&t->trailers);
	text_add(t, "Change-Id: %s", id);
	form_sign(fc, t);
	free(id);
}
