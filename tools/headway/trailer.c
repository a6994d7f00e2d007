// SPDX-License-Identifier: GPL-2.0-only
/* Commit messages: subject, body, and the trailers at its end. */
#define _GNU_SOURCE
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "mail.h"
#include "trailer.h"
#include "xalloc.h"

/*
 * The kernel's trailers. Any word with a colon would do for git, and take the
 * sentence "Why: ..." for one.
 */
static bool is_key(const char *word, size_t n)
{
	static const char *const known[] = { "Fixes", "Link", "Closes", "Cc", "Bug",
					     "Change-Id", "Message-Id", "Depends-on" };
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (n == strlen(known[i]) && !strncasecmp(word, known[i], n))
			return true;
	return n > 3 && !strncasecmp(word + n - 3, "-by", 3);
}

/* "Signed-off-by: text", "(cherry picked from ...", "[who: what]", or more of it */
static bool looks_like_trailer(const char *line, size_t n, bool first)
{
	size_t word = 0;

	if (!n)
		return false;
	if (*line == '(' || *line == '[')
		return line[n - 1] == ')' || line[n - 1] == ']';
	if (isblank((unsigned char)*line))
		return !first;
	while (word < n && (isalnum((unsigned char)line[word]) ||
			    line[word] == '-'))
		word++;
	return is_key(line, word) && word + 1 < n && line[word] == ':' &&
	       line[word + 1] == ' ';
}

static bool all_trailers(const char *p)
{
	bool first = true;

	if (!*p)
		return false;
	while (*p) {
		size_t n = strcspn(p, "\n");

		if (!looks_like_trailer(p, n, first))
			return false;
		p += n + (p[n] == '\n');
		first = false;
	}
	return true;
}

static void take_trailers(const char *p, struct strlist *out)
{
	while (*p) {
		size_t n = strcspn(p, "\n");
		char *line = xstrndup(p, n);

		if (isblank((unsigned char)*line) && out->n) {
			char **last = &out->v[out->n - 1];
			char *longer = xasprintf("%s\n%s", *last, line);

			free(*last);
			*last = longer;
		} else {
			strlist_add(out, line);
		}
		free(line);
		p += n + (p[n] == '\n');
	}
}

void text_split(const char *message, struct text *out)
{
	const char *body = strstr(message, "\n\n");
	size_t n, last;
	char *text;

	memset(out, 0, sizeof(*out));
	out->subject = message_subject(message);
	body = body ? body + strspn(body, "\n") : "";
	n = strlen(body);
	while (n && isspace((unsigned char)body[n - 1]))
		n--;
	text = xstrndup(body, n);
	/* The last paragraph begins after the last empty line. */
	for (last = n; last && strncmp(text + last - 1, "\n\n", 2); last--)
		;
	if (last)
		last++;
	if (all_trailers(text + last)) {
		take_trailers(text + last, &out->trailers);
		n = last;
		while (n && text[n - 1] == '\n')
			n--;
	}
	out->body = n ? xasprintf("%.*s\n", (int)n, text) : xstrdup("");
	free(text);
}

char *text_join(const struct text *t)
{
	char *out = NULL;
	size_t len, i;
	FILE *f = open_memstream(&out, &len);

	if (!f)
		abort();
	fprintf(f, "%s\n", t->subject);
	if (*t->body)
		fprintf(f, "\n%s", t->body);
	for (i = 0; i < t->trailers.n; i++)
		fprintf(f, "%s%s\n", i ? "" : "\n", t->trailers.v[i]);
	fclose(f);
	return out;
}

void text_free(struct text *t)
{
	free(t->subject);
	free(t->body);
	strlist_free(&t->trailers);
	memset(t, 0, sizeof(*t));
}

bool trailer_is(const char *line, const char *name)
{
	size_t n = strlen(name);

	return !strncasecmp(line, name, n) && line[n] == ':';
}

const char *text_trailer(const struct text *t, const char *name)
{
	size_t i;

	for (i = 0; i < t->trailers.n; i++)
		if (trailer_is(t->trailers.v[i], name))
			return t->trailers.v[i] + strlen(name) + 1 +
			       strspn(t->trailers.v[i] + strlen(name) + 1, " ");
	return NULL;
}

bool trailer_same(const char *a, const char *b)
{
	for (;;) {
		size_t blank_a = strspn(a, " "), blank_b = strspn(b, " ");

		a += blank_a;
		b += blank_b;
		if (!*a || !*b)
			return *a == *b;
		if (!blank_a != !blank_b ||
		    tolower((unsigned char)*a) != tolower((unsigned char)*b))
			return false;
		a++;
		b++;
	}
}

static bool text_has(const struct text *t, const char *line)
{
	size_t i;

	for (i = 0; i < t->trailers.n; i++)
		if (trailer_same(t->trailers.v[i], line))
			return true;
	return false;
}

void text_add(struct text *t, const char *fmt, ...)
{
	char *line = NULL;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vasprintf(&line, fmt, ap);
	va_end(ap);
	if (n < 0)
		abort();
	if (!text_has(t, line))
		strlist_add(&t->trailers, line);
	free(line);
}

char *message_add_trailer(char *message, const char *line)
{
	struct text t;
	char *out;

	text_split(message, &t);
	text_add(&t, "%s", line);
	out = text_join(&t);
	text_free(&t);
	free(message);
	return out;
}

char *message_prepend(char *message, const char *text)
{
	struct text t;
	char *body, *out;

	text_split(message, &t);
	body = xasprintf("%s\n%s%s", text, *t.body ? "\n" : "", t.body);
	free(t.body);
	t.body = body;
	out = text_join(&t);
	text_free(&t);
	free(message);
	return out;
}
