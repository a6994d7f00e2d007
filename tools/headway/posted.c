// SPDX-License-Identifier: GPL-2.0-only
/* Which changes were posted. */
#include <stdlib.h>
#include <string.h>

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

/* The patch-id of @commit against its parent, which it must have. 0, or -1. */
static int patch_id(git_repository *repo, const git_oid *commit, git_oid *out)
{
	git_tree *before = NULL, *after = NULL;
	git_commit *c = NULL, *parent = NULL;
	git_diff *diff = NULL;
	int err;

	err = git_commit_lookup(&c, repo, commit);
	if (!err)
		err = git_commit_parent(&parent, c, 0);
	if (!err)
		err = git_commit_tree(&before, parent);
	if (!err)
		err = git_commit_tree(&after, c);
	if (!err)
		err = git_diff_tree_to_tree(&diff, repo, before, after, NULL);
	if (!err)
		err = git_diff_patchid(out, diff, NULL);
	git_diff_free(diff);
	git_tree_free(before);
	git_tree_free(after);
	git_commit_free(parent);
	git_commit_free(c);
	return err ? -1 : 0;
}

/* The commit of patch @i of @s: what was sent ends at the tip. 0, or -1. */
static int sent_commit(git_repository *repo, const struct sent *s, size_t i, git_oid *out)
{
	git_commit *tip = NULL, *c = NULL;
	int err;

	err = git_commit_lookup(&tip, repo, &s->tip);
	if (!err)
		err = git_commit_nth_gen_ancestor(&c, tip, s->n - 1 - i);
	if (!err)
		git_oid_cpy(out, git_commit_id(c));
	git_commit_free(c);
	git_commit_free(tip);
	return err ? -1 : 0;
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

static bool is_as_sent(const struct plan *p, const struct sent *s, size_t i)
{
	const struct piece *today = piece_today(p, s, s->p[i].change);
	git_oid then, a, b;

	return today && !sent_commit(p->repo, s, i, &then) &&
	       !patch_id(p->repo, &then, &a) &&
	       !patch_id(p->repo, &today->made, &b) && git_oid_equal(&a, &b);
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
	size_t i;
	int err = 0;

	for (i = 0; !err && i < s->n; i++) {
		struct change *c = find_change(ts, s->p[i].change);
		char *link;

		if (!c || c->origin.kind != ORIGIN_OWN)
			continue;
		if (!is_as_sent(p, s, i)) {
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
