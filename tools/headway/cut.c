// SPDX-License-Identifier: GPL-2.0-only
/*
 * Cutting series out of the topics: each on the base, or on the series that it
 * needs, and on nothing else.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commit.h"
#include "headway.h"
#include "kversion.h"
#include "merge.h"
#include "plan.h"
#include "xalloc.h"

/* Topics that @t depends on, however many topics away. */
static bool depends(const struct topics *ts, const struct topic *t,
		    const struct topic *on)
{
	size_t i;

	for (i = 0; i < t->depends.n; i++) {
		const struct topic *d = topics_find(ts, t->depends.v[i]);

		if (d == on || depends(ts, d, on))
			return true;
	}
	return false;
}

/* Does the line "#include ..." mean the header at @path? */
static bool includes(const char *added, const char *path)
{
	const char *name = strrchr(path, '/');
	const char *p = added;

	name = name ? name + 1 : path;
	while ((p = strstr(p, "#include"))) {
		size_t n;

		p += strlen("#include");
		p += strspn(p, " \t");
		if (*p != '<' && *p != '"')
			continue;
		n = strcspn(p + 1, ">\"\n");
		if (*p == '<' && !strncmp(path, "include/", 8) &&
		    strlen(path + 8) == n && !strncmp(p + 1, path + 8, n))
			return true;
		if (*p == '"' && strlen(name) == n && !strncmp(p + 1, name, n))
			return true;
	}
	return false;
}

/* A header of ours that one series brings and the other includes. */
static const char *shared_header(const struct outgoing *user,
				 const struct outgoing *owner)
{
	size_t i, j, k;

	for (i = 0; i < owner->n; i++) {
		const struct strlist *f = &owner->p[i].cell->change->files;

		for (j = 0; j < f->n; j++) {
			size_t len = strlen(f->v[j]);

			if (len < 2 || strcmp(f->v[j] + len - 2, ".h"))
				continue;
			for (k = 0; k < user->n; k++)
				if (includes(user->p[k].added, f->v[j]))
					return f->v[j];
		}
	}
	return NULL;
}

/* @why is taken over; the first reason stays. */
static void refuse(struct outgoing *s, char *why)
{
	if (s->refused)
		free(why);
	else
		s->refused = why;
}

static void find_needs(struct plan *p, size_t i)
{
	struct outgoing *s = &p->s[i];
	size_t j;

	for (j = 0; j < p->n; j++) {
		const struct outgoing *o = &p->s[j];
		const char *header;

		if (j == i || o->fork != s->fork)
			continue;
		header = shared_header(s, o);
		if (header && s->part && o->topic == s->topic && !o->part)
			refuse(s, xasprintf("it includes %s, which part %s does not have",
					    header, s->part));
		else if (header)
			plan_need(s, j, "it includes %s", header);
		else if (o->part && o->topic == s->topic && !s->part)
			plan_need(s, j, "part %s of its topic goes first", o->part);
		/* Stable takes what applies and compiles, topic or not; so does a part. */
		else if (!s->stable && !s->part &&
			 depends(p->topics, s->topic, o->topic))
			plan_need(s, j, "topic %s depends on %s", s->topic->name,
				  o->topic->name);
	}
}

/* Commit @tree on @parent as @like's author would, were they the sender. */
static int commit_piece(const struct plan *p, const struct outgoing *s,
			const struct piece *piece, git_commit *like,
			const git_oid *parent, const git_oid *tree, git_oid *out)
{
	struct mail m = {
		.name = (char *)(p->name ? p->name : HEADWAY_NAME),
		.email = (char *)(p->name ? p->email : HEADWAY_EMAIL),
		.when = git_commit_author(like)->when,
	};
	int err;

	m.message = piece_message(p, s, piece, git_commit_message(like));
	err = commit_mail(p->repo, parent, tree, &m, out);
	free(m.message);
	return err;
}

static char *conflict_text(const struct piece *piece, const struct conflicts *cs)
{
	return xasprintf("%s/%s does not apply by itself: conflict in %s",
			 piece->cell->topic->name, piece->cell->change->name,
			 cs->n ? cs->c[0].path : "a tree");
}

/*
 * Put @piece on top of @tip, which moves. Returns 0; 1 with @why if it does not
 * apply there; -1 after a message.
 */
static int replay(const struct plan *p, const struct outgoing *s,
		  struct piece *piece, git_oid *tip, char **why)
{
	struct conflicts conflicts = { 0 };
	git_commit *c = NULL;
	git_oid before, ours, tree;
	int r = -1;

	if (git_commit_lookup(&c, p->repo, &piece->cell->commit)) {
		hw_git_error("change %s", piece->cell->change->name);
	} else if (!commit_tree_id(p->repo, git_commit_parent_id(c, 0), &before) &&
		   !commit_tree_id(p->repo, tip, &ours)) {
		r = merge_trees(p->repo, &before, &ours, git_commit_tree_id(c),
				NULL, &tree, &conflicts);
		if (r == 1)
			*why = conflict_text(piece, &conflicts);
	}
	if (!r)
		r = kversion_resolve_tree(p->repo, &tree, &piece->cell->change->files,
					  s->version);
	if (!r && git_oid_equal(&tree, &ours)) {
		*why = xasprintf("%s/%s changes nothing here", piece->cell->topic->name,
				 piece->cell->change->name);
		r = 1;
	}
	if (!r) {
		piece->parent = *tip;
		r = commit_piece(p, s, piece, c, tip, &tree, &piece->made);
		*tip = piece->made;
	}
	conflicts_free(&conflicts);
	git_commit_free(c);
	return r;
}

static int replay_all(const struct plan *p, struct outgoing *s, git_oid *tip,
		      char **why)
{
	size_t i;
	int r = 0;

	for (i = 0; !r && i < s->n; i++)
		r = replay(p, s, &s->p[i], tip, why);
	return r;
}

/* The same for a series that another one stands on: its own commits stay. */
static int replay_below(const struct plan *p, const struct outgoing *s,
			git_oid *tip, char **why)
{
	size_t i;
	int r = 0;

	for (i = 0; !r && i < s->n; i++) {
		struct piece copy = s->p[i];

		r = replay(p, s, &copy, tip, why);
	}
	return r;
}

/* Why @s cannot be cut out whatever it applies to: what it needs cannot. Or NULL. */
static char *blocked(const struct plan *p, const struct outgoing *s)
{
	size_t *order = xcalloc(p->n, sizeof(*order)), n, i;
	char *why = NULL;

	n = plan_below(p, s, order);
	for (i = 0; i < n && !why; i++)
		if (p->s[order[i]].refused)
			why = xasprintf("what it needs of topic %s cannot be cut out",
					p->s[order[i]].topic->name);
	free(order);
	return why;
}

/* The commits of @s, on what it needs. Returns as replay() does. */
static int cut(struct plan *p, struct outgoing *s, char **why)
{
	size_t *order = xcalloc(p->n, sizeof(*order)), n, i;
	int r = 0;

	*why = blocked(p, s);
	if (*why)
		r = 1;
	n = plan_below(p, s, order);
	s->start = s->fork->base_commit;
	for (i = 0; !r && i < n; i++) {
		const struct outgoing *o = &p->s[order[i]];

		r = replay_below(p, o, &s->start, why);
	}
	s->tip = s->start;
	if (!r)
		r = replay_all(p, s, &s->tip, why);
	free(order);
	return r;
}

/* Does the series @above stand on the series @below? */
static bool is_below(const struct plan *p, size_t below, size_t above)
{
	size_t *order = xcalloc(p->n, sizeof(*order)), n, i;
	bool yes = false;

	n = plan_below(p, &p->s[above], order);
	for (i = 0; i < n; i++)
		yes |= order[i] == below;
	free(order);
	return yes;
}

/* A part stands by itself: it is no help to the others, nor they to it. */
static bool siblings(const struct plan *p, size_t i, size_t j)
{
	return i != j && !p->s[i].part && !p->s[j].part &&
	       p->s[i].fork == p->s[j].fork && p->s[i].topic == p->s[j].topic &&
	       !p->s[j].refused;
}

static void forget_need(struct outgoing *s, size_t k)
{
	free(s->needs[k].why);
	memmove(&s->needs[k], &s->needs[k + 1],
		(--s->n_needs - k) * sizeof(*s->needs));
}

/*
 * The series does not apply on what it is known to need: add what else its topic
 * has, the nearest before it first, and then take away what it was not.
 */
static int cut_on_siblings(struct plan *p, size_t i, char **why)
{
	struct outgoing *s = &p->s[i];
	size_t j, known = s->n_needs;
	int r = 1;

	for (j = p->n; r == 1 && j-- > 0;) {
		char *again = NULL;

		if (!siblings(p, i, j) || is_below(p, i, j))
			continue;
		plan_need(s, j, "%s", *why);
		r = cut(p, s, &again);
		free(again);
	}
	for (j = s->n_needs; r >= 0 && j-- > known;) {
		struct need need = s->needs[j];
		char *again = NULL;

		need.why = xstrdup(need.why);
		forget_need(s, j);
		if (r != 1 && cut(p, s, &again) == 1)
			plan_need(s, need.series, "%s", need.why);
		free(again);
		free(need.why);
	}
	if (!r) {
		free(*why);
		r = cut(p, s, why);
	}
	return r;
}

static bool needs(const struct outgoing *s, size_t series)
{
	size_t i;

	for (i = 0; i < s->n_needs; i++)
		if (s->needs[i].series == series)
			return true;
	return false;
}

/* Two series that need each other are one: put the commits of @from into @to. */
static void join(struct plan *p, size_t to, size_t from)
{
	struct outgoing *a = &p->s[to], *b = &p->s[from];
	size_t n = 0, i = 0, j = 0, k;
	struct piece *all = NULL;

	while (i < a->n || j < b->n) {
		bool first = j == b->n ||
			     (i < a->n && a->p[i].cell < b->p[j].cell);

		*xpush(all, n) = first ? a->p[i++] : b->p[j++];
	}
	free(a->p);
	a->p = all;
	a->n = n;
	b->n = 0;
	b->refused = xstrdup("it became a part of another one: each needs the other");
	while (b->n_needs) {
		plan_need(a, b->needs[0].series, "%s", b->needs[0].why);
		forget_need(b, 0);
	}
	for (i = 0; i < p->n; i++)
		for (k = p->s[i].n_needs; k-- > 0;) {
			struct outgoing *s = &p->s[i];

			if (s->needs[k].series == from && needs(s, to))
				forget_need(s, k);
			else if (s->needs[k].series == from)
				s->needs[k].series = to;
			if (k < s->n_needs && s->needs[k].series == i)
				forget_need(s, k);
		}
}

static void join_cycles(struct plan *p)
{
	size_t i, j;

	for (i = 0; i < p->n; i++)
		for (j = i + 1; j < p->n; j++)
			if (is_below(p, i, j) && is_below(p, j, i))
				join(p, i, j);
}

static int cut_series(struct plan *p, size_t i)
{
	struct outgoing *s = &p->s[i];
	char *why = blocked(p, s);
	size_t j;
	int r;

	/* What else its topic has would not help. */
	if (why) {
		s->refused = why;
		return 0;
	}
	r = cut(p, s, &why);
	if (r == 1)
		r = cut_on_siblings(p, i, &why);
	if (r != 1) {
		free(why);
		return r;
	}
	/* Only the whole topic may do. */
	for (j = 0; j < p->n; j++)
		if (siblings(p, i, j)) {
			free(why);
			join(p, i < j ? i : j, i < j ? j : i);
			return cut_series(p, i < j ? i : j);
		}
	s->refused = why;
	return 0;
}

static int find_version(const struct plan *p, struct outgoing *s)
{
	git_tree *tree = NULL;

	if (commit_tree(p->repo, &s->fork->base_commit, &tree))
		return -1;
	s->version = kversion_of(p->repo, tree);
	git_tree_free(tree);
	return 0;
}

int plan_cut_all(struct plan *p)
{
	size_t *order = xcalloc(p->n + 1, sizeof(*order)), i, j, n;
	bool *done = xcalloc(p->n + 1, sizeof(*done));
	int err = 0;

	for (i = 0; !err && i < p->n; i++) {
		find_needs(p, i);
		err = find_version(p, &p->s[i]);
	}
	join_cycles(p);
	/* What others stand on first: if it cannot be cut out, nor can they. */
	for (i = 0; !err && i < p->n; i++) {
		n = plan_below(p, &p->s[i], order);
		order[n++] = i;
		for (j = 0; !err && j < n; j++) {
			if (!done[order[j]] && !p->s[order[j]].refused)
				err = cut_series(p, order[j]);
			done[order[j]] = true;
		}
	}
	free(done);
	free(order);
	return err < 0 ? -1 : 0;
}
