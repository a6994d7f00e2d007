// SPDX-License-Identifier: GPL-2.0-only
/* What abidiff found different between two kernels, as data. */
#define _GNU_SOURCE
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "abireport.h"
#include "headway.h"
#include "xalloc.h"

const char *abi_kind_name(enum abi_kind kind)
{
	static const char *const names[] = {
		[ABI_ADDED] = "added",
		[ABI_PADDING] = "padding",
		[ABI_PRIVATE] = "private",
		[ABI_BREAKS] = "BREAKS",
	};

	return names[kind];
}

static bool begins(const char *s, const char *with)
{
	return !strncmp(s, with, strlen(with));
}

/* The identifier that a declaration is about: "int *foo(struct a *)" -> foo */
static char *declared_name(const char *what)
{
	const char *end = strchr(what, '('), *p;

	if (!end)
		end = what + strcspn(what, "[");
	while (end > what && !isalnum((unsigned char)end[-1]) && end[-1] != '_')
		end--;
	for (p = end; p > what && (isalnum((unsigned char)p[-1]) || p[-1] == '_');)
		p--;
	return xstrndup(p, end - p);
}

/* "... at gpu_scheduler.h:450:1 ..." -> "gpu_scheduler.h" */
static char *declared_file(const char *s)
{
	const char *at = NULL, *hit = s;

	while ((hit = strstr(hit, " at "))) {
		hit += strlen(" at ");
		if (strcspn(hit, ": '") < strcspn(hit, " '"))
			at = hit;
	}
	if (!at)
		return xstrdup("");
	return xstrndup(at, strcspn(at, ": '"));
}

static struct abi_item *add_item(struct abi_report *r, enum abi_kind kind,
				 const char *what, size_t n, const char *rest)
{
	struct abi_item *it = xpush(r->i, r->n);

	it->kind = kind;
	it->what = xstrndup(what, n);
	it->name = declared_name(it->what);
	it->file = declared_file(rest);
	return it;
}

/*
 * "  [C] 'function int f(int)' at b.c:7:1 has some sub-type changes:", or bare
 * "  [D] f" where the debug information does not know the symbol.
 */
static struct abi_item *take_symbol(struct abi_report *r, const char *line)
{
	const char *what = line + strlen("  [C] "), *end;

	if (*what == '\'')
		end = strchr(++what, '\'');
	else
		end = what + strcspn(what, ", ");
	if (!end || end == what)
		return NULL;
	return add_item(r, line[3] == 'A' ? ABI_ADDED : ABI_BREAKS, what,
			end - what, end);
}

/* "'struct sched at a.c:2:1' changed:" */
static struct abi_item *take_type(struct abi_report *r, const char *line)
{
	const char *end = strchr(line + 1, '\''), *at;
	struct abi_item *it;
	char *inner;
	size_t n;

	if (!end || !strstr(end, " changed"))
		return NULL;
	inner = xstrndup(line, end - line);
	at = strstr(inner, " at ");
	n = at ? (size_t)(at - inner) - 1 : strlen(inner) - 1;
	it = add_item(r, ABI_PADDING, line + 1, n, inner);
	free(inner);
	return it;
}

/* What may be said of a type whose layout stays. */
static bool is_harmless(const char *s)
{
	if (begins(s, "type size hasn't changed"))
		return true;
	if (isdigit((unsigned char)*s) &&
	    (strstr(s, " data member insertion") ||
	     strstr(s, " enumerator insertion")))
		return true;
	/* "'bool hole', at offset 104 (in bits) at b.c:2:1", "'prio::MID' value '1'" */
	return *s == '\'' && !strstr(s, "offset changed") &&
	       !strstr(s, " from value ") &&
	       (strstr(s, "', at offset ") || strstr(s, "' value '"));
}

static void take_detail(struct abi_item *it, const char *s, bool *interfaces)
{
	if (strstr(s, " impacted interface")) {
		*interfaces = true;
		return;
	}
	if (*interfaces) {
		strlist_add(&it->reaches, s);
		return;
	}
	if (it->kind == ABI_PADDING && !is_harmless(s))
		it->kind = ABI_BREAKS;
	strlist_add(&it->details, s);
}

/* Lines between the changes that count them. */
static bool is_heading(const char *s)
{
	if (begins(s, "Leaf changes summary:") ||
	    begins(s, "Changed leaf types summary:") ||
	    begins(s, "Removed/Changed/Added ") ||
	    begins(s, "Functions changes summary:") ||
	    begins(s, "Variables changes summary:") ||
	    begins(s, "Function symbols changes summary:") ||
	    begins(s, "Variable symbols changes summary:") ||
	    begins(s, "Unreachable types summary:"))
		return true;
	return (isdigit((unsigned char)*s) || begins(s, "one ")) &&
	       s[strlen(s) - 1] == ':';
}

static int take_line(struct abi_report *r, const char *line,
		     struct abi_item **it, bool *interfaces)
{
	const char *s = line + strspn(line, " ");

	if (!*s)
		return 0;
	if (begins(line, "  [A] ") || begins(line, "  [D] ") ||
	    begins(line, "  [C] ")) {
		*it = take_symbol(r, line);
		*interfaces = false;
		return *it ? 0 : -1;
	}
	if (*line == '\'') {
		*it = take_type(r, line);
		*interfaces = false;
		return *it ? 0 : -1;
	}
	if (line == s) {
		*it = NULL;
		return is_heading(s) ? 0 : -1;
	}
	if (!*it)
		return is_heading(s) ? 0 : -1;
	take_detail(*it, s, interfaces);
	return 0;
}

/* A type that a source file has for itself: others have but pointers to it. */
static void find_private(struct abi_report *r)
{
	size_t i, n;

	for (i = 0; i < r->n; i++) {
		n = strlen(r->i[i].file);
		if (r->i[i].kind == ABI_BREAKS && abi_is_type(&r->i[i]) &&
		    n > 2 && !strcmp(r->i[i].file + n - 2, ".c"))
			r->i[i].kind = ABI_PRIVATE;
	}
}

bool abi_is_type(const struct abi_item *it)
{
	return begins(it->what, "struct ") || begins(it->what, "union ") ||
	       begins(it->what, "enum ");
}

int abi_report_parse(const char *text, struct abi_report *out)
{
	struct abi_item *it = NULL;
	bool interfaces = false;
	int err = 0;

	memset(out, 0, sizeof(*out));
	while (!err && *text) {
		size_t n = strcspn(text, "\n");
		char *line = xstrndup(text, n);

		if (take_line(out, line, &it, &interfaces)) {
			hw_set_exit(HW_ENV);
			err = hw_error("abidiff wrote a line that is not known here: \"%s\"",
				       line);
		}
		free(line);
		text += n + (text[n] == '\n');
	}
	find_private(out);
	return err;
}

void abi_report_free(struct abi_report *r)
{
	size_t i;

	for (i = 0; i < r->n; i++) {
		free(r->i[i].what);
		free(r->i[i].name);
		free(r->i[i].file);
		strlist_free(&r->i[i].details);
		strlist_free(&r->i[i].reaches);
	}
	free(r->i);
	memset(r, 0, sizeof(*r));
}
