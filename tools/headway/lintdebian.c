// SPDX-License-Identifier: GPL-2.0-only
/* Debian's rules for the header of a patch (DEP-3). */
#define _GNU_SOURCE
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "lintrules.h"
#include "xalloc.h"

/* The first line of field @name's value in the header, or NULL; caller's to free. */
static char *field(const char *head, size_t len, const char *name)
{
	const char *p = head, *end = head + len;
	size_t n = strlen(name);

	while (p < end) {
		size_t line = strcspn(p, "\n");

		if (line > n && !strncasecmp(p, name, n) && p[n] == ':') {
			p += n + 1;
			line -= n + 1;
			while (line && isblank((unsigned char)*p)) {
				p++;
				line--;
			}
			return xstrndup(p, line);
		}
		p += line + (p[line] == '\n');
	}
	return NULL;
}

/* Where the difference begins, or the text's length. */
static size_t header_length(const struct lint_file *f)
{
	const char *marks[] = { "\n---", "\ndiff ", "\nIndex: " };
	size_t i, best = f->len;

	for (i = 0; i < sizeof(marks) / sizeof(*marks); i++) {
		const char *hit = memmem(f->text, f->len, marks[i],
					 strlen(marks[i]));

		if (hit && (size_t)(hit - f->text) + 1 < best)
			best = hit - f->text + 1;
	}
	return best;
}

static bool is_day(const char *s)
{
	struct tm tm = { 0 }, given;
	int n = 0;

	if (sscanf(s, "%4d-%2d-%2d%n", &tm.tm_year, &tm.tm_mon, &tm.tm_mday,
		   &n) != 3 || n != 10 || s[n])
		return false;
	tm.tm_year -= 1900;
	tm.tm_mon--;
	given = tm;
	timegm(&tm);
	return tm.tm_mon == given.tm_mon && tm.tm_mday == given.tm_mday;
}

static bool is_link(const char *s)
{
	return !strncmp(s, "https://", 8) || !strncmp(s, "http://", 7);
}

static bool origin_ok(const char *s)
{
	static const char *const kinds[] = { "upstream", "backport", "vendor",
					     "other" };
	size_t i, n;

	if (is_link(s))
		return true;
	for (i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		n = strlen(kinds[i]);
		if (!strncmp(s, kinds[i], n) && s[n] == ',' &&
		    s[n + 1 + strspn(s + n + 1, " ")])
			return true;
	}
	return false;
}

static bool forwarded_ok(const char *s)
{
	return !strcmp(s, "no") || !strcmp(s, "not-needed") ||
	       !strcmp(s, "yes") || is_link(s);
}

static bool bug_ok(const char *s)
{
	return !strncmp(s, "https://bugs.debian.org/", 24) && s[24];
}

static void check(const struct lint_file *f, size_t len, const char *name,
		  bool (*ok)(const char *), bool required, const char *rule,
		  struct lint_findings *out)
{
	char *value = field(f->text, len, name);

	if (value ? !ok(value) : required)
		lint_say(out, rule, f->name, "%s: %s", name,
			 value ? value : "is not there");
	free(value);
}

/* "--- a/..." and "+++ b/..." are what patch -p1 goes by. */
static bool has_patch(const struct lint_file *f, size_t from)
{
	const char *p, *next;

	for (p = f->text + from; *p; p = next + 1) {
		next = strchrnul(p, '\n');
		if (!*next)
			break;
		if ((!strncmp(p, "--- a/", 6) || !strncmp(p, "--- /dev/null", 13)) &&
		    (!strncmp(next, "\n+++ b/", 7) ||
		     !strncmp(next, "\n+++ /dev/null", 14)))
			return true;
	}
	return false;
}

void lint_debian(const struct lint_file *f, struct lint_findings *out)
{
	size_t len = header_length(f);
	char *subject = field(f->text, len, "Description");
	char *author = field(f->text, len, "Author");

	if (!subject)
		subject = field(f->text, len, "Subject");
	if (!author)
		author = field(f->text, len, "From");
	if (!subject || !*subject)
		lint_say(out, "dep3-description", f->name, "neither Description: nor Subject:");
	if (!author || !strchr(author, '@'))
		lint_say(out, "dep3-author", f->name, "no Author: or From: with an address");
	check(f, len, "Origin", origin_ok, true, "dep3-origin", out);
	check(f, len, "Forwarded", forwarded_ok, true, "dep3-forwarded", out);
	check(f, len, "Last-Update", is_day, true, "dep3-date", out);
	check(f, len, "Bug-Debian", bug_ok, false, "dep3-bug", out);
	if (!has_patch(f, len))
		lint_say(out, "dep3-patch", f->name, "no \"--- a/\" and \"+++ b/\" lines");
	free(subject);
	free(author);
}
