// SPDX-License-Identifier: GPL-2.0-only
/* The commits on a topic branch, paired with the topic's changes. */
#include <stdlib.h>
#include <string.h>

#include "headway.h"
#include "mail.h"
#include "series.h"
#include "xalloc.h"

/* More commits than this between a topic's start and its tip: a wrong start. */
#define MAX_COMMITS 1000

static int walk(git_repository *repo, const git_oid *start, const git_oid *tip,
		struct series *out)
{
	git_oid id = *tip;

	while (!git_oid_equal(&id, start)) {
		struct pair *p = xpush(out->p, out->n);

		if (git_commit_lookup(&p->commit, repo, &id))
			return hw_git_error("%s", git_oid_tostr_s(&id));
		if (git_commit_parentcount(p->commit) != 1 ||
		    out->n > MAX_COMMITS) {
			hw_set_exit(HW_FINDING);
			hw_error("commit %.12s: the branch is not a line of commits that starts at %.12s",
				 git_oid_tostr_s(&id), git_oid_tostr_s(start));
			hw_hint("rebase it: git rebase --onto %s",
				git_oid_tostr_s(start));
			return -1;
		}
		id = *git_commit_parent_id(p->commit, 0);
	}
	return 0;
}

static void turn_round(struct series *s)
{
	size_t i;

	for (i = 0; i < s->n / 2; i++) {
		struct pair swap = s->p[i];

		s->p[i] = s->p[s->n - 1 - i];
		s->p[s->n - 1 - i] = swap;
	}
}

static const struct cell *carried(const struct branch *br, size_t *i)
{
	while (*i < br->n_cells && br->cells[*i].state != CELL_CARRIED)
		(*i)++;
	return *i < br->n_cells ? &br->cells[(*i)++] : NULL;
}

static bool same_subject(git_repository *repo, const struct cell *cell,
			 const git_commit *c)
{
	git_commit *built = NULL;
	char *a, *b;
	bool same;

	if (git_commit_lookup(&built, repo, &cell->commit))
		return false;
	a = message_subject(git_commit_message(built));
	b = message_subject(git_commit_message(c));
	same = !strcmp(a, b);
	free(a);
	free(b);
	git_commit_free(built);
	return same;
}

static bool taken(const struct series *s, const struct cell *cell)
{
	size_t i;

	for (i = 0; i < s->n; i++)
		if (s->p[i].cell == cell)
			return true;
	return false;
}

static void pair_by_subject(git_repository *repo, const struct branch *br,
			    struct series *s)
{
	const struct cell *cell;
	size_t i, j;

	for (i = 0; i < s->n; i++) {
		struct pair *p = &s->p[i];

		for (j = 0; !p->cell && (cell = carried(br, &j));) {
			if (git_oid_equal(&cell->commit,
					  git_commit_id(p->commit)))
				p->same = true;
			else if (taken(s, cell) ||
				 !same_subject(repo, cell, p->commit))
				continue;
			p->cell = cell;
		}
	}
}

/* Commits between two paired ones, as many as changes there: reworded. */
static void pair_by_place(const struct branch *br, struct series *s)
{
	const struct cell *free_cells[64], *cell;
	size_t i = 0, j = 0, k, from, n;

	while (i < s->n) {
		if (s->p[i].cell) {
			i++;
			continue;
		}
		from = i;
		while (i < s->n && !s->p[i].cell)
			i++;
		/* The changes after the pair before this run, up to the next. */
		j = from ? s->p[from - 1].cell - br->cells + 1 : 0;
		for (n = 0; (cell = carried(br, &j)) && !taken(s, cell);)
			if (n < 64)
				free_cells[n++] = cell;
		for (k = 0; n == i - from && k < n; k++)
			s->p[from + k].cell = free_cells[k];
	}
}

static int check_pairs(const struct branch *br, const struct series *s)
{
	const struct cell *cell, *last = NULL;
	size_t i = 0;

	while ((cell = carried(br, &i)))
		if (!taken(s, cell)) {
			hw_set_exit(HW_FINDING);
			hw_error("change %s is not on the branch any more",
				 cell->change->name);
			hw_hint("to drop it, remove its paragraph and its patch from %s",
				br->topic->dir);
			return -1;
		}
	for (i = 0; i < s->n; i++) {
		if (!s->p[i].cell)
			continue;
		if (last && s->p[i].cell < last) {
			hw_set_exit(HW_FINDING);
			hw_error("change %s comes after %s on the branch, and before it in the topic",
				 s->p[i].cell->change->name, last->change->name);
			hw_hint("renumber the patches in %s first", br->topic->dir);
			return -1;
		}
		last = s->p[i].cell;
	}
	for (i = s->n; i-- > 0 && !s->p[i].cell;)
		;
	for (i++; i-- > 0;)
		if (i < s->n && !s->p[i].cell) {
			hw_set_exit(HW_FINDING);
			hw_error("commit \"%s\" is new and not at the end of the branch",
				 git_commit_summary(s->p[i].commit));
			hw_hint("move it to the end with git rebase -i, or make room by renumbering the patches in %s",
				br->topic->dir);
			return -1;
		}
	return 0;
}

int series_read(git_repository *repo, const struct branch *br,
		const git_oid *tip, struct series *out)
{
	memset(out, 0, sizeof(*out));
	if (walk(repo, &br->start, tip, out))
		return -1;
	turn_round(out);
	pair_by_subject(repo, br, out);
	pair_by_place(br, out);
	return check_pairs(br, out);
}

void series_free(struct series *s)
{
	size_t i;

	for (i = 0; i < s->n; i++)
		git_commit_free(s->p[i].commit);
	free(s->p);
	memset(s, 0, sizeof(*s));
}
