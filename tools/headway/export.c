// SPDX-License-Identifier: GPL-2.0-only
/* headway export: the changes in the form that a tree downstream asks for. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commit.h"
#include "exporting.h"
#include "headway.h"
#include "labreport.h"
#include "lock.h"
#include "opt.h"
#include "patchset.h"
#include "paths.h"
#include "posted.h"
#include "saveset.h"
#include "select.h"
#include "store.h"
#include "xalloc.h"

static const char usage[] =
	"usage: headway export --for FORM BASE [-o DIR | --branch NAME] [--bug N]\n"
	"                      [--archive URL] [TOPIC...]\n"
	"\n"
	"Writes the changes of BASE (of all topics, or of those named and what they depend\n"
	"on) in the form that a tree downstream asks for, one after the other. FORM is\n"
	"android, chromeos, debian or plain. The result is held against that tree's rules\n"
	"(headway lint) before anything is written.\n"
	"\n"
	"  --for FORM       the tree's form\n"
	"  -o, --output DIR write patches below DIR, which must be empty or not there\n"
	"                   (default: build/export/BASE/FORM)\n"
	"  --branch NAME    make a branch in the fork's repository, on BASE/base, instead;\n"
	"                   not with debian\n"
	"  --bug N          the bug's number in the tree's own tracker\n"
	"  --archive URL    what headway send has sent is in the mail archive there: tag it\n"
	"                   FROMLIST, with its link; android and chromeos\n"
	"\n"
	"Exit codes: 0 written; 1 a change does not go in, or breaks a rule; 2 usage;\n"
	"3 malformed input; 4 the machine; 5 another headway is writing (--branch).\n";

struct export_options {
	const char *form, *output, *branch, *bug, *archive;
};

static int parse(int argc, char **argv, struct export_options *o)
{
	const struct opt options[] = {
		{ .name = "for", .value = &o->form },
		{ .name = "output", .letter = 'o', .value = &o->output },
		{ .name = "branch", .value = &o->branch },
		{ .name = "bug", .value = &o->bug },
		{ .name = "archive", .value = &o->archive },
		{ .name = NULL },
	};

	if (opt_parse(argc, argv, options, usage))
		return -1;
	hw_set_exit(HW_USAGE);
	if (o->branch && o->output)
		return hw_error("--branch and --output exclude each other");
	if (o->bug && (!*o->bug || o->bug[strspn(o->bug, "0123456789")]))
		return hw_error("--bug %s: expected a number", o->bug);
	if (o->archive && strncmp(o->archive, "https://", 8) &&
	    strncmp(o->archive, "http://", 7))
		return hw_error("--archive %s: expected the address of a mail archive, as https://host/list",
				o->archive);
	return o->form && optind < argc ? 0 : opt_misuse(usage);
}

/* The names that headway gives branches itself are not free. */
static int check_branch(git_repository *repo, const char *name)
{
	struct strlist bases = { 0 };
	int err = patchset_branch(repo, name);
	size_t i, n;

	if (!err)
		err = store_bases(repo, &bases);
	for (i = 0; !err && i < bases.n; i++) {
		n = strlen(bases.v[i]);
		if (strncmp(name, bases.v[i], n) || (name[n] && name[n] != '/'))
			continue;
		hw_set_exit(HW_USAGE);
		err = hw_error("--branch %s: the branches below %s are headway's own",
			       name, bases.v[i]);
	}
	strlist_free(&bases);
	return err;
}

static int write_branch(git_repository *repo, const char *name,
			const struct exporting *e)
{
	char *ref = xasprintf("refs/heads/%s", name);
	git_reference *made = NULL;
	int err = 0;

	if (git_reference_create(&made, repo, ref, &e->tip, 0, "headway export"))
		err = hw_git_error("%s", ref);
	else
		hw_say("branch %s in %s: %.12s", name, hw_paths.repo,
		       git_oid_tostr_s(&e->tip));
	git_reference_free(made);
	free(ref);
	return err;
}

static int write_files(const char *dir, const struct lint_set *set)
{
	struct saveset s = { 0 };
	size_t i, patches = 0;
	int err;

	for (i = 0; i < set->n; i++) {
		char *path = xasprintf("%s/%s", dir, set->f[i].name);

		patches += lint_is_patch(&set->f[i]);
		saveset_add(&s, path, set->f[i].text, set->f[i].len);
		free(path);
	}
	err = saveset_write(&s);
	saveset_free(&s);
	if (!err)
		hw_say("%zu patches in %s", patches, dir);
	return err;
}

static int write_export(git_repository *repo, const struct export_options *o,
			const struct form_context *fc, const char *dir,
			const struct exporting *e)
{
	struct lint_findings found = { 0 };
	struct lint_set set = { 0 };
	int err = exporting_files(repo, fc, e, &set);

	if (!err)
		lint_run(fc->form, &set, &found);
	if (found.n) {
		lint_print(&found);
		hw_set_exit(HW_FINDING);
		err = hw_error("nothing was written: the patches break %zu of the rules for %s",
			       found.n, form_name(fc->form));
	}
	if (!err)
		err = o->branch ? write_branch(repo, o->branch, e) :
				  write_files(dir, &set);
	lint_findings_free(&found);
	lint_set_free(&set);
	return err;
}

/* What is the same for all patches of this export. */
static int prepare(git_repository *repo, const struct exporting *e,
		   struct form_context *fc)
{
	git_oid tree;

	if (fc->form == FORM_CHROMEOS) {
		if (commit_tree_id(repo, &e->fork.integration, &tree))
			return -1;
		fc->tested = lab_summary(fc->base, &tree);
	}
	return form_check(fc, &e->fork);
}

static int export(git_repository *repo, const struct export_options *o,
		  const struct topics *ts, struct form_context *fc,
		  const char *dir, bool whole)
{
	struct exporting e = { 0 };
	int r = 0;

	if (fc->form != FORM_PLAIN)
		r = who_read(repo, &fc->who);
	if (!r)
		r = o->branch ? check_branch(repo, o->branch) :
				patchset_folder(dir);
	if (!r)
		r = exporting_build(repo, ts, fc, whole, &e);
	if (!r)
		r = prepare(repo, &e, fc);
	if (!r)
		r = exporting_rewrite(repo, fc, &e);
	if (!r)
		r = write_export(repo, o, fc, dir, &e);
	exporting_free(&e);
	who_free(&fc->who);
	free(fc->tested);
	return r;
}

/* What was sent and can be read by everybody is no change of the tree's own. */
static int posted(git_repository *repo, const struct export_options *o,
		  struct topics *ts, enum form form)
{
	if (form != FORM_ANDROID && form != FORM_CHROMEOS)
		return 0;
	if (o->archive)
		return posted_mark(ts, o->archive);
	if (posted_any(repo) && !hw_quiet)
		hw_hint("series were sent: with --archive URL, once they are in an archive, they are tagged FROMLIST");
	return 0;
}

int cmd_export(int argc, char **argv)
{
	struct hw_lock lock = HW_LOCK_INIT;
	struct export_options o = { 0 };
	struct form_context fc = { 0 };
	git_repository *repo = NULL;
	struct topics ts = { 0 };
	char *dir = NULL;
	int r = -1;

	if (parse(argc, argv, &o) || form_parse(o.form, &fc.form))
		return -1;
	if (o.branch && fc.form == FORM_DEBIAN) {
		hw_set_exit(HW_USAGE);
		return hw_error("--for debian makes debian/patches: say -o DIR");
	}
	fc.base = argv[optind++];
	fc.bug = o.bug;
	if (paths_find() || store_open(&repo, !o.branch) ||
	    (o.branch && hw_lock_take(&lock, hw_paths.repo)) ||
	    topics_read(hw_paths.top, &ts) ||
	    topics_select(&ts, argv + optind, argc - optind))
		goto out;
	if (posted(repo, &o, &ts, fc.form))
		goto out;
	dir = o.output ? xstrdup(o.output) :
	      xasprintf("%s/export/%s/%s", hw_paths.build, fc.base, o.form);
	r = export(repo, &o, &ts, &fc, dir, optind == argc);
out:
	hw_lock_drop(&lock);
	topics_free(&ts);
	git_repository_free(repo);
	free(dir);
	return r;
}
