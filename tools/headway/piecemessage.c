// SPDX-License-Identifier: GPL-2.0-only
/* The message of a commit as it goes upstream: what stable asks for, who signs off. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plan.h"
#include "trailer.h"
#include "xalloc.h"

/* @text in brackets, in lines that a message may have. */
static char *bracket(const char *text)
{
	char *out = xasprintf("[ %s ]", text), *blank = NULL, *p, *line = out;

	for (p = out; *p; p++) {
		if (*p == ' ' && p - line <= 73 && p[1] != ']')
			blank = p;
		if (p - line >= 73 && blank) {
			*blank = '\n';
			line = blank + 1;
			blank = NULL;
		}
	}
	return out;
}

/* "6.1", "6.1 and 6.12": the older bases that carry @c, the caller's to free. */
static char *older_carriers(const struct plan *p, const struct change *c)
{
	char *out = NULL, *more;
	size_t i;

	for (i = p->n_forks; i-- > 1;) {
		const char *base = p->forks[i].base;
		const struct claim *cl = change_claim(c, base);

		if (cl && cl->state != CELL_CARRIED)
			continue;
		more = out ? xasprintf("%s and %s", out, base) : xstrdup(base);
		free(out);
		out = more;
	}
	return out;
}

/* Where a patch for stable comes from: the first line that stable asks for. */
static char *stable_origin(const struct plan *p, const struct outgoing *s,
			   const struct piece *piece)
{
	const struct change *c = piece->cell->change;
	const struct claim *cl = change_claim(c, p->forks[0].base);
	const struct stable_word *word = stable_on(&c->stable, s->fork->base);
	char *bases, *out;

	if (piece->upstream)
		return xasprintf("Upstream commit %s", piece->upstream);
	if (word->kind == STABLE_EQUIVALENT)
		return xasprintf("Not a backport: %s", word->why);
	if (cl && cl->state == CELL_NOT_NEEDED) {
		bases = older_carriers(p, c);
		out = xasprintf("For %s alone: mainline does not need it: %s", bases,
				cl->why);
		free(bases);
		return out;
	}
	return xasprintf("In mainline %s", cl ? cl->why : "already");
}

/*
 * The oldest base whose stable kernels are to have @c once mainline has it; NULL:
 * none. The bases stand in the plan from the newest to the oldest.
 */
static const char *stable_since(const struct plan *p, const struct change *c)
{
	size_t i;

	for (i = p->n_forks; i-- > 1;) {
		const char *base = p->forks[i].base;
		const struct claim *cl = change_claim(c, base);

		if ((!cl || cl->state == CELL_CARRIED) &&
		    stable_on(&c->stable, base)->kind == STABLE_YES)
			return base;
	}
	return NULL;
}

char *piece_message(const struct plan *p, const struct outgoing *s,
		    const struct piece *piece, const char *message)
{
	const char *since = s->stable ? s->fork->base :
			    stable_since(p, piece->cell->change);
	char *text = xstrdup(message), *why, *note, *tag;

	if (s->stable) {
		why = stable_origin(p, s, piece);
		note = bracket(why);
		text = message_prepend(text, note);
		free(note);
		free(why);
	}
	if (since && !strstr(text, "stable@vger.kernel.org")) {
		tag = xasprintf("Cc: stable@vger.kernel.org # %s.x", since);
		text = message_add_trailer(text, tag);
		free(tag);
	}
	if (p->name) {
		tag = xasprintf("Signed-off-by: %s <%s>", p->name, p->email);
		text = message_add_trailer(text, tag);
		free(tag);
	}
	return text;
}
