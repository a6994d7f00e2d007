// SPDX-License-Identifier: GPL-2.0-only
/* The fields of a topic file about the stable kernels. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base.h"
#include "headway.h"
#include "stable.h"
#include "xalloc.h"

static const char *const words[] = {
	[STABLE_YES] = "yes",
	[STABLE_EQUIVALENT] = "equivalent",
	[STABLE_NO] = "no",
};

static enum stable_kind kind_of(const char *value, const char **why)
{
	enum stable_kind k;

	for (k = STABLE_YES; k <= STABLE_NO; k++) {
		size_t n = strlen(words[k]);

		if (strncmp(value, words[k], n) ||
		    (value[n] && !isspace((unsigned char)value[n])))
			continue;
		*why = value + n + strspn(value + n, " \t\n");
		/* All but a plain yes want a reason, and that wants none. */
		return (k == STABLE_YES) == !**why ? k : STABLE_UNSAID;
	}
	return STABLE_UNSAID;
}

int stable_parse(const char *file, const struct field *f, struct stable_words *s)
{
	const char *base = f->name + strlen("Stable"), *why = "";
	enum stable_kind kind = kind_of(f->value, &why);
	struct stable_word *w;
	char *c;

	if (*base && !base_name_ok(base + 1))
		return hw_error("%s:%d: %s: wants the name of a base after the dash",
				file, f->line, f->name);
	if (kind == STABLE_UNSAID) {
		hw_error("%s:%d: %s: expected \"yes\", \"equivalent REASON\" or \"no REASON\"",
			 file, f->line, f->name);
		hw_hint("with \"equivalent\" the reason says how mainline did it, and why that is not taken");
		return -1;
	}
	w = xpush(s->w, s->n);
	w->base = *base ? xstrdup(base + 1) : NULL;
	w->kind = kind;
	w->why = xstrdup(why);
	for (c = w->why; *c; c++)
		if (*c == '\n')
			*c = ' ';
	return 0;
}

void stable_free(struct stable_words *s)
{
	size_t i;

	for (i = 0; i < s->n; i++) {
		free(s->w[i].base);
		free(s->w[i].why);
	}
	free(s->w);
	memset(s, 0, sizeof(*s));
}

const struct stable_word *stable_on(const struct stable_words *s, const char *base)
{
	static const struct stable_word unsaid = { .why = (char *)"" };
	const struct stable_word *found = &unsaid;
	size_t i;

	for (i = 0; i < s->n; i++) {
		if (!s->w[i].base)
			found = &s->w[i];
		else if (!strcmp(s->w[i].base, base))
			return &s->w[i];
	}
	return found;
}
