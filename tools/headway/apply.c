// SPDX-License-Identifier: GPL-2.0-only
/* headway apply: carry the topics onto a tree that is not ours. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "adapt.h"
#include "applyreport.h"
#include "base.h"
#include "commit.h"
#include "file.h"
#include "foreign.h"
#include "fork.h"
#include "headway.h"
#include "opt.h"
#include "patchset.h"
#include "paths.h"
#include "select.h"
#include "strlist.h"
#include "topic.h"
#include "xalloc.h"

static const char usage[] =
	"usage: headway apply --onto DIR [OPTIONS] [TOPIC...]\n"
	"\n"
	"Carries the topics (all, or those named and what they depend on) onto the kernel\n"
	"tree in DIR, a git clone or a plain folder of sources, and says of each change:\n"
	"applied, adapted (and to what difference), there already, not needed, or conflict\n"
	"with its hunk. With a conflict nothing is written.\n"
	"\n"
	"  --rev REV       of a clone: start there (default: HEAD)\n"
	"  --branch NAME   of a clone: make this branch (default: headway); the work tree\n"
	"                  and every other branch stay as they are\n"
	"  --output FOLDER write a patch set there instead; the only form for a folder\n"
	"  --base BASE     take the topics' forms for BASE (default: by DIR's version)\n"
	"  --keep-going    write what applies, also with conflicts\n"
	"  --dry-run       write nothing\n"
	"\n"
	"Exit codes: 0 every change is in; 1 a conflict; 2 usage; 3 malformed input;\n"
	"4 the machine.\n";

struct apply_options {
	const char *onto, *rev, *branch, *output, *base;
	bool keep_going, dry_run;
};

static int parse(int argc, char **argv, struct apply_options *o)
{
	const struct opt options[] = {
		{ .name = "onto", .value = &o->onto },
		{ .name = "rev", .value = &o->rev },
		{ .name = "branch", .value = &o->branch },
		{ .name = "output", .value = &o->output },
		{ .name = "base", .value = &o->base },
		{ .name = "keep-going", .letter = 'k', .flag = &o->keep_going },
		{ .name = "dry-run", .letter = 'n', .flag = &o->dry_run },
		{ .name = NULL },
	};

	if (opt_parse(argc, argv, options, usage))
		return -1;
	if (o->branch && o->output) {
		hw_set_exit(HW_USAGE);
		return hw_error("--branch and --output exclude each other");
	}
	return o->onto ? 0 : opt_misuse(usage);
}

/*
 * The bases whose forms to try, the likeliest first: the newest that is not
 * newer than the tree, older ones after it, then the newer ones upwards.
 */
static int order_bases(const char *named, const char *version,
		       struct strlist *out)
{
	struct bases all;
	size_t i, older = 0;
	int err = bases_read(&all);
	bool known = !named;

	for (i = 0; !err && i < all.n; i++)
		known |= named && !strcmp(all.b[i].name, named);
	if (!err && !known) {
		hw_set_exit(HW_USAGE);
		err = hw_error("there is no base %s", named);
		hw_hint("the folder bases has a file for each");
	}
	if (named)
		version = named;
	while (!err && older < all.n &&
	       strverscmp(all.b[older].name, version) <= 0)
		older++;
	for (i = older; !err && i-- > 0;)
		strlist_add(out, all.b[i].name);
	for (i = older; !err && i < all.n; i++)
		strlist_add(out, all.b[i].name);
	bases_free(&all);
	return err;
}

static int write_account(const struct fork *f, const char *folder)
{
	char *path = xasprintf("%s/account", folder);
	char *text = apply_account(f);
	int err = file_replace(path, text, strlen(text));

	free(text);
	free(path);
	return err;
}

/* One patch a commit, numbered through, as git format-patch would. */
static int write_patches(git_repository *repo, const struct fork *f,
			 const char *folder)
{
	int number = 0, err = 0;
	size_t i, j;

	for (i = 0; !err && i < f->n_branches; i++)
		for (j = 0; !err && j < f->branches[i].n_cells; j++) {
			const struct cell *c = &f->branches[i].cells[j];
			char *text, *name, *path;

			if (c->state != CELL_CARRIED)
				continue;
			text = patchset_mail(repo, &c->commit);
			name = patchset_name(++number, c);
			path = xasprintf("%s/%s", folder, name);
			err = text ? file_replace(path, text, strlen(text)) : -1;
			free(path);
			free(name);
			free(text);
		}
	if (!err)
		err = write_account(f, folder);
	if (!err)
		hw_say("%d patches in %s, what became of each change in %s/account",
		       number, folder, folder);
	return err;
}

/*
 * The first run was in memory. Now that all is known to be well, make the same
 * commits in the clone, and then the branch.
 */
static int make_branch(const struct apply_options *o, const struct topics *ts,
		       const char *base, const struct fork_options *fo)
{
	struct foreign f = { 0 };
	struct fork_options again = *fo;
	git_reference *ref = NULL;
	struct fork fork = { 0 };
	char *name;
	int err;

	err = foreign_open(o->onto, o->rev, false, ts, &f);
	if (!err) {
		again.onto = &f.commit;
		err = fork_build(f.repo, ts, base, &again, &fork);
	}
	if (!err) {
		name = xasprintf("refs/heads/%s", o->branch);
		if (git_reference_create(&ref, f.repo, name, &fork.integration,
					 0, "headway apply"))
			err = hw_git_error("%s", name);
		free(name);
	}
	if (!err)
		hw_say("branch %s in %s: %.12s", o->branch, f.dir,
		       git_oid_tostr_s(&fork.integration));
	git_reference_free(ref);
	fork_free(&fork);
	foreign_close(&f);
	return err;
}

static int write_result(const struct apply_options *o, const struct topics *ts,
			const struct foreign *f, const struct fork *fork,
			const struct fork_options *fo)
{
	if (fork->n_fails && !o->keep_going) {
		hw_say("%zu of the changes conflict: nothing was written to %s",
		       fork->n_fails, f->dir);
		return 0;
	}
	if (o->dry_run)
		return 0;
	return o->output ? write_patches(f->repo, fork, o->output) :
			   make_branch(o, ts, fork->base, fo);
}

/*
 * Our repository has the files that the patches were made for; without it,
 * nothing can be merged three ways.
 */
static git_repository *open_ours(void)
{
	git_repository *repo = NULL;

	if (git_repository_open_bare(&repo, hw_paths.repo))
		return NULL;
	return repo;
}

static int apply(const struct apply_options *o, const struct topics *ts)
{
	struct strlist forms = { 0 };
	struct adapt adapt = { .ours = open_ours() };
	struct fork_options fo = { .linear = true, .forms = &forms,
				   .adapt = &adapt };
	struct fork fork = { 0 };
	struct foreign f = { 0 };
	int err;

	err = foreign_open(o->onto, o->rev, true, ts, &f);
	if (!err && !f.is_git && !o->output && !o->dry_run) {
		hw_set_exit(HW_USAGE);
		err = hw_error("%s is no git repository: say --output FOLDER to get a patch set",
			       o->onto);
	}
	if (!err && f.is_git && !o->output)
		err = patchset_branch(f.repo, o->branch);
	if (!err && o->output)
		err = patchset_folder(o->output);
	if (!err)
		err = order_bases(o->base, f.version, &forms);
	if (!err) {
		fo.onto = &f.commit;
		hw_say("%s: kernel %s, with the forms of %s first", f.dir,
		       f.version, forms.v[0]);
		err = fork_build(f.repo, ts, forms.v[0], &fo, &fork);
	}
	if (!err) {
		apply_print(&fork);
		err = write_result(o, ts, &f, &fork, &fo);
	}
	err = err ? -1 : fork.n_fails ? HW_FINDING : HW_OK;
	fork_free(&fork);
	foreign_close(&f);
	strlist_free(&forms);
	git_repository_free(adapt.ours);
	adapt_free(&adapt);
	return err;
}

int cmd_apply(int argc, char **argv)
{
	struct apply_options o = { 0 };
	struct topics ts = { 0 };
	int r = -1;

	if (parse(argc, argv, &o))
		return -1;
	if (!o.branch)
		o.branch = "headway";
	if (!paths_find() && !topics_read(hw_paths.top, &ts) &&
	    !topics_select(&ts, argv + optind, argc - optind))
		r = apply(&o, &ts);
	topics_free(&ts);
	return r;
}
