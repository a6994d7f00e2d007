/* SPDX-License-Identifier: GPL-2.0-only */
/* Who is working here, as git knows it. */
#ifndef HEADWAY_WHO_H
#define HEADWAY_WHO_H

#include <git2.h>

struct who {
	char *name;
	char *email;
};

/*
 * The committer as git would take him: GIT_COMMITTER_NAME and _EMAIL, else
 * user.name and user.email of @repo and of the user. Nothing is made up from the
 * host's name: without them, -1 after a message with a hint. who_free() in both
 * cases.
 */
int who_read(git_repository *repo, struct who *out);
void who_free(struct who *w);

#endif /* HEADWAY_WHO_H */
