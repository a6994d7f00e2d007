// SPDX-License-Identifier: GPL-2.0-only
/*
 * KTAP (Documentation/dev-tools/ktap.rst of the kernel) to flat TAP.
 *
 * A result at depth d closes what was nested at depth d + 1, four blanks
 * further in. What has nothing nested in it is a case and becomes a line named
 * after all that it lies in; a suite becomes a line only if it went wrong in a
 * way that no case shows: a case that is missing, or a suite that failed
 * although its cases passed.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "klog.h"

#define INDENT 4
#define DIAG_LINES 20

struct ktap_result {
	bool ok;
	bool skip;
	char name[256];
	char reason[256];
};

void ktap_init(struct ktap *k, struct tap *tap)
{
	memset(k, 0, sizeof(*k));
	k->tap = tap;
	for (int i = 0; i < KTAP_DEPTH; i++)
		k->level[i].planned = -1;
}

void ktap_free(struct ktap *k)
{
	strs_clear(&k->suites);
	strs_clear(&k->diag);
}

static void copy_trimmed(char *to, size_t size, const char *from, size_t len)
{
	while (len && isspace((unsigned char)*from))
		from++, len--;
	while (len && isspace((unsigned char)from[len - 1]))
		len--;
	if (len >= size)
		len = size - 1;
	memcpy(to, from, len);
	to[len] = '\0';
}

/* "suite.case" of the result @name at depth @depth. */
static void path_of(const struct ktap *k, int depth, const char *name,
		    char *buf, size_t size)
{
	size_t used = 0;

	buf[0] = '\0';
	for (int i = 1; i <= depth && used < size; i++)
		used += snprintf(buf + used, size - used, "%s.",
				 k->level[i].name[0] ? k->level[i].name : "?");
	if (used < size)
		snprintf(buf + used, size - used, "%s", name);
}

static void failed(struct ktap *k, const char *path)
{
	tap_not_ok(k->tap, path);
	for (size_t i = 0; i < k->diag.n; i++)
		tap_diag(k->tap, "%s", k->diag.v[i]);
	strs_clear(&k->diag);
}

static void reset(struct ktap_level *l)
{
	memset(l, 0, sizeof(*l));
	l->planned = -1;
}

/*
 * Closes depth @depth, whose parent is called @name. Returns true if something
 * in it failed or is missing; each such thing has been reported.
 */
static bool close_level(struct ktap *k, int depth, const char *name)
{
	struct ktap_level *l = &k->level[depth];
	bool bad = l->failed > 0;
	char path[1024];

	if (l->planned >= 0 && l->seen != l->planned) {
		path_of(k, depth - 1, name, path, sizeof(path));
		failed(k, path);
		tap_diag(k->tap, "%d of %d planned tests reported a result",
			 l->seen, l->planned);
		bad = true;
	}
	reset(l);
	return bad;
}

/* Whatever is nested deeper than @depth and has no result of its parent. */
static void abandon_below(struct ktap *k, int depth)
{
	char name[256], path[1024];

	for (int i = KTAP_DEPTH - 1; i > depth; i--) {
		struct ktap_level *l = &k->level[i];

		if (!l->open)
			continue;
		snprintf(name, sizeof(name), "%s", l->name[0] ? l->name : "?");
		close_level(k, i, name);
		path_of(k, i - 1, name, path, sizeof(path));
		failed(k, path);
		tap_diag(k->tap, "began and never reported a result");
		k->level[i - 1].seen++;
		k->level[i - 1].failed++;
	}
}

static void take_result(struct ktap *k, int depth, const struct ktap_result *r)
{
	struct ktap_level *l = &k->level[depth];
	bool nested, bad = !r->ok;
	char path[1024];

	abandon_below(k, depth + 1);
	nested = depth + 1 < KTAP_DEPTH && k->level[depth + 1].open;
	path_of(k, depth, r->name, path, sizeof(path));
	if (nested) {
		bool inner = close_level(k, depth + 1, r->name);

		if (!r->ok && !inner) {
			failed(k, path);
			tap_diag(k->tap, "failed as a whole");
		}
		bad |= inner;
	} else if (!r->ok) {
		failed(k, path);
	} else if (r->skip) {
		tap_skip(k->tap, path, r->reason);
	} else {
		tap_ok(k->tap, path);
	}
	if (!nested)
		k->results++;
	if (depth == 0)
		strs_add(&k->suites, r->name, strlen(r->name));
	l->open = true;
	l->seen++;
	l->failed += bad;
	strs_clear(&k->diag);
	k->explains = false;
}

/* "ok 3 - name # SKIP reason", the dash and the directive not always there. */
static bool parse_result(const char *s, struct ktap_result *r)
{
	const char *name, *hash;
	char *end;

	memset(r, 0, sizeof(*r));
	r->ok = !strncmp(s, "ok ", 3);
	if (!r->ok && strncmp(s, "not ok ", 7))
		return false;
	s += r->ok ? 3 : 7;
	if (!isdigit((unsigned char)*s))
		return false;
	strtoul(s, &end, 10);
	name = end + strspn(end, " ");
	if (name[0] == '-' && name[1] == ' ')
		name += 2;
	hash = strstr(name, " # ");
	if (!hash)
		hash = name + strlen(name);
	copy_trimmed(r->name, sizeof(r->name), name, hash - name);
	if (*hash) {
		hash += 3;
		r->skip = r->ok && !strncasecmp(hash, "skip", 4);
		if (r->skip)
			hash += 4;
		copy_trimmed(r->reason, sizeof(r->reason), hash, strlen(hash));
	}
	return true;
}

static bool parse_plan(const char *s, int *planned)
{
	char *end;
	long n;

	if (strncmp(s, "1..", 3) || !isdigit((unsigned char)s[3]))
		return false;
	n = strtol(s + 3, &end, 10);
	if ((*end && strncmp(end, " #", 2)) || n > 1000000)
		return false;
	*planned = (int)n;
	return true;
}

static void begin(struct ktap *k, int depth)
{
	abandon_below(k, depth);
	k->level[depth].open = true;
}

/* A new document: kunit's, or that of a program run later. */
static void new_document(struct ktap *k)
{
	abandon_below(k, 0);
	close_level(k, 0, "all tests");
}

static void add_diag(struct ktap *k, const char *text)
{
	if (k->diag.n < DIAG_LINES)
		strs_add(&k->diag, text, strlen(text));
}

/*
 * KUnit explains a failed expectation in indented lines below the "# " line, such
 * as "    Expected a == b, but".
 */
static bool take_explanation(struct ktap *k, const char *line, size_t blanks)
{
	k->explains = k->explains && blanks >= INDENT && line[blanks];
	if (k->explains)
		add_diag(k, line + INDENT);
	return k->explains;
}

bool ktap_line(struct ktap *k, const char *line)
{
	size_t blanks = strspn(line, " ");
	const char *s = line + blanks;
	int depth = blanks / INDENT, planned;
	struct ktap_result r;

	if (blanks % INDENT || depth >= KTAP_DEPTH)
		return take_explanation(k, line, blanks);
	if (!strncmp(s, "KTAP version ", 13) || !strncmp(s, "TAP version ", 12)) {
		if (depth == 0)
			new_document(k);
		else if (k->level[depth].open && k->level[depth].seen)
			abandon_below(k, depth - 1);
		k->level[depth].open = true;
		return true;
	}
	if (parse_plan(s, &planned)) {
		begin(k, depth);
		k->level[depth].planned = planned;
		return true;
	}
	if (parse_result(s, &r)) {
		take_result(k, depth, &r);
		return true;
	}
	if (!strncmp(s, "# Subtest: ", 11) && depth > 0) {
		/* A second one at this depth: the first never had its result. */
		if (k->level[depth].name[0])
			abandon_below(k, depth - 1);
		begin(k, depth);
		copy_trimmed(k->level[depth].name, sizeof(k->level[depth].name),
			     s + 11, strlen(s + 11));
		return true;
	}
	if (s[0] == '#' && s[1] == ' ') {
		add_diag(k, s + 2);
		k->explains = true;
		return true;
	}
	return take_explanation(k, line, blanks);
}

void ktap_end(struct ktap *k)
{
	new_document(k);
}
