/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A kernel tree that is not ours: a git clone, or a bare folder of sources. It
 * is read, never written, until everything is known.
 */
#ifndef HEADWAY_FOREIGN_H
#define HEADWAY_FOREIGN_H

#include <stdbool.h>

#include <git2.h>

#include "topic.h"

struct foreign {
	char *dir;
	bool is_git;
	git_repository *repo;	/* of a folder: objects in memory only */
	git_oid commit;		/* what the topics go onto */
	char version[32];	/* "6.1", of its Makefile */
};

/*
 * Open @dir. Of a folder without git only the files that @ts name are read. With
 * @scratch nothing is written to a clone. @rev: where to start in a clone.
 * Returns 0, or -1 after a message; foreign_close() in both cases.
 */
int foreign_open(const char *dir, const char *rev, bool scratch,
		 const struct topics *ts, struct foreign *out);
void foreign_close(struct foreign *f);

#endif /* HEADWAY_FOREIGN_H */
