/* SPDX-License-Identifier: GPL-2.0-only */
/* The fork's repository, as import makes and mends it. */
#ifndef HEADWAY_DEPOT_H
#define HEADWAY_DEPOT_H

#include <git2.h>

#include "lock.h"

/**
 * depot_peek() - open the fork's repository for reading
 * @out: set to the repository, or NULL if there is none yet
 *
 * Return: 0, or -1 after an error: it is there and cannot be opened.
 */
int depot_peek(git_repository **out);

/**
 * depot_open() - open the fork's repository for writing, make it if need be
 * @out: set to the repository
 * @lock: taken, and to be dropped by the caller also on failure
 *
 * Clears up what killed writers left behind: temporary packs, locks of config
 * and refs (only headway writes those, and we have the writer's lock).
 *
 * Return: 0, or -1 after an error.
 */
int depot_open(git_repository **out, struct hw_lock *lock);

/**
 * depot_own_objects() - the objects that are the repository's own
 * @out: set to a database without the alternates
 * @repo: the fork's repository
 *
 * Return: 0, or -1 after an error.
 */
int depot_own_objects(git_odb **out, git_repository *repo);

/**
 * depot_borrow() - use the objects of another repository
 * @repo: the fork's repository
 * @other: the one to borrow from, which is only read
 *
 * Adds it to the alternates; a shallow clone's boundary is taken over.
 *
 * Return: 0, or -1 after an error.
 */
int depot_borrow(git_repository *repo, git_repository *other);

/** depot_set_base() - move refs/heads/<base>/base to @commit; 0, or -1 after an error */
int depot_set_base(git_repository *repo, const char *base, const git_oid *commit);

#endif /* HEADWAY_DEPOT_H */
