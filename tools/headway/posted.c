// SPDX-License-Identifier: GPL-2.0-only
/* Which changes were posted. */
#include <stdlib.h>
#include <string.h>

#include "commit.h"
#include "headway.h"
#include "posted.h"
#include "run.h"
#include "sent.h"
#include "upstream.h"
#include "xalloc.h"

bool posted_any(git_repository *repo)
{
	struct strlist ids = { 0 };
	bool any = !sent_all(repo, &ids) && ids.n;

	strlist_free(&ids);
	return any;
}

/* @change, "TOPIC/NAME", as it would be sent today; NULL: in no series. */
static const struct piece *piece_today(const struct plan *p, const struct sent *s,
				       const char *change)
{
	size_t i, j;

	for (i = 0; i < p->n; i++) {
		const struct outgoing *o = &p->s[i];
		size_t len = strlen(o->topic->name);

		if (strcmp(o->change_id, s->change_id) || o->refused ||
		    strncmp(change, o->topic->name, len) || change[len] != '/')
			continue;
		for (j = 0; j < o->n; j++)
			if (!strcmp(o->p[j].cell->change->name, change + len + 1))
				return &o->p[j];
	}
	return NULL;
}

/* Is patch @i of @s as it would be sent today? 1 or 0; -1 after a message. */
static int is_as_sent(const struct plan *p, const struct sent *s, size_t i)
{
	const struct piece *today = piece_today(p, s, s->p[i].change);
	git_oid then, a, b;

	if (!today)
		return 0;
	if (sent_commit(p->repo, s, i, &then) ||
	    commit_patch_id(p->repo, &then, &a) ||
	    commit_patch_id(p->repo, &today->made, &b))
		return -1;
	return git_oid_equal(&a, &b);
}

/* 0 if the public-inbox has the mail @id at @link, or -1 after a message. */
static int is_public(const char *link, const char *id)
{
	char *raw = xasprintf("%sraw", link);
	const char *argv[] = { "curl", "-sSfL", "--max-time", "60", "--", raw, NULL };
	struct run_result res;
	int err = run_child(argv, NULL, &res);
	bool none = false;

	if (!err && res.status) {
		none = res.status == 22;
		err = hw_error("%s: %.*s", raw, (int)strcspn(res.err, "\n"), res.err);
	} else if (!err && !strstr(res.out, id)) {
		none = true;
		err = hw_error("%s: this is not the mail %s", raw, id);
	}
	if (err)
		hw_set_exit(none ? HW_FINDING : HW_ENV);
	if (none)
		hw_hint("what was sent is not in that archive: it is not public (yet)");
	run_result_free(&res);
	free(raw);
	return err;
}

static struct change *find_change(struct topics *ts, const char *name)
{
	size_t i;

	for (i = 0; i < ts->n; i++) {
		size_t len = strlen(ts->t[i].name);

		if (!strncmp(name, ts->t[i].name, len) && name[len] == '/')
			return topic_find(&ts->t[i], name + len + 1);
	}
	return NULL;
}

/* "https://host/list/" and "<id@host>": the page of that message */
static char *link_to(const char *archive, const char *id)
{
	size_t len = strlen(archive);

	while (len && archive[len - 1] == '/')
		len--;
	id += *id == '<';
	return xasprintf("%.*s/%.*s/", (int)len, archive, (int)strcspn(id, ">"), id);
}

static int mark(struct topics *ts, const struct plan *p, const struct sent *s,
		const char *archive)
{
	int as_sent, err = 0;
	size_t i;

	for (i = 0; !err && i < s->n; i++) {
		struct change *c = find_change(ts, s->p[i].change);
		char *link;

		if (!c || c->origin.kind != ORIGIN_OWN)
			continue;
		as_sent = is_as_sent(p, s, i);
		if (as_sent < 0)
			return -1;
		if (!as_sent) {
			hw_say("%s: not as it was sent (v%d): no FROMLIST", s->p[i].change,
			       s->revision);
			continue;
		}
		link = link_to(archive, s->p[i].message_id);
		err = is_public(link, s->p[i].message_id);
		if (err) {
			free(link);
			continue;
		}
		c->origin.kind = ORIGIN_LIST;
		c->origin.link = link;
	}
	return err;
}

int posted_mark(struct topics *ts, const char *archive)
{
	struct upstream u = { .lock = HW_LOCK_INIT };
	struct strlist ids = { 0 };
	size_t i;
	int err;

	err = upstream_open(&u, false);
	if (!err)
		err = sent_all(u.repo, &ids);
	for (i = 0; !err && i < ids.n; i++) {
		struct sent s;

		err = sent_last(u.repo, ids.v[i], &s);
		if (!err)
			err = mark(ts, &u.plan, &s, archive);
		sent_free(&s);
	}
	strlist_free(&ids);
	upstream_close(&u);
	return err;
}
