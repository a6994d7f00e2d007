// SPDX-License-Identifier: GPL-2.0-only
/* The tags at the end of a commit message. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "trailer.h"
#include "xalloc.h"

/* "Some-Name: value" */
static bool is_tag(const char *line, size_t len)
{
	size_t n = 0;

	while (n < len && (isalnum((unsigned char)line[n]) || line[n] == '-'))
		n++;
	return n && n + 2 < len && line[n] == ':' && line[n + 1] == ' ' &&
	       isalpha((unsigned char)*line);
}

static bool all_tags(const char *p)
{
	bool first = true;

	while (*p) {
		size_t n = strcspn(p, "\n");

		/* A tag may go on in the next line, or have a note on it. */
		if (!is_tag(p, n) && (first || (*p != ' ' && *p != '[')))
			return false;
		first = false;
		p += n + !!p[n];
	}
	return !first;
}

size_t trailers_start(const char *message)
{
	size_t len = strlen(message);
	const char *p = message, *last = NULL;

	while ((p = strstr(p, "\n\n"))) {
		p += strspn(p, "\n");
		if (*p)
			last = p;
	}
	if (last && all_tags(last))
		return last - message;
	return len;
}

static bool same_tag(const char *line, size_t n, const char *want)
{
	while (n && isspace((unsigned char)line[n - 1]))
		n--;
	while (n && *want) {
		size_t a = 0;

		if (*line == ' ' && *want == ' ') {
			while (a < n && line[a] == ' ')
				a++;
			line += a;
			n -= a;
			want += strspn(want, " ");
			continue;
		}
		if (tolower((unsigned char)*line) != tolower((unsigned char)*want))
			return false;
		line++;
		want++;
		n--;
	}
	return !n && !want[strspn(want, " ")];
}

bool trailers_have(const char *message, const char *line)
{
	const char *p = message + trailers_start(message);

	while (*p) {
		size_t n = strcspn(p, "\n");

		if (same_tag(p, n, line))
			return true;
		p += n + !!p[n];
	}
	return false;
}

char *trailers_add(char *message, const char *line)
{
	size_t len = strlen(message);
	const char *gap;
	char *out;

	if (trailers_have(message, line))
		return message;
	gap = trailers_start(message) == len ? "\n" : "";
	while (len && message[len - 1] == '\n')
		len--;
	out = xasprintf("%.*s\n%s%s\n", (int)len, message, gap, line);
	free(message);
	return out;
}

char *message_prepend(char *message, const char *text)
{
	size_t n = strcspn(message, "\n");
	const char *body = message + n;
	char *out;

	while (*body && strncmp(body, "\n\n", 2))
		body++;
	n = body - message;
	while (n && message[n - 1] == '\n')
		n--;
	body += strspn(body, "\n");
	out = xasprintf("%.*s\n\n%s%s%s", (int)n, message, text,
			*body ? "\n\n" : "\n", body);
	free(message);
	return out;
}
