/* SPDX-License-Identifier: GPL-2.0-only */
/* A kernel tree that was built with reclaimcheck-cc. */
#ifndef RC_TREE_H
#define RC_TREE_H

#include "program.h"

/* The file in a built tree that says what the build is made of. */
#define TREE_MANIFEST ".reclaimcheck"

/*
 * Skeletons of a tree (or of the files that are named), in the order of their
 * names. A tree whose build did not finish is an error unless @partial.
 */
struct objects {
	RC_DECLARE_VEC(char *) path;	/* as in messages */
	RC_DECLARE_VEC(char *) data;
	RC_DECLARE_VEC(size_t) len;
};

int tree_objects(const char *path, bool partial, struct objects *o);
int tree_load(struct prog *p, struct objects *o);
void objects_free(struct objects *o);

/* thinar.c: members of a thin archive, relative to the tree's top. */
int thin_archive(const char *top, const char *archive, struct objects *o);

/*
 * changed.c: objects of the manifest, from @top, that are older than a file they were made
 * from. 0: those are all that a build would make; 1: a build has to look for itself; -1: the
 * tree was not built to the end.
 */
int tree_changed(const char *top, struct objects *changed);
bool tree_object_is_old(const char *top, const char *object);

/* build.c */
struct build_opts {
	const char *kdir, *arch, *fragment, *jobs, *prefix;
	char **target;
	int ntarget;
	bool verbose, keep_going, changed;
};

int tree_build(const struct build_opts *o);

#endif /* RC_TREE_H */
