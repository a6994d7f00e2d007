// SPDX-License-Identifier: GPL-2.0-only
/* Reader of "Field: value" paragraphs (deb822). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "headway.h"
#include "paragraph.h"
#include "xalloc.h"

static size_t rtrim(const char *s, size_t n)
{
	while (n && (s[n - 1] == ' ' || s[n - 1] == '\t' || s[n - 1] == '\r'))
		n--;
	return n;
}

static int add_field(const char *path, int line, struct paragraph *p,
		     const char *s, size_t n)
{
	const char *colon = memchr(s, ':', n);
	struct field *f;
	size_t i;

	if (!colon || colon == s || memchr(s, ' ', colon - s))
		return hw_error("%s:%d: expected \"Field: value\"", path, line);
	for (i = 0; i < p->n_fields; i++) {
		f = &p->fields[i];
		if (strlen(f->name) == (size_t)(colon - s) &&
		    !strncmp(f->name, s, colon - s))
			return hw_error("%s:%d: field \"%s\" given twice (first on line %d)",
					path, line, f->name, f->line);
	}
	f = xpush(p->fields, p->n_fields);
	f->name = xstrndup(s, colon - s);
	n -= colon + 1 - s;
	s = colon + 1;
	while (n && (*s == ' ' || *s == '\t')) {
		s++;
		n--;
	}
	f->value = xstrndup(s, n);
	f->line = line;
	return 0;
}

static int continue_field(const char *path, int line, struct paragraph *p,
			  const char *s, size_t n)
{
	struct field *f;
	char *joined;

	if (!p || !p->n_fields)
		return hw_error("%s:%d: a line that begins with a space continues a field, and there is none",
				path, line);
	f = &p->fields[p->n_fields - 1];
	s++;
	n--;
	if (n == 1 && *s == '.')
		n = 0;
	joined = xasprintf("%s%s%.*s", f->value, *f->value ? "\n" : "",
			   (int)n, s);
	free(f->value);
	f->value = joined;
	return 0;
}

static int parse_line(const char *path, int line, struct paragraphs *out,
		      struct paragraph **cur, const char *s, size_t n)
{
	if (memchr(s, '\0', n))
		return hw_error("%s:%d: NUL byte", path, line);
	n = rtrim(s, n);
	if (!n) {
		*cur = NULL;
		return 0;
	}
	if (*s == '#')
		return 0;
	if (*s == ' ' || *s == '\t')
		return continue_field(path, line, *cur, s, n);
	if (!*cur) {
		*cur = xpush(out->p, out->n);
		(*cur)->line = line;
	}
	return add_field(path, line, *cur, s, n);
}

int paragraphs_parse(const char *path, const char *text, size_t len,
		     struct paragraphs *out)
{
	struct paragraph *cur = NULL;
	const char *end = text + len;
	int line = 1;

	memset(out, 0, sizeof(*out));
	for (; text < end; line++) {
		const char *nl = memchr(text, '\n', end - text);
		size_t n = (nl ? nl : end) - text;

		if (parse_line(path, line, out, &cur, text, n))
			return -1;
		text = nl ? nl + 1 : end;
	}
	return 0;
}

int paragraphs_read(const char *path, struct paragraphs *out)
{
	size_t len;
	char *text;
	int err;

	memset(out, 0, sizeof(*out));
	text = file_read(path, &len);
	if (!text)
		return hw_errno("%s", path);
	err = paragraphs_parse(path, text, len, out);
	free(text);
	return err;
}

const char *paragraph_get(const struct paragraph *p, const char *name)
{
	size_t i;

	for (i = 0; i < p->n_fields; i++)
		if (!strcmp(p->fields[i].name, name))
			return p->fields[i].value;
	return NULL;
}

void paragraphs_free(struct paragraphs *ps)
{
	size_t i, j;

	for (i = 0; i < ps->n; i++) {
		for (j = 0; j < ps->p[i].n_fields; j++) {
			free(ps->p[i].fields[j].name);
			free(ps->p[i].fields[j].value);
		}
		free(ps->p[i].fields);
	}
	free(ps->p);
	memset(ps, 0, sizeof(*ps));
}
