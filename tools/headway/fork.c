// SPDX-License-Identifier: GPL-2.0-only
/* The fork of one base: topic branches and integration, in memory. */
#include <stdlib.h>
#include <string.h>

#include "commit.h"
#include "file.h"
#include "fork.h"
#include "headway.h"
#include "mail.h"
#include "xalloc.h"

struct builder {
	git_repository *repo;
	const struct topics *topics;
	const struct fork_options *opts;
	struct fork *fork;
	git_tree *base_tree;
};

/* One change about to be applied. */
struct step {
	char *path;		/* of the patch file */
	char *text;
	struct mail mail;
	struct patch patch;
};

char *reject_text(const struct reject *why)
{
	if (!why->hunk)
		return xasprintf("%s:\n%s", why->path, why->detail);
	return xasprintf("%s: hunk %zu (%s) does not apply\n%s", why->path,
			 why->hunk, why->header, why->detail);
}

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

static void step_free(struct step *s)
{
	patch_free(&s->patch);
	mail_free(&s->mail);
	free(s->text);
	free(s->path);
}

static int step_read(struct cell *cell, const char *path, struct step *s)
{
	size_t len;

	memset(s, 0, sizeof(*s));
	s->path = xstrdup(path);
	s->text = file_read(s->path, &len);
	if (!s->text)
		return hw_errno("%s", s->path);
	if (mail_parse(s->path, s->text, len, &s->mail) ||
	    patch_parse(s->path, s->mail.diff, s->mail.diff_len, &s->patch)) {
		hw_set_exit(HW_BAD_INPUT);
		return -1;
	}
	if (!s->patch.n_files && !cell->change->files.n) {
		cell->state = CELL_FAILS;
		cell->why = xasprintf("%s: the patch is empty\n", s->path);
		return 1;
	}
	return 0;
}

/* Put the files of ours that come with the change into @tree. */
static int add_own_files(const struct builder *b, const struct cell *cell,
			 git_oid *tree_id, char **why)
{
	const struct strlist *files = &cell->change->files;
	git_tree_update *u = NULL;
	git_tree *tree = NULL;
	size_t n = 0, i;
	int r = 0;

	if (git_tree_lookup(&tree, b->repo, tree_id))
		return hw_git_error("%s", cell->change->name);
	for (i = 0; !r && i < files->n; i++) {
		git_tree_update *up;
		git_oid id;

		r = commit_own_file(b->repo, b->topics, cell->topic,
				    b->fork->base, files->v[i], tree, &id, why);
		if (r)
			break;
		up = xpush(u, n);
		up->action = GIT_TREE_UPDATE_UPSERT;
		up->id = id;
		up->filemode = GIT_FILEMODE_BLOB;
		up->path = files->v[i];
	}
	if (!r && n && git_tree_create_updated(tree_id, b->repo, tree, n, u))
		r = hw_git_error("cannot write a tree");
	git_tree_free(tree);
	free(u);
	return r;
}

/* A patch that does not apply but reverses cleanly is in the tree already. */
static int try_reversal(const struct builder *b, git_tree *tree,
			const struct step *s, const struct reject *why,
			struct cell *cell)
{
	struct reject ignored;
	git_oid unused;
	int r = 1;

	if (s->patch.n_files)
		r = patch_apply(b->repo, tree, &s->patch, true, &unused, NULL,
				&ignored);
	if (r < 0)
		return r;
	if (!r) {
		cell->state = CELL_UPSTREAM;
		cell->why = xstrdup("the patch reverses cleanly");
		return 0;
	}
	if (s->patch.n_files)
		reject_free(&ignored);
	cell->state = CELL_FAILS;
	cell->why = reject_text(why);
	return 0;
}

static int apply_step(const struct builder *b, struct branch *br,
		      struct cell *cell, const struct step *s)
{
	struct reject why = { 0 };
	git_tree *tree = NULL;
	git_oid id;
	int r;

	if (commit_tree(b->repo, &br->tip, &tree))
		return -1;
	r = patch_apply(b->repo, tree, &s->patch, false, &id, &cell->offset,
			&why);
	if (r == 1) {
		r = try_reversal(b, tree, s, &why, cell);
		reject_free(&why);
		goto out;
	}
	if (!r)
		r = add_own_files(b, cell, &id, &cell->why);
	if (r == 1) {
		cell->state = CELL_FAILS;
		r = 0;
	} else if (!r) {
		cell->form = xstrdup(s->path);
		r = commit_mail(b->repo, &br->tip, &id, &s->mail, &cell->commit);
		if (!r)
			br->tip = cell->commit;
	}
out:
	git_tree_free(tree);
	return r;
}

static int check_claim(const struct builder *b, const struct claim *cl,
		       struct cell *cell)
{
	char *why = NULL;
	int r = checks_hold(b->repo, b->base_tree, &cl->checks, &why);

	if (r < 0)
		return r;
	if (r) {
		cell->state = CELL_FAILS;
		cell->why = xasprintf("said to be %s (%s), but %s\n",
				      cell_state_name(cl->state),
				      *cl->why ? cl->why : "carried", why);
		free(why);
		return 0;
	}
	cell->state = cl->state;
	cell->why = xstrdup(cl->why);
	return 0;
}

/* The forms of the patch that may be tried, the best first. */
static void find_forms(const struct builder *b, struct cell *cell,
		       struct strlist *out)
{
	const struct strlist *other = b->opts->forms;
	size_t i, n = other ? other->n : 0;
	char *path;

	path = change_patch_path(cell->topic, cell->change, b->fork->base,
				 &cell->own);
	for (i = 0; path || i < n; i++) {
		if (path && !strlist_has(out, path))
			strlist_add(out, path);
		free(path);
		path = i < n ? change_patch_path(cell->topic, cell->change,
						 other->v[i], NULL) : NULL;
	}
	if (out->n)
		return;
	cell->state = CELL_FAILS;
	cell->why = xasprintf("there is no patch %s for base %s\n",
			      cell->change->patch ? cell->change->patch :
			      "(no Patch: field)", b->fork->base);
}

static int try_form(const struct builder *b, struct branch *br,
		    struct cell *cell, const char *path)
{
	struct step s;
	int r = step_read(cell, path, &s);

	if (!r)
		r = apply_step(b, br, cell, &s);
	step_free(&s);
	return r < 0 ? r : 0;
}

static int build_cell(const struct builder *b, struct branch *br,
		      struct cell *cell)
{
	const struct claim *cl = change_claim(cell->change, b->fork->base);
	struct strlist forms = { 0 };
	char *first = NULL;
	int r = 0;
	size_t i;

	if (cl) {
		r = check_claim(b, cl, cell);
		if (r || (cell->state != CELL_CARRIED &&
			  (cell->state != CELL_FAILS || !b->opts->linear)))
			return r;
		free(cell->why);
		cell->why = NULL;
	}
	cell->state = CELL_CARRIED;
	find_forms(b, cell, &forms);
	for (i = 0; !r && i < forms.n; i++) {
		cell->state = CELL_CARRIED;
		r = try_form(b, br, cell, forms.v[i]);
		if (cell->state != CELL_FAILS)
			break;
		/* Of several forms that fail, the best one's reason counts. */
		if (first)
			free(cell->why);
		else
			first = cell->why;
		cell->why = first;
	}
	if (first && cell->why != first)
		free(first);
	strlist_free(&forms);
	return r;
}

static bool left_out(const struct builder *b, const struct cell *cell)
{
	const char *w = b->opts->without;
	size_t n = strlen(cell->topic->name);

	return w && !strncmp(w, cell->topic->name, n) && w[n] == '/' &&
	       !strcmp(w + n + 1, cell->change->name);
}

static int build_cells(const struct builder *b, struct branch *br)
{
	size_t i;

	for (i = 0; i < br->topic->n_changes; i++) {
		struct cell *cell = xpush(br->cells, br->n_cells);

		cell->topic = br->topic;
		cell->change = &br->topic->changes[i];
		if (left_out(b, cell)) {
			cell->state = CELL_NOT_NEEDED;
			cell->why = xstrdup("left out on request");
			continue;
		}
		if (build_cell(b, br, cell))
			return -1;
		if (cell->state == CELL_FAILS) {
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

static int build_branch(const struct builder *b, const struct topic *t)
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
	if (!r && opts->memory && !opts->without)
		r = resolutions_check_used(opts->memory, base);
	git_tree_free(b.base_tree);
	return r;
}

static void cell_free(struct cell *cell)
{
	free(cell->why);
	free(cell->form);
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
