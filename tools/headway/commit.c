// SPDX-License-Identifier: GPL-2.0-only
/* The commits that headway makes. */
#include <stdlib.h>

#include "commit.h"
#include "file.h"
#include "headway.h"
#include "xalloc.h"

int commit_tree(git_repository *repo, const git_oid *commit, git_tree **out)
{
	git_commit *c = NULL;
	int err;

	err = git_commit_lookup(&c, repo, commit);
	if (!err)
		err = git_commit_tree(out, c);
	git_commit_free(c);
	return err ? hw_git_error("commit %s", git_oid_tostr_s(commit)) : 0;
}

int commit_patch_id(git_repository *repo, const git_oid *commit, git_oid *out)
{
	git_commit *c = NULL, *parent = NULL;
	git_tree *a = NULL, *b = NULL;
	git_diff *diff = NULL;
	int err;

	err = git_commit_lookup(&c, repo, commit);
	if (!err)
		err = git_commit_parent(&parent, c, 0);
	if (!err)
		err = git_commit_tree(&a, parent);
	if (!err)
		err = git_commit_tree(&b, c);
	if (!err)
		err = git_diff_tree_to_tree(&diff, repo, a, b, NULL);
	if (!err)
		err = git_diff_patchid(out, diff, NULL);
	git_diff_free(diff);
	git_tree_free(a);
	git_tree_free(b);
	git_commit_free(parent);
	git_commit_free(c);
	return err ? hw_git_error("%s", git_oid_tostr_s(commit)) : 0;
}

int commit_tree_id(git_repository *repo, const git_oid *commit, git_oid *out)
{
	git_tree *tree;

	if (commit_tree(repo, commit, &tree))
		return -1;
	*out = *git_tree_id(tree);
	git_tree_free(tree);
	return 0;
}

static int write_commit(git_repository *repo, const git_signature *author,
			const git_signature *committer, const char *message,
			const git_oid *tree_id, const git_oid *parent_ids[],
			size_t n, git_oid *out)
{
	git_commit *parents[2] = { NULL };
	git_tree *tree = NULL;
	git_buf text = { 0 };
	git_odb *odb = NULL;
	size_t i;
	int err;

	err = git_tree_lookup(&tree, repo, tree_id);
	for (i = 0; !err && i < n; i++)
		err = git_commit_lookup(&parents[i], repo, parent_ids[i]);
	/* git_commit_create() says that all is well when the disk is full. */
	if (!err)
		err = git_commit_create_buffer(&text, repo, author, committer,
					       NULL, message, tree, n,
					       (const git_commit **)parents);
	if (!err)
		err = git_repository_odb(&odb, repo);
	if (!err)
		err = git_odb_write(out, odb, text.ptr, text.size,
				    GIT_OBJECT_COMMIT);
	git_odb_free(odb);
	git_buf_dispose(&text);
	for (i = 0; i < n; i++)
		git_commit_free(parents[i]);
	git_tree_free(tree);
	return err ? hw_git_error("cannot write a commit") : 0;
}

static int commit_from_mail(git_repository *repo, const git_oid *parents[],
			    size_t n, const git_oid *tree,
			    const struct mail *mail, const char *name,
			    const char *email, git_oid *out)
{
	git_signature *author = NULL, *committer = NULL;
	int err;

	if (git_signature_new(&author, mail->name, mail->email, mail->when.time,
			      mail->when.offset) ||
	    git_signature_new(&committer, name, email, mail->when.time, 0))
		err = hw_git_error("%s <%s>", mail->name, mail->email);
	else
		err = write_commit(repo, author, committer, mail->message, tree,
				   parents, n, out);
	git_signature_free(author);
	git_signature_free(committer);
	return err;
}

int commit_mail(git_repository *repo, const git_oid *parent,
		const git_oid *tree, const struct mail *mail, git_oid *out)
{
	return commit_from_mail(repo, &parent, 1, tree, mail, HEADWAY_NAME,
				HEADWAY_EMAIL, out);
}

int commit_by(git_repository *repo, const git_oid *parent, const git_oid *tree,
	      const struct mail *mail, const char *name, const char *email,
	      git_oid *out)
{
	return commit_from_mail(repo, &parent, 1, tree, mail, name, email, out);
}

int commit_root(git_repository *repo, const git_oid *tree,
		const struct mail *mail, git_oid *out)
{
	return commit_from_mail(repo, NULL, 0, tree, mail, HEADWAY_NAME,
				HEADWAY_EMAIL, out);
}

static int later_time(git_repository *repo, const git_oid *a, const git_oid *b,
		      git_time_t *out)
{
	git_commit *ca = NULL, *cb = NULL;
	int err = 0;

	if (git_commit_lookup(&ca, repo, a) || git_commit_lookup(&cb, repo, b)) {
		err = hw_git_error("cannot read a commit");
	} else {
		*out = git_commit_time(ca);
		if (git_commit_time(cb) > *out)
			*out = git_commit_time(cb);
	}
	git_commit_free(ca);
	git_commit_free(cb);
	return err;
}

int commit_merge(git_repository *repo, const git_oid *ours,
		 const git_oid *theirs, const git_oid *tree, const char *message,
		 git_oid *out)
{
	const git_oid *parents[] = { ours, theirs };
	git_signature *sig = NULL;
	git_time_t when = 0;
	int err;

	if (later_time(repo, ours, theirs, &when))
		return -1;
	if (git_signature_new(&sig, HEADWAY_NAME, HEADWAY_EMAIL, when, 0))
		return hw_git_error("cannot make a signature");
	err = write_commit(repo, sig, sig, message, tree, parents, 2, out);
	git_signature_free(sig);
	return err;
}

int commit_own_file(git_repository *repo, const struct topics *ts,
		    const struct topic *t, const char *base, const char *file,
		    git_tree *tree, git_oid *out, char **why)
{
	char *path = change_file_path(ts, t, base, file);
	git_tree_entry *there = NULL;
	char *text = NULL;
	size_t len;
	int r = 0;

	if (!git_tree_entry_bypath(&there, tree, file)) {
		*why = xasprintf("%s: named under Files:, but the base has a file there: changes to it belong into the patch\n",
				 file);
		r = 1;
	} else if (!path) {
		*why = xasprintf("%s: named under Files:, but there is no such file here\n",
				 file);
		r = 1;
	}
	git_tree_entry_free(there);
	if (!r) {
		text = file_read(path, &len);
		if (!text)
			r = hw_errno("%s", path);
		else if (git_blob_create_from_buffer(out, repo, text, len))
			r = hw_git_error("%s", path);
	}
	free(text);
	free(path);
	return r;
}
