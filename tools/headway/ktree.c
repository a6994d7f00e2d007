// SPDX-License-Identifier: GPL-2.0-only
/* The scripts of a base that headway runs, in a tree that they take for theirs. */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "commit.h"
#include "file.h"
#include "headway.h"
#include "ktree.h"
#include "xalloc.h"

static const struct {
	const char *path;
	bool needed;
} files[] = {
	{ "MAINTAINERS", true },
	{ "scripts/get_maintainer.pl", true },
	{ "scripts/checkpatch.pl", true },
	{ "scripts/spelling.txt", false },
	{ "scripts/const_structs.checkpatch", false },
	{ ".get_maintainer.ignore", false },
	{ ".mailmap", false },
};

/* What get_maintainer.pl wants to see before it believes where it is. */
static const char *const marks[] = { "COPYING", "CREDITS", "Kbuild", "Makefile",
				     "README" };
static const char *const dirs[] = { "Documentation", "arch", "include", "drivers",
				    "fs", "init", "ipc", "kernel", "lib",
				    "scripts" };

static int write_file(git_repository *repo, git_tree *tree, const char *dir,
		      const char *path, bool needed)
{
	char *to = xasprintf("%s/%s", dir, path);
	git_tree_entry *e = NULL;
	git_blob *blob = NULL;
	int err = 0;

	if (git_tree_entry_bypath(&e, tree, path)) {
		if (needed) {
			hw_set_exit(HW_BAD_INPUT);
			err = hw_error("the newest base has no %s: no series can be made for it",
				       path);
		}
	} else if (git_blob_lookup(&blob, repo, git_tree_entry_id(e))) {
		err = hw_git_error("%s", path);
	} else {
		err = file_replace(to, git_blob_rawcontent(blob),
				   git_blob_rawsize(blob));
	}
	git_blob_free(blob);
	git_tree_entry_free(e);
	free(to);
	return err;
}

static int fill(git_repository *repo, git_tree *tree, const char *dir)
{
	size_t i;
	int err = 0;

	for (i = 0; !err && i < sizeof(dirs) / sizeof(*dirs); i++) {
		char *path = xasprintf("%s/%s", dir, dirs[i]);

		if (make_dirs(path))
			err = hw_errno("%s", path);
		free(path);
	}
	for (i = 0; !err && i < sizeof(marks) / sizeof(*marks); i++) {
		char *path = xasprintf("%s/%s", dir, marks[i]);

		err = file_replace(path, "", 0);
		free(path);
	}
	for (i = 0; !err && i < sizeof(files) / sizeof(*files); i++)
		err = write_file(repo, tree, dir, files[i].path, files[i].needed);
	return err;
}

int ktree_make(git_repository *repo, const git_oid *commit, char **out)
{
	git_tree *tree = NULL;
	char *done;
	int err = 0;

	*out = NULL;
	if (commit_tree(repo, commit, &tree))
		return -1;
	*out = xasprintf("%s/series/scripts-%.12s", hw_paths.build,
			 git_oid_tostr_s(git_tree_id(tree)));
	done = xasprintf("%s/.complete", *out);
	if (!file_exists(done)) {
		err = fill(repo, tree, *out);
		if (!err)
			err = file_replace(done, "", 0);
	}
	free(done);
	git_tree_free(tree);
	if (err) {
		free(*out);
		*out = NULL;
	}
	return err;
}
