// SPDX-License-Identifier: GPL-2.0-only
/* What a series is called: its name, its title, its change-id. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "hash.h"
#include "headway.h"
#include "mail.h"
#include "plan.h"
#include "seriesfile.h"
#include "xalloc.h"

/* How many series has the topic on this base, its parts not counted? */
static size_t siblings(const struct plan *p, const struct outgoing *s)
{
	size_t i, n = 0;

	for (i = 0; i < p->n; i++)
		n += p->s[i].n && !p->s[i].part && p->s[i].fork == s->fork &&
		     p->s[i].topic == s->topic;
	return n;
}

/* "PM: QoS: Do this", "PM: QoS: Do that": what all begin with, up to a colon. */
static char *common_prefix(const struct outgoing *s)
{
	const char *first = s->p[0].subject;
	size_t len = strlen(first), i, j, colon = 0;

	for (i = 1; i < s->n; i++) {
		for (j = 0; j < len && s->p[i].subject[j] == first[j]; j++)
			;
		len = j;
	}
	for (i = 0; i < len; i++)
		if (first[i] == ':')
			colon = i;
	return xstrndup(first, colon);
}

static bool name_taken(const struct plan *p, const struct outgoing *s,
		       const char *name)
{
	size_t i;

	for (i = 0; i < p->n; i++)
		if (&p->s[i] != s && p->s[i].name && !strcmp(p->s[i].name, name))
			return true;
	return false;
}

static void give_name(const struct plan *p, struct outgoing *s)
{
	const char *base = s->stable ? s->fork->base : "";
	const char *slash = s->stable ? "/" : "";
	char *prefix = common_prefix(s), *slug = NULL;
	char *name;
	int i = 1;

	if (siblings(p, s) > 1)
		slug = mail_slug(prefix);
	if (!slug || !*slug) {
		free(slug);
		slug = xstrdup(s->topic->name);
	}
	if (s->part) {
		name = xasprintf("%s-%s", slug, s->part);
		free(slug);
		slug = name;
	}
	name = xasprintf("%s%s%s", base, slash, slug);
	while (name_taken(p, s, name)) {
		free(name);
		name = xasprintf("%s%s%s-%d", base, slash, slug, ++i);
	}
	s->name = name;
	free(slug);
	free(prefix);
}

/*
 * The topic's change-id is that of its one series for mainline. Where it has more,
 * each gets one of its own that does not depend on anything but who owns it, and
 * on the name of the part.
 */
static char *make_change_id(const struct plan *p, const struct outgoing *s)
{
	const char *id = s->topic->change_id;
	const char *dash = strrchr(id, '-');
	char hex[SHA256_HEX + 1];
	struct hash *h;
	char *text;

	if (!s->stable && !s->part && siblings(p, s) == 1)
		return xstrdup(id);
	text = xasprintf("%s\n%s\n%s\n%s%s", id, s->entry,
			 s->stable ? s->fork->base : "", s->part ? s->part : "",
			 s->part ? "\n" : "");
	h = hash_new(HASH_SHA256);
	hash_update(h, text, strlen(text));
	hash_hex(h, hex);
	hash_free(h);
	free(text);
	return xasprintf("%.*s-%.12s", (int)(dash ? dash - id : (long)strlen(id)),
			 id, hex);
}

static int give_text(const struct plan *p, struct outgoing *s)
{
	struct series_text own = { 0 }, all = { 0 };
	const struct topic *t = s->topic;
	int err = 0;

	if (s->stable)
		err = seriesfile_text(t, s->entry, NULL, s->fork->base, &own);
	if (!err)
		err = seriesfile_text(t, s->entry, s->part, NULL, &all);
	/* The topic's own words are about the rest. */
	if (!err && s->part && (!all.title || !all.cover)) {
		hw_set_exit(HW_BAD_INPUT);
		err = hw_error("%s/series: no title and cover for part %s of \"%s\"",
			       t->dir, s->part, s->entry);
		hw_hint("a paragraph with Entry, Part, Title and Cover (owners as in %s)",
			p->forks[0].base);
	}
	if (!err) {
		s->title = xstrdup(own.title ? own.title :
				   all.title ? all.title : t->title);
		s->cover = xstrdup(own.cover ? own.cover :
				   all.cover ? all.cover : t->cover);
		if (own.change_id || (all.change_id && !s->stable))
			s->change_id = xstrdup(own.change_id ? own.change_id :
							       all.change_id);
		else
			s->change_id = make_change_id(p, s);
	}
	series_text_free(&own);
	series_text_free(&all);
	return err;
}

int plan_name_all(struct plan *p)
{
	int err = hash_init();
	size_t i;

	for (i = 0; !err && i < p->n; i++) {
		if (!p->s[i].n)
			continue;
		give_name(p, &p->s[i]);
		err = give_text(p, &p->s[i]);
	}
	return err;
}
