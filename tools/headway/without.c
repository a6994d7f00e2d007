// SPDX-License-Identifier: GPL-2.0-only
/* Three ways to take one change out of an integration branch. */
#include <stdlib.h>
#include <string.h>

#include "commit.h"
#include "headway.h"
#include "mail.h"
#include "merge.h"
#include "without.h"
#include "xalloc.h"

const char *without_means_name(enum without_means m)
{
	static const char *const names[] = {
		[WITHOUT_LEFT_OUT] = "left-out",
		[WITHOUT_UNDONE] = "undone",
		[WITHOUT_DEPENDENTS] = "dependents",
	};

	return names[m];
}

static const struct cell *find_cell(const struct fork *f, const char *change)
{
	size_t i, j;

	for (i = 0; i < f->n_branches; i++)
		for (j = 0; j < f->branches[i].n_cells; j++) {
			const struct cell *c = &f->branches[i].cells[j];
			size_t n = strlen(c->topic->name);

			if (!strncmp(change, c->topic->name, n) &&
			    change[n] == '/' &&
			    !strcmp(change + n + 1, c->change->name))
				return c;
		}
	return NULL;
}

static int parent_tree(git_repository *repo, const git_oid *commit, git_oid *out)
{
	git_commit *c = NULL;
	int err;

	err = git_commit_lookup(&c, repo, commit);
	if (err)
		err = hw_git_error("cannot read a commit");
	else
		err = commit_tree_id(repo, git_commit_parent_id(c, 0), out);
	git_commit_free(c);
	return err;
}

/* Commit @tree on @tip, which moves, at the date of @tip. */
static int commit_undone(git_repository *repo, git_oid *tip, const git_oid *tree,
			 char *message)
{
	struct mail mail = { .name = HEADWAY_NAME, .email = HEADWAY_EMAIL,
			     .message = message };
	git_commit *c = NULL;
	git_oid on = *tip;

	if (git_commit_lookup(&c, repo, tip))
		return hw_git_error("cannot read a commit");
	mail.when = git_commit_author(c)->when;
	git_commit_free(c);
	return commit_mail(repo, &on, tree, &mail, tip);
}

/*
 * Take the change of @cell back on top of @f's integration: a merge in which the
 * change is what was there before, and its parent is the other side. Returns 1
 * if that conflicts.
 */
static int undo(git_repository *repo, struct fork *f, const struct cell *cell)
{
	struct conflicts conflicts = { 0 };
	git_oid base, ours, theirs, tree;
	char *message;
	int r;

	if (commit_tree_id(repo, &cell->commit, &base) ||
	    commit_tree_id(repo, &f->integration, &ours) ||
	    parent_tree(repo, &cell->commit, &theirs))
		return -1;
	r = merge_trees(repo, &base, &ours, &theirs, NULL, &tree, &conflicts);
	conflicts_free(&conflicts);
	if (r)
		return r;
	message = xasprintf("Undo %s/%s\n", cell->topic->name, cell->change->name);
	r = commit_undone(repo, &f->integration, &tree, message);
	free(message);
	return r;
}

static bool whole(const struct fork *f)
{
	return !f->n_fails && f->integrated;
}

int without_build(git_repository *repo, const struct topics *ts, const char *base,
		  const char *change, struct resolutions *memory,
		  struct fork *out, enum without_means *means)
{
	struct fork_options fo = { .memory = memory };
	const struct cell *cell;
	bool has_users;
	int r;

	if (fork_build(repo, ts, base, &fo, out))
		return -1;
	cell = find_cell(out, change);
	if (!whole(out) || cell->state != CELL_CARRIED)
		return 1;
	fo.without = change;
	has_users = cell->change->users.n;
	fork_free(out);
	if (has_users)
		goto dependents;

	*means = WITHOUT_LEFT_OUT;
	if (fork_build(repo, ts, base, &fo, out))
		return -1;
	if (whole(out))
		return 0;
	fork_free(out);

	*means = WITHOUT_UNDONE;
	fo.without = NULL;
	if (fork_build(repo, ts, base, &fo, out))
		return -1;
	r = undo(repo, out, find_cell(out, change));
	if (r <= 0)
		return r;
	fork_free(out);

dependents:
	*means = WITHOUT_DEPENDENTS;
	fo.without = change;
	fo.drop = true;
	return fork_build(repo, ts, base, &fo, out);
}
