/* SPDX-License-Identifier: GPL-2.0-only */
/* Folders of patches that are written for others. */
#ifndef HEADWAY_PATCHSET_H
#define HEADWAY_PATCHSET_H

#include <git2.h>

#include "fork.h"

/* The difference that commit @id makes, as git shows it; 0, or -1 after a message. */
int patchset_diff(git_repository *repo, const git_oid *id, git_diff **out);

/* Commit @id as a patch mail; the caller's to free, NULL after a message. */
char *patchset_mail(git_repository *repo, const git_oid *id);

/* "0007-topic-change.patch": the name of the @number-th patch; caller's to free. */
char *patchset_name(int number, const struct cell *c);

/*
 * May a patch set be written to @folder? It must be empty or not there. 0, or -1
 * after a message.
 */
int patchset_folder(const char *folder);

/* May a branch be made as @name in @repo? 0, or -1 after a message. */
int patchset_branch(git_repository *repo, const char *name);

#endif /* HEADWAY_PATCHSET_H */
