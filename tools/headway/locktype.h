/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Locks of another type around the same code: rt_mutex_lock() where the patch has
 * mutex_lock(), raw_spin_lock() where it has spin_lock(). Text only, no parser.
 */
#ifndef HEADWAY_LOCKTYPE_H
#define HEADWAY_LOCKTYPE_H

#include <stdbool.h>

#include "hunk.h"

/* Are the lines the same but for the type of locks? */
bool locktype_same(const struct line *a, const struct line *b);

/*
 * Rewrite @l, which @h adds, for the types that the locks it names have elsewhere in @im: the
 * calls, definitions and members of each lock are looked up by the lock's name.
 * Returns the new line, the caller's to free, or NULL if nothing changes. A lock
 * that @im has in both types, or that is of another kind there (a semaphore where @l
 * has a mutex), is left alone, and *@doubt says so if it was NULL: the caller's to free.
 */
char *locktype_rewrite(const struct image *im, const struct hunk *h,
		       const struct line *l, char **doubt);

#endif /* HEADWAY_LOCKTYPE_H */
