// SPDX-License-Identifier: GPL-2.0-only
/* The fork of one base: topic branches and integration, in memory. */
#include <stdlib.h>
#include <string.h>

#include "cell.h"
#include "commit.h"
#include "fork.h"
#include "headway.h"
#include "xalloc.h"

int fork_base_commit(git_repository *repo, const char *base, git_oid *out)
{
	char *ref = xasprintf("refs/heads/%s/base", base);
	int err = git_reference_name_to_id(out, repo, ref);

	free(ref);
	if (!err)
		return 0;
	hw_set_exit(HW_BAD_INPUT);
	hw_error("base %s is not imported", base);
	hw_hint("headway import %s", base);
	return -1;
}

/* Is @cell the change @name, "TOPIC/CHANGE"? */
static bool is_named(const struct cell *cell, const char *name)
{
	size_t n = strlen(cell->topic->name);

	return !strncmp(name, cell->topic->name, n) && name[n] == '/' &&
	       !strcmp(name + n + 1, cell->change->name);
}

static bool left_out(const struct builder *b, struct cell *cell)
{
	size_t i;

	if (b->opts->without && is_named(cell, b->opts->without))
		return true;
	for (i = 0; i < b->users.n && !cell->dropped; i++)
		cell->dropped = is_named(cell, b->users.v[i]);
	return cell->dropped;
}

/* @cell is not in: nor may be what would not compile, which comes after it. */
static void leave_out_users(struct builder *b, const struct cell *cell)
{
	size_t i;

	for (i = 0; b->opts->drop && i < cell->change->users.n; i++)
		strlist_add(&b->users, cell->change->users.v[i]);
}

static int build_cells(struct builder *b, struct branch *br)
{
	size_t i;

	for (i = 0; i < br->topic->n_changes; i++) {
		struct cell *cell = xpush(br->cells, br->n_cells);

		cell->topic = br->topic;
		cell->change = &br->topic->changes[i];
		if (left_out(b, cell)) {
			cell->state = CELL_NOT_NEEDED;
			cell->why = xstrdup("left out on request");
			leave_out_users(b, cell);
			continue;
		}
		if (cell_build(b, br, cell))
			return -1;
		if (cell->state == CELL_FAILS && b->opts->drop) {
			cell->state = CELL_NOT_NEEDED;
			cell->dropped = true;
			leave_out_users(b, cell);
		} else if (cell->state == CELL_FAILS) {
			br->ok = b->opts->linear;
			b->fork->n_fails++;
		}
	}
	return 0;
}

static bool depends_on(const struct topics *ts, const struct topic *t,
		       const struct topic *d)
{
	size_t i;

	for (i = 0; i < t->depends.n; i++) {
		const struct topic *direct = topics_find(ts, t->depends.v[i]);

		if (direct == d || depends_on(ts, direct, d))
			return true;
	}
	return false;
}

static size_t count_depends(const struct topics *ts, const struct topic *t)
{
	size_t i, n = 0;

	for (i = 0; i < ts->n; i++)
		n += depends_on(ts, t, &ts->t[i]);
	return n;
}

/* Merge @br into @tip; 1 with br->conflicts if it cannot be. */
static int merge_branch(const struct builder *b, struct branch *br,
			const char *into, git_oid *tip)
{
	git_oid base, ours, theirs, merged, commit;
	char *msg;
	int r;

	if (git_oid_equal(&br->tip, &br->start))
		return 0;
	if (commit_tree_id(b->repo, &br->start, &base) ||
	    commit_tree_id(b->repo, tip, &ours) ||
	    commit_tree_id(b->repo, &br->tip, &theirs))
		return -1;
	r = merge_trees(b->repo, &base, &ours, &theirs, b->opts->memory,
			&merged, &br->conflicts);
	if (r)
		return r;
	msg = xasprintf("Merge topic %s into %s\n\n%s\n", br->topic->name, into,
			br->topic->title);
	r = commit_merge(b->repo, tip, &br->tip, &merged, msg, &commit);
	free(msg);
	if (!r)
		*tip = commit;
	return r;
}

/*
 * Where the branch begins: the base, or the branches that it depends on, each
 * after those that it depends on itself. A branch that has all merged so far in
 * it is taken as it is.
 */
static int start_branch(const struct builder *b, struct branch *br,
			const struct topic **missing)
{
	char *into = xasprintf("%s/topic/%s", b->fork->base, br->topic->name);
	size_t i, merged = 0;
	int r = 0;

	br->start = b->fork->base_commit;
	for (i = 0; !r && i + 1 < b->fork->n_branches; i++) {
		struct branch *d = &b->fork->branches[i];

		if (!depends_on(b->topics, br->topic, d->topic))
			continue;
		if (!d->ok)
			r = 1;
		else if (merged == count_depends(b->topics, d->topic))
			br->start = d->tip;
		else
			r = merge_branch(b, d, into, &br->start);
		if (r == 1)
			*missing = d->topic;
		merged++;
	}
	br->tip = br->start;
	free(into);
	return r < 0 ? r : 0;
}

static void fail_all(const struct builder *b, struct branch *br,
		     const struct topic *missing)
{
	size_t i;

	br->ok = false;
	for (i = 0; i < br->topic->n_changes; i++) {
		struct cell *cell = xpush(br->cells, br->n_cells);

		cell->topic = br->topic;
		cell->change = &br->topic->changes[i];
		cell->state = CELL_FAILS;
		cell->why = xasprintf("topic %s, which this one depends on, fails or conflicts\n",
				      missing->name);
		b->fork->n_fails++;
	}
}

static int build_branch(struct builder *b, const struct topic *t)
{
	struct branch *br = xpush(b->fork->branches, b->fork->n_branches);
	const struct topic *missing = NULL;

	br->topic = t;
	br->ok = true;
	if (b->opts->linear) {
		br->start = b->fork->integration;
		br->tip = br->start;
		if (build_cells(b, br))
			return -1;
		b->fork->integration = br->tip;
		b->fork->integrated = true;
		return 0;
	}
	if (start_branch(b, br, &missing))
		return -1;
	if (!missing)
		return build_cells(b, br);
	fail_all(b, br, missing);
	return 0;
}

static int integrate(const struct builder *b)
{
	struct fork *f = b->fork;
	char *into = xasprintf("%s/integration", f->base);
	size_t i;
	int r = 0;

	f->integration = f->base_commit;
	f->integrated = true;
	for (i = 0; r >= 0 && i < f->n_branches; i++) {
		if (!f->branches[i].ok)
			continue;
		r = merge_branch(b, &f->branches[i], into, &f->integration);
		if (r == 1)
			f->integrated = false;
	}
	free(into);
	return r < 0 ? -1 : 0;
}

int fork_build(git_repository *repo, const struct topics *ts, const char *base,
	       const struct fork_options *opts, struct fork *out)
{
	struct builder b = { .repo = repo, .topics = ts, .opts = opts,
			     .fork = out };
	size_t i;
	int r;

	memset(out, 0, sizeof(*out));
	out->base = base;
	if (opts->onto)
		out->base_commit = *opts->onto;
	else if (fork_base_commit(repo, base, &out->base_commit))
		return -1;
	if (commit_tree(repo, &out->base_commit, &b.base_tree))
		return -1;
	out->integration = out->base_commit;
	for (i = 0, r = 0; !r && i < ts->n; i++)
		r = build_branch(&b, &ts->t[i]);
	if (!r && !opts->linear)
		r = integrate(&b);
	strlist_free(&b.users);
	git_tree_free(b.base_tree);
	return r;
}

int fork_check_memory(const struct fork *f, const struct resolutions *memory)
{
	if (f->n_fails || !f->integrated)
		return 0;
	return resolutions_check_used(memory, f->base);
}

void fork_free(struct fork *f)
{
	size_t i, j;

	for (i = 0; i < f->n_branches; i++) {
		for (j = 0; j < f->branches[i].n_cells; j++)
			cell_free(&f->branches[i].cells[j]);
		free(f->branches[i].cells);
		conflicts_free(&f->branches[i].conflicts);
	}
	free(f->branches);
	memset(f, 0, sizeof(*f));
}
