// SPDX-License-Identifier: GPL-2.0-only
/* A public-inbox on this machine: git/N.git, a commit a mail, the file "m". */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <git2.h>

#include "file.h"
#include "headway.h"
#include "inbox.h"
#include "xalloc.h"

static char *epoch(const char *dir, int n)
{
	return xasprintf("%s/git/%d.git", dir, n);
}

bool inbox_is(const char *dir)
{
	char *first = epoch(dir, 0);
	bool yes = file_exists(first);

	free(first);
	return yes;
}

/* The mail that @id added; a commit that removed one has no "m". */
static int extract_one(git_repository *repo, const git_oid *id, const char *to)
{
	git_tree_entry *e = NULL;
	git_commit *c = NULL;
	git_tree *tree = NULL;
	git_blob *blob = NULL;
	char *path;
	int err = 0;

	if (git_commit_lookup(&c, repo, id) || git_commit_tree(&tree, c)) {
		err = hw_git_error("%s", git_oid_tostr_s(id));
	} else if (!git_tree_entry_bypath(&e, tree, "m")) {
		if (git_blob_lookup(&blob, repo, git_tree_entry_id(e))) {
			err = hw_git_error("%s", git_oid_tostr_s(id));
		} else {
			path = xasprintf("%s/%s", to, git_oid_tostr_s(id));
			err = file_replace(path, git_blob_rawcontent(blob),
					   git_blob_rawsize(blob));
			free(path);
		}
	}
	git_blob_free(blob);
	git_tree_entry_free(e);
	git_tree_free(tree);
	git_commit_free(c);
	return err;
}

static int extract_epoch(const char *path, const char *to)
{
	git_repository *repo = NULL;
	git_revwalk *walk = NULL;
	git_oid id;
	int err = 0;

	if (git_repository_open_bare(&repo, path) ||
	    git_revwalk_new(&walk, repo) || git_revwalk_push_head(walk))
		err = hw_git_error("%s", path);
	while (!err && !git_revwalk_next(&id, walk))
		err = extract_one(repo, &id, to);
	git_revwalk_free(walk);
	git_repository_free(repo);
	return err;
}

int inbox_extract(const char *dir, const char *to)
{
	bool more = true;
	int n, err = 0;

	for (n = 0; !err && more; n++) {
		char *path = epoch(dir, n);

		more = file_exists(path);
		if (more)
			err = extract_epoch(path, to);
		free(path);
	}
	return err;
}
