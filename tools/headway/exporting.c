// SPDX-License-Identifier: GPL-2.0-only
/* The changes of one base in one line, rewritten into the form of a tree. */
#include <stdlib.h>
#include <string.h>

#include "commit.h"
#include "conflict.h"
#include "exporting.h"
#include "headway.h"
#include "patchset.h"
#include "report.h"
#include "store.h"
#include "xalloc.h"

static bool any_varied(const struct fork *f)
{
	size_t i, j;

	for (i = 0; i < f->n_branches; i++)
		for (j = 0; j < f->branches[i].n_cells; j++)
			if (f->branches[i].cells[j].varied)
				return true;
	return false;
}

/* One patch after the other must come to the same as merging the branches. */
static int compare(git_repository *repo, const struct topics *ts,
		   const struct form_context *fc, const struct fork *line)
{
	struct resolutions memory = { 0 };
	struct fork_options fo = { .memory = &memory };
	struct fork f = { 0 };
	git_oid a, b;
	int err;

	err = resolutions_read(hw_paths.top, &memory);
	if (!err)
		err = fork_build(repo, ts, fc->base, &fo, &f);
	if (!err)
		err = commit_tree_id(repo, &f.integration, &a);
	if (!err)
		err = commit_tree_id(repo, &line->integration, &b);
	if (!err && (f.n_fails || !f.integrated)) {
		hw_set_exit(HW_FINDING);
		err = hw_error("base %s: the integration branch is not whole: headway build %s tells more",
			       fc->base, fc->base);
	} else if (!err && !git_oid_equal(&a, &b)) {
		hw_set_exit(HW_FINDING);
		hw_error("base %s: the patches one after the other make another tree than the merged branches",
			 fc->base);
		hw_hint("a merge took something that no patch has: look at topics/resolutions");
		err = -1;
	}
	fork_free(&f);
	resolutions_free(&memory);
	return err;
}

int exporting_build(git_repository *repo, const struct topics *ts,
		    const struct form_context *fc, bool whole,
		    struct exporting *out)
{
	struct fork_options fo = { .linear = true };
	git_oid base;

	memset(out, 0, sizeof(*out));
	if (fc->form == FORM_ANDROID)
		fo.variant = form_name(fc->form);
	if (fork_base_commit(repo, fc->base, &base))
		return -1;
	fo.onto = &base;
	if (fork_build(repo, ts, fc->base, &fo, &out->fork))
		return -1;
	out->tip = out->fork.integration;
	report_failures(&out->fork);
	if (out->fork.n_fails)
		return 1;
	if (whole && !any_varied(&out->fork))
		return compare(repo, ts, fc, &out->fork);
	return 0;
}

static int rewrite(git_repository *repo, const struct form_context *fc,
		   struct cell *cell, git_oid *tip)
{
	struct mail m = { 0 };
	const git_signature *a;
	git_commit *c = NULL;
	bool ours;
	int err;

	if (git_commit_lookup(&c, repo, &cell->commit))
		return hw_git_error("%s", cell->change->name);
	a = git_commit_author(c);
	/* Nobody can sign off for an address that does not exist. */
	ours = !strcmp(a->email, HEADWAY_EMAIL);
	m.name = ours ? fc->who.name : a->name;
	m.email = ours ? fc->who.email : a->email;
	m.when = a->when;
	m.message = form_message(fc, cell, git_commit_message(c));
	err = commit_by(repo, tip, git_commit_tree_id(c), &m, fc->who.name,
			fc->who.email, &cell->commit);
	if (!err)
		*tip = cell->commit;
	free(m.message);
	git_commit_free(c);
	return err;
}

int exporting_rewrite(git_repository *repo, const struct form_context *fc,
		      struct exporting *e)
{
	size_t i, j;
	int err = 0;

	if (fc->form == FORM_PLAIN)
		return 0;
	e->tip = e->fork.base_commit;
	for (i = 0; !err && i < e->fork.n_branches; i++)
		for (j = 0; !err && j < e->fork.branches[i].n_cells; j++) {
			struct cell *c = &e->fork.branches[i].cells[j];

			if (c->state == CELL_CARRIED)
				err = rewrite(repo, fc, c, &e->tip);
		}
	return err;
}

static int add_patch(git_repository *repo, const struct form_context *fc,
		     const struct cell *cell, int number, struct strlist *series,
		     struct lint_set *out)
{
	char *name = patchset_name(number, cell), *path, *text;

	if (fc->form == FORM_DEBIAN) {
		text = form_debian(fc, repo, cell, &cell->commit);
		path = xasprintf("headway/%s", name);
		strlist_add(series, path);
		free(name);
		name = xasprintf("debian/patches/%s", path);
		free(path);
	} else {
		text = patchset_mail(repo, &cell->commit);
		strlist_add(series, name);
	}
	if (text)
		lint_set_add(out, name, text, strlen(text));
	free(name);
	return text ? 0 : -1;
}

static void add_series(enum form form, const struct strlist *series,
		       struct lint_set *out)
{
	char *text = xstrdup(""), *longer;
	size_t i;

	for (i = 0; i < series->n; i++) {
		longer = xasprintf("%s%s\n", text, series->v[i]);
		free(text);
		text = longer;
	}
	lint_set_add(out, form == FORM_DEBIAN ? "debian/patches/series" :
		     "series", text, strlen(text));
}

int exporting_files(git_repository *repo, const struct form_context *fc,
		    const struct exporting *e, struct lint_set *out)
{
	struct strlist series = { 0 };
	int number = 0, err = 0;
	size_t i, j;

	for (i = 0; !err && i < e->fork.n_branches; i++)
		for (j = 0; !err && j < e->fork.branches[i].n_cells; j++) {
			const struct cell *c = &e->fork.branches[i].cells[j];

			if (c->state == CELL_CARRIED)
				err = add_patch(repo, fc, c, ++number, &series,
						out);
		}
	if (!err && (fc->form == FORM_PLAIN || fc->form == FORM_DEBIAN))
		add_series(fc->form, &series, out);
	lint_set_sort(out);
	strlist_free(&series);
	return err;
}

void exporting_free(struct exporting *e)
{
	fork_free(&e->fork);
}
