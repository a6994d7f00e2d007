/* SPDX-License-Identifier: GPL-2.0-only */
/* What was imported: the record in the message of a base's commit. */
#ifndef HEADWAY_IMPORTED_H
#define HEADWAY_IMPORTED_H

#include <stdint.h>

#include <git2.h>

struct imported {
	git_oid commit;
	git_oid tree;
	char *package;	/* NULL unless it came from a package */
	char *version;
	char *sha256;	/* of the tarball; NULL if it came from a clone */
};

/**
 * imported_read() - look a base up
 * @repo: the fork's repository
 * @base: the base's name
 * @out: free it with imported_free()
 *
 * Return: 0; 1 if the base is not there; -1 after an error.
 */
int imported_read(git_repository *repo, const char *base, struct imported *out);
void imported_free(struct imported *im);

/**
 * imported_commit() - the text of the commit for an import
 * @base: the base's name
 * @im: all but the commit's own id
 * @date: seconds since the epoch, for author and committer
 *
 * Return: the commit as git stores it, to be freed. It depends on nothing but
 * what is handed in.
 */
char *imported_commit(const char *base, const struct imported *im, int64_t date);

#endif /* HEADWAY_IMPORTED_H */
