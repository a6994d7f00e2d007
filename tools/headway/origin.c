// SPDX-License-Identifier: GPL-2.0-only
/* Where a change comes from. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "headway.h"
#include "origin.h"
#include "strlist.h"
#include "xalloc.h"

static bool is_commit(const char *s)
{
	return strspn(s, "0123456789abcdef") == 40 && !s[40];
}

static bool is_link(const char *s)
{
	return !strncmp(s, "https://", 8) && s[8];
}

static char *join_from(const struct strlist *words, size_t first)
{
	char *text = xstrdup(""), *longer;
	size_t i;

	for (i = first; i < words->n; i++) {
		longer = xasprintf("%s%s%s", text, *text ? " " : "",
				   words->v[i]);
		free(text);
		text = longer;
	}
	return text;
}

static bool take(const struct strlist *w, struct origin *o)
{
	const char *kind = w->n ? w->v[0] : "";

	if (!strcmp(kind, "upstream") && w->n == 2 && is_commit(w->v[1])) {
		o->kind = ORIGIN_UPSTREAM;
	} else if (!strcmp(kind, "git") && w->n == 4 && is_commit(w->v[1])) {
		o->kind = ORIGIN_GIT;
		o->repository = xstrdup(w->v[2]);
		o->branch = xstrdup(w->v[3]);
	} else if (!strcmp(kind, "list") && w->n == 2 && is_link(w->v[1])) {
		o->kind = ORIGIN_LIST;
	} else if (!strcmp(kind, "refused") && w->n > 2 && is_link(w->v[1])) {
		o->kind = ORIGIN_REFUSED;
		o->reason = join_from(w, 2);
	} else {
		return false;
	}
	if (o->kind == ORIGIN_UPSTREAM || o->kind == ORIGIN_GIT)
		o->commit = xstrdup(w->v[1]);
	else
		o->link = xstrdup(w->v[1]);
	return true;
}

int origin_parse(const char *file, int line, const char *value,
		 struct origin *out)
{
	struct strlist words = { 0 };
	bool ok;

	strlist_add_words(&words, value);
	ok = take(&words, out);
	strlist_free(&words);
	if (ok)
		return 0;
	hw_error("%s:%d: Origin: \"%s\" is none that is known", file, line,
		 value);
	hw_hint("upstream COMMIT | git COMMIT REPOSITORY BRANCH | list LINK | refused LINK REASON; a COMMIT has 40 digits, a LINK begins with https://");
	return -1;
}

void origin_free(struct origin *o)
{
	free(o->commit);
	free(o->repository);
	free(o->branch);
	free(o->link);
	free(o->reason);
	memset(o, 0, sizeof(*o));
}
