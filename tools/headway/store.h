/* SPDX-License-Identifier: GPL-2.0-only */
/* Opening the fork's repository, and the names of its refs. */
#ifndef HEADWAY_STORE_H
#define HEADWAY_STORE_H

#include <stdbool.h>

#include <git2.h>

#include "strlist.h"

/*
 * Open hw_paths.repo. With @scratch, objects that are written stay in memory
 * and vanish with the handle: for commands that only look. Returns 0, or -1
 * after a message that says how to make the repository.
 */
int store_open(git_repository **out, bool scratch);

/* Make every object written to @repo from now on stay in memory. */
int store_scratch(git_repository *repo);

/* The names of the bases that are imported, sorted by version; none is an error. */
int store_bases(git_repository *repo, struct strlist *out);

/*
 * Full ref names; the caller's to free. "built" is the hidden ref that records
 * where headway itself put a branch, so that commits which a developer made on
 * it are seen.
 */
char *ref_base(const char *base);
char *ref_topic(const char *base, const char *topic);
char *ref_topic_built(const char *base, const char *topic);
char *ref_integration(const char *base);
char *ref_without(const char *base, const char *change);

#endif /* HEADWAY_STORE_H */
