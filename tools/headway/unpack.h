/* SPDX-License-Identifier: GPL-2.0-only */
/* From a tarball to the objects of a repository. */
#ifndef HEADWAY_UNPACK_H
#define HEADWAY_UNPACK_H

#include <git2.h>

#include "tarball.h"
#include "imported.h"

/* What an import brings to the repository, besides where it came from. */
struct unpack {
	const char *base;
	/* The tarball's SHA-256 as it must be, or NULL; lower case. */
	const char *want_sha256;
	size_t n_objects;	/* written: the others were there already */
	uint64_t n_bytes;	/* of the pack */
};

/**
 * unpack_tarball() - put a tarball's tree, and a commit of it, into a repository
 * @repo: the fork's repository; the writer's lock is held
 * @tb: the tarball, newly opened
 * @u: the base's name and the checksum; the figures are filled in
 * @im: package and version, if any; the rest is filled in
 *
 * All new objects come in one pack, which appears in one step. No ref is moved.
 *
 * Return: 0, or -1 after an error, with the repository as it was.
 */
int unpack_tarball(git_repository *repo, struct tarball *tb, struct unpack *u,
		   struct imported *im);

#endif /* HEADWAY_UNPACK_H */
