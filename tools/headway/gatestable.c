// SPDX-License-Identifier: GPL-2.0-only
/*
 * The gates of a series for stable, after the base's own
 * Documentation/process/stable-kernel-rules.rst.
 */
#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "gate.h"
#include "headway.h"
#include "xalloc.h"

/* "It cannot be bigger than 100 lines, with context." */
#define STABLE_LINES 100

/* "a", "a, b": @list is taken over. */
static char *name_too(char *list, const char *name)
{
	char *out = list ? xasprintf("%s, %s", list, name) : xstrdup(name);

	free(list);
	return out;
}

/*
 * A change that mainline has is there under an id, or the topic says why what
 * mainline did is not what goes to stable.
 */
static bool knows_origin(const struct plan *p, const struct outgoing *s, size_t i)
{
	const struct change *c = s->p[i].cell->change;
	const struct claim *cl = change_claim(c, p->forks[0].base);

	return s->p[i].upstream || !cl || cl->state != CELL_UPSTREAM ||
	       stable_on(&c->stable, s->fork->base)->kind == STABLE_EQUIVALENT;
}

char *gate_upstream_id(const struct plan *p, const struct outgoing *s)
{
	char *missing = NULL, *why;
	size_t i;

	for (i = 0; i < s->n; i++)
		if (!knows_origin(p, s, i))
			missing = name_too(missing, s->p[i].cell->change->name);
	if (!missing)
		return NULL;
	why = xasprintf("State-%s in %s/topic names no commit of 40 digits for %s",
			p->forks[0].base, s->topic->dir, missing);
	free(missing);
	return why;
}

/* Lines of the difference in @mail, context and all; headers do not count. */
static size_t diff_lines(const char *mail)
{
	const char *p = strstr(mail, "\n@@ ");
	size_t n = 0;

	while (p && *++p && strncmp(p, "-- \n", 4)) {
		bool header = !strncmp(p, "--- a/", 6) || !strncmp(p, "+++ b/", 6) ||
			      !strncmp(p, "--- /dev/null", 13) ||
			      !strncmp(p, "+++ /dev/null", 13);

		n += !header && strchr(" +-", *p);
		p = strchr(p, '\n');
	}
	return n;
}

/* 0; 1 with @why if the patch in @path, of @c, breaks a rule; -1 after a message. */
static int stable_patch(const char *path, const struct change *c, const char *base,
			char **why)
{
	char *mail;
	size_t n;

	if (stable_on(&c->stable, base)->kind == STABLE_UNSAID) {
		*why = xasprintf("%s: the topic does not say whether it is for stable",
				 c->name);
		return 1;
	}
	mail = file_read(path, NULL);
	if (!mail)
		return hw_errno("%s", path);
	n = diff_lines(mail);
	free(mail);
	if (n <= STABLE_LINES)
		return 0;
	*why = xasprintf("%s has %zu lines with context, %d are the limit", c->name, n,
			 STABLE_LINES);
	return 1;
}

int gate_stable_rules(const struct outgoing *s, const struct strlist *mails, char **why)
{
	char *first = NULL;
	size_t i, bad = 0;
	int r = 0;

	*why = NULL;
	for (i = 0; r >= 0 && i < s->n && i < mails->n; i++) {
		char *one = NULL;

		r = stable_patch(mails->v[i], s->p[i].cell->change, s->fork->base, &one);
		bad += r > 0;
		if (first)
			free(one);
		else
			first = one;
	}
	if (r >= 0 && bad)
		*why = xasprintf("%zu of %zu patches: %s", bad, s->n, first);
	free(first);
	return r < 0 ? -1 : 0;
}
