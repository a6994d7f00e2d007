// SPDX-License-Identifier: GPL-2.0-only
/* Encoded words (RFC 2047). */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "mailword.h"
#include "xalloc.h"

static int hex_digit(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *p = c ? strchr(digits, c >= 'A' && c <= 'F' ? c + 32 : c) : NULL;

	return p ? (int)(p - digits) : -1;
}

/* "=20" and '_' for a blank; the length of what was written, -1 if malformed. */
static int decode_q(const char *s, size_t n, char *out)
{
	char *p = out;

	while (n) {
		if (*s != '=') {
			*p++ = *s == '_' ? ' ' : *s;
			s++;
			n--;
			continue;
		}
		if (n < 3 || hex_digit(s[1]) < 0 || hex_digit(s[2]) < 0)
			return -1;
		*p++ = (char)(hex_digit(s[1]) << 4 | hex_digit(s[2]));
		s += 3;
		n -= 3;
	}
	return (int)(p - out);
}

static int decode_b(const char *s, size_t n, char *out)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	unsigned int bits = 0, have = 0;
	char *p = out;

	while (n && s[n - 1] == '=')
		n--;
	for (; n; s++, n--) {
		const char *d = strchr(digits, *s);

		if (!d || !*s)
			return -1;
		bits = bits << 6 | (unsigned int)(d - digits);
		have += 6;
		if (have >= 8) {
			have -= 8;
			*p++ = (char)(bits >> have);
		}
	}
	return (int)(p - out);
}

/*
 * One word "=?charset?q?text?=" at @s. Returns how long it is, 0 if it is none,
 * -1 if it cannot be decoded. The text goes to *@out, which moves.
 */
static int decode_word(const char *s, char **out)
{
	const char *set = s + 2, *kind, *text, *end;
	int n;

	kind = strchr(set, '?');
	if (!kind || !kind[1] || kind[2] != '?')
		return 0;
	text = kind + 3;
	end = strstr(text, "?=");
	if (!end)
		return 0;
	if (strncasecmp(set, "utf-8?", 6) && strncasecmp(set, "us-ascii?", 9))
		return -1;
	if (kind[1] == 'q' || kind[1] == 'Q')
		n = decode_q(text, end - text, *out);
	else if (kind[1] == 'b' || kind[1] == 'B')
		n = decode_b(text, end - text, *out);
	else
		n = -1;
	/* Neither a line of its own nor the end of the string may come of it. */
	if (n < 0 || memchr(*out, '\n', n) || memchr(*out, '\0', n))
		return -1;
	*out += n;
	return (int)(end + 2 - s);
}

char *mailword_decode(const char *value)
{
	char *out = xcalloc(1, strlen(value) + 1), *p = out;
	bool after_word = false;

	while (*value) {
		const char *s = value + strspn(value, " ");
		int n = 0;

		if (!strncmp(s, "=?", 2)) {
			/* Blanks between two words are no part of the text. */
			if (!after_word)
				while (value < s)
					*p++ = *value++;
			n = decode_word(s, &p);
		}
		if (n < 0) {
			free(out);
			return NULL;
		}
		after_word = n > 0;
		if (n)
			value = s + n;
		else
			*p++ = *value++;
	}
	*p = '\0';
	return out;
}
