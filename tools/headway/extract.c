// SPDX-License-Identifier: GPL-2.0-only
/* One commit of a topic branch, taken apart into a patch and files of ours. */
#include <stdlib.h>
#include <string.h>

#include "commit.h"
#include "extract.h"
#include "file.h"
#include "headway.h"
#include "mail.h"
#include "patch.h"
#include "xalloc.h"

/* Trees of a commit and of its parent. */
static int trees_of(git_commit *c, git_tree **before, git_tree **after)
{
	git_commit *parent = NULL;
	int err;

	*before = NULL;
	*after = NULL;
	err = git_commit_parent(&parent, c, 0);
	if (!err)
		err = git_commit_tree(before, parent);
	if (!err)
		err = git_commit_tree(after, c);
	git_commit_free(parent);
	return err ? hw_git_error("%s", git_oid_tostr_s(git_commit_id(c))) : 0;
}

static bool in_base(const struct extract *x, const char *path)
{
	git_tree_entry *e = NULL;
	git_tree *tree = NULL;
	bool yes;

	if (commit_tree(x->repo, x->base_commit, &tree))
		return true;
	yes = !git_tree_entry_bypath(&e, tree, path);
	git_tree_entry_free(e);
	git_tree_free(tree);
	return yes;
}

static int take_own_file(struct extract *x, const char *path, const git_oid *id)
{
	struct own_file *f = xpush(x->own, x->n_own);

	f->path = xstrdup(path);
	if (git_blob_lookup(&f->blob, x->repo, id))
		return hw_git_error("%s", path);
	return 0;
}

/*
 * Sort what the commit touches: files that are new to the kernel are ours, the
 * rest (@rest) stays in the patch.
 */
static int sort_paths(struct extract *x, git_diff *diff, git_commit *commit,
		      const struct change *c, struct strlist *rest)
{
	size_t i;

	for (i = 0; i < git_diff_num_deltas(diff); i++) {
		const git_diff_delta *d = git_diff_get_delta(diff, i);
		const char *path = d->new_file.path;

		if (in_base(x, path)) {
			strlist_add(rest, path);
		} else if (d->status == GIT_DELTA_ADDED ||
			   (d->status == GIT_DELTA_MODIFIED && c &&
			    strlist_has(&c->files, path))) {
			if (take_own_file(x, path, &d->new_file.id))
				return -1;
		} else {
			hw_set_exit(HW_FINDING);
			hw_error("commit \"%s\" touches %s, which another change brings",
				 git_commit_summary(commit), path);
			hw_hint("fold it into the commit that brings the file: git rebase -i --autosquash");
			return -1;
		}
	}
	return 0;
}

static int diff_of(const struct extract *x, const struct strlist *only,
		   git_diff **out)
{
	git_diff_options o;

	git_diff_options_init(&o, GIT_DIFF_OPTIONS_VERSION);
	o.id_abbrev = 12;
	if (only) {
		o.pathspec.strings = only->v;
		o.pathspec.count = only->n;
		o.flags |= GIT_DIFF_DISABLE_PATHSPEC_MATCH;
	}
	if (git_diff_tree_to_tree(out, x->repo, x->before, x->after, &o))
		return hw_git_error("cannot compare trees");
	return 0;
}

int extract_commit(git_repository *repo, const git_oid *base_commit,
		   git_commit *commit, const struct change *c,
		   struct extract *x)
{
	git_diff *all = NULL, *part = NULL;
	struct strlist rest = { 0 };

	memset(x, 0, sizeof(*x));
	x->repo = repo;
	x->base_commit = base_commit;
	if (trees_of(commit, &x->before, &x->after) || diff_of(x, NULL, &all) ||
	    sort_paths(x, all, commit, c, &rest))
		goto out;
	/* An empty list of paths would mean all of them. */
	if (!rest.n)
		strlist_add(&rest, "/");
	if (!diff_of(x, &rest, &part))
		x->mail = mail_write(commit, part);
out:
	git_diff_free(all);
	git_diff_free(part);
	strlist_free(&rest);
	return x->mail ? 0 : -1;
}

static bool same_words(const struct mail *a, const struct mail *b)
{
	return !strcmp(a->message, b->message) && !strcmp(a->name, b->name) &&
	       !strcmp(a->email, b->email) && a->when.time == b->when.time &&
	       a->when.offset == b->when.offset;
}

/* Does the patch, with the files of ours, make the commit's tree? */
static bool makes_tree(const struct extract *x, const char *path,
		       const struct mail *m)
{
	git_tree_update *u = xcalloc(x->n_own, sizeof(*u));
	struct patch p = { 0 };
	struct reject why = { 0 };
	git_tree *tree = NULL;
	bool same = false;
	git_oid id;
	size_t i;

	for (i = 0; i < x->n_own; i++) {
		u[i].action = GIT_TREE_UPDATE_UPSERT;
		u[i].id = *git_blob_id(x->own[i].blob);
		u[i].filemode = GIT_FILEMODE_BLOB;
		u[i].path = x->own[i].path;
	}
	if (!patch_parse(path, m->diff, m->diff_len, &p) &&
	    !patch_apply(x->repo, x->before, &p, false, &id, NULL, &why) &&
	    !git_tree_lookup(&tree, x->repo, &id) &&
	    !git_tree_create_updated(&id, x->repo, tree, x->n_own, u))
		same = git_oid_equal(&id, git_tree_id(x->after));
	git_tree_free(tree);
	reject_free(&why);
	patch_free(&p);
	free(u);
	return same;
}

bool extract_is_file(const struct extract *x, const char *path)
{
	struct mail old = { 0 }, new = { 0 };
	size_t len;
	char *text = file_read(path, &len);
	bool same;

	if (!text)
		return false;
	same = !mail_parse(path, text, len, &old) &&
	       !mail_parse(path, x->mail, strlen(x->mail), &new) &&
	       same_words(&old, &new) && makes_tree(x, path, &old);
	mail_free(&old);
	mail_free(&new);
	free(text);
	return same;
}

void extract_free(struct extract *x)
{
	size_t i;

	for (i = 0; i < x->n_own; i++) {
		free(x->own[i].path);
		git_blob_free(x->own[i].blob);
	}
	free(x->own);
	free(x->mail);
	git_tree_free(x->before);
	git_tree_free(x->after);
	memset(x, 0, sizeof(*x));
}
