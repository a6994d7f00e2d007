/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One commit of a topic branch, taken apart into what the topics folder keeps:
 * a patch mail, and the files of ours that are new to the kernel.
 */
#ifndef HEADWAY_EXTRACT_H
#define HEADWAY_EXTRACT_H

#include <stdbool.h>
#include <stddef.h>

#include <git2.h>

#include "topic.h"

struct own_file {
	char *path;		/* in the kernel */
	git_blob *blob;
};

struct extract {
	git_repository *repo;
	const git_oid *base_commit;
	git_tree *before, *after;
	char *mail;		/* less the files of ours */
	struct own_file *own;
	size_t n_own;
};

/*
 * Take @commit apart. @c is the change that it is a new version of, or NULL;
 * @base_commit tells which files the kernel has. Returns 0, or -1 after a
 * message; extract_free() @x in both cases.
 */
int extract_commit(git_repository *repo, const git_oid *base_commit,
		   git_commit *commit, const struct change *c,
		   struct extract *x);

/*
 * Does the patch file at @path already say what @x says: the same words, and
 * the same tree out of the same parent? Offsets and index lines may differ.
 */
bool extract_is_file(const struct extract *x, const char *path);

void extract_free(struct extract *x);

#endif /* HEADWAY_EXTRACT_H */
