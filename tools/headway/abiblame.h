/* SPDX-License-Identifier: GPL-2.0-only */
/* Which change a difference of the interface comes from. */
#ifndef HEADWAY_ABIBLAME_H
#define HEADWAY_ABIBLAME_H

#include <git2.h>

#include "abireport.h"
#include "fork.h"

/*
 * The changes of @f (one line of commits in @repo) that touch the definition of
 * @it: lines of the structure's or the enum's body, or lines that declare
 * or export the function or variable. Added to @out as "TOPIC/CHANGE", in their order; none if
 * it cannot be told. 0, or -1 after a message.
 */
int abi_blame(git_repository *repo, const struct fork *f,
	      const struct abi_item *it, struct strlist *out);

#endif /* HEADWAY_ABIBLAME_H */
