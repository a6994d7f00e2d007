/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The commits that headway makes, with metadata that depends on the base and
 * the topics alone. The one place that knows the fixed identity.
 */
#ifndef HEADWAY_COMMIT_H
#define HEADWAY_COMMIT_H

#include <git2.h>

#include "mail.h"
#include "topic.h"

#define HEADWAY_NAME	"Headway"
#define HEADWAY_EMAIL	"headway@localhost"

/* The tree of a commit; 0, or -1 after a message. @out is the caller's. */
int commit_tree(git_repository *repo, const git_oid *commit, git_tree **out);
int commit_tree_id(git_repository *repo, const git_oid *commit, git_oid *out);

/* The patch-id of @commit against its parent, which it must have; 0, or -1 after a message. */
int commit_patch_id(git_repository *repo, const git_oid *commit, git_oid *out);

/*
 * Commit @tree on @parent with the mail's author, date and message; the
 * committer is the fixed identity, at the author's date.
 */
int commit_mail(git_repository *repo, const git_oid *parent,
		const git_oid *tree, const struct mail *mail, git_oid *out);

/* The same with another committer. */
int commit_by(git_repository *repo, const git_oid *parent, const git_oid *tree,
	      const struct mail *mail, const char *name, const char *email,
	      git_oid *out);

/* The same as commit_mail() without a parent. */
int commit_root(git_repository *repo, const git_oid *tree,
		const struct mail *mail, git_oid *out);

/* Commit the merge of @theirs into @ours, dated as the later of the two. */
int commit_merge(git_repository *repo, const git_oid *ours,
		 const git_oid *theirs, const git_oid *tree, const char *message,
		 git_oid *out);

/*
 * Write @file of ours, which is new to the kernel, as a blob. Returns 0 with
 * @out; 1 with @why if the base has such a file (@tree) or we have none; -1
 * after a message.
 */
int commit_own_file(git_repository *repo, const struct topics *ts,
		    const struct topic *t, const char *base, const char *file,
		    git_tree *tree, git_oid *out, char **why);

#endif /* HEADWAY_COMMIT_H */
