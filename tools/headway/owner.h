/* SPDX-License-Identifier: GPL-2.0-only */
/* Who owns which file: the entries of MAINTAINERS, by get_maintainer.pl. */
#ifndef HEADWAY_OWNER_H
#define HEADWAY_OWNER_H

#include <stddef.h>

#include "strlist.h"

/* The entry of MAINTAINERS that names a file the most closely. */
struct owner {
	char *path;
	char *entry;		/* its title, such as "DEVICE FREQUENCY (DEVFREQ)" */
	char *scm;		/* its T: line, or NULL */
};

struct owners {
	struct owner *o;	/* sorted by path */
	size_t n;
};

/*
 * Ask the get_maintainer.pl of the tree @dir (ktree.h) about @files. Entries that
 * have a maintainer go before those that are a list alone; then one that names a
 * deeper path; of two that name the same one, that in which it stands earlier, then
 * the one whose title sorts first. Returns 0, or -1 after a message; free @out in
 * both cases.
 */
int owners_find(const char *dir, const struct strlist *files, struct owners *out);
void owners_free(struct owners *os);

/* The owner of @path; it must have been among the files that were asked for. */
const struct owner *owner_of(const struct owners *os, const char *path);

/*
 * Whom to send the patches in @mails (paths of files) to: maintainers into @to;
 * reviewers and lists into @cc. Returns 0, or -1 after a message.
 */
int owners_recipients(const char *dir, const struct strlist *mails,
		      struct strlist *to, struct strlist *cc);

/* The maintainers of stable and its list, into @to. As owners_recipients(). */
int owners_stable(const char *dir, struct strlist *to);

/* Is @file named by the pattern @glob of an F: line? -1: no; else its depth. */
int owner_depth(const char *glob, const char *file);

#endif /* HEADWAY_OWNER_H */
