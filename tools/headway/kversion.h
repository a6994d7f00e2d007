/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One file of ours serves several kernels, by asking for LINUX_VERSION_CODE.
 * Upstream has one kernel, and no use for the question.
 */
#ifndef HEADWAY_KVERSION_H
#define HEADWAY_KVERSION_H

#include <git2.h>

#include "strlist.h"

#define KVERSION(a, b, c) (((a) << 16) + ((b) << 8) + (c))

/* The version that the Makefile of @tree names; 0 if it names none. */
unsigned int kversion_of(git_repository *repo, git_tree *tree);

/*
 * @text as a kernel of @version has it: what is for others is gone, with the
 * questions. A question of another form than "#if LINUX_VERSION_CODE >=
 * KERNEL_VERSION(1, 2, 3)" (or <) stays. The caller's to free.
 */
char *kversion_resolve(const char *text, unsigned int version);

/*
 * Do so with @files in the tree @id, as far as they are there; @id becomes that of
 * the new tree. 0, or -1 after a message.
 */
int kversion_resolve_tree(git_repository *repo, git_oid *id,
			  const struct strlist *files, unsigned int version);

#endif /* HEADWAY_KVERSION_H */
