/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Nested git trees from a flat list of paths, in any order.
 */
#ifndef HEADWAY_TREEBUILD_H
#define HEADWAY_TREEBUILD_H

#include <stddef.h>

#include <git2.h>

struct treebuild;

struct treebuild *treebuild_new(void);
void treebuild_free(struct treebuild *tb);

/**
 * treebuild_add() - a file or a symbolic link
 * @tb: the trees
 * @path: relative, no "." or ".." or empty components
 * @mode: GIT_FILEMODE_BLOB, _BLOB_EXECUTABLE or _LINK
 *
 * A path that is there already is replaced, as tar does.
 *
 * Return: where the caller puts the blob's id before treebuild_write(); valid
 * as long as @tb. NULL if the path, or a folder on the way, is both a folder
 * and something else; prints nothing.
 */
git_oid *treebuild_add(struct treebuild *tb, const char *path,
		       git_filemode_t mode);

/**
 * treebuild_link() - a hard link: @path has the mode and content of @target
 *
 * Return: 0; -1 if @target is not there or @path is a folder; prints nothing.
 */
int treebuild_link(struct treebuild *tb, const char *path, const char *target);

/**
 * treebuild_dir() - a folder is at @path
 *
 * git has no empty folders: one in which nothing is added leaves no trace.
 *
 * Return: 0; -1 if something else is at @path; prints nothing.
 */
int treebuild_dir(struct treebuild *tb, const char *path);

/* Called for every tree that treebuild_write() makes, innermost first. */
typedef int (*treebuild_emit)(void *arg, const git_oid *id, const void *data,
			      size_t len);

/**
 * treebuild_write() - make the trees
 * @tb: the trees; all blob ids are known by now
 * @root: set to the id of the outermost one
 * @emit: called for each tree, in an order that depends on the paths alone
 * @arg: handed to @emit
 *
 * Return: 0, or what @emit returned if that was not 0.
 */
int treebuild_write(struct treebuild *tb, git_oid *root, treebuild_emit emit,
		    void *arg);

#endif /* HEADWAY_TREEBUILD_H */
