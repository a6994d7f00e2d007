/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * For KUnit tests of lock rules: which locks this thread holds, and what lockdep
 * has learnt of a lock and memory reclaim so far. Without lockdep nothing is
 * held and nothing is known, so a test that relies on an answer has to skip.
 */
#ifndef _KUNIT_LOCK_PROBE_H
#define _KUNIT_LOCK_PROBE_H

#include <linux/list.h>
#include <linux/lockdep.h>
#include <linux/sched.h>
#include <linux/string.h>

#ifdef CONFIG_PROVE_LOCKING
static inline bool lock_probe_names(const struct list_head *deps, const char *name)
{
	const struct lock_list *dep;

	list_for_each_entry(dep, deps, entry)
		if (dep->class->name && !strcmp(dep->class->name, name))
			return true;

	return false;
}

/* lock_probe_held() - the lock of that name that this thread holds, or NULL */
static inline struct lockdep_map *lock_probe_held(const char *name)
{
	int i;

	for (i = 0; i < current->lockdep_depth; i++)
		if (!strcmp(current->held_locks[i].instance->name, name))
			return current->held_locks[i].instance;

	return NULL;
}

/* lock_probe_reclaims_under() - has reclaim been entered with the lock held? */
static inline bool lock_probe_reclaims_under(const struct lockdep_map *map)
{
	const struct lock_class *class = map->class_cache[0];

	return class && lock_probe_names(&class->locks_after, "fs_reclaim");
}

/* lock_probe_taken_in_reclaim() - has the lock been taken by reclaim? */
static inline bool lock_probe_taken_in_reclaim(const struct lockdep_map *map)
{
	const struct lock_class *class = map->class_cache[0];

	return class && lock_probe_names(&class->locks_before, "fs_reclaim");
}
#else
static inline struct lockdep_map *lock_probe_held(const char *name)
{
	return NULL;
}

static inline bool lock_probe_reclaims_under(const struct lockdep_map *map)
{
	return false;
}

static inline bool lock_probe_taken_in_reclaim(const struct lockdep_map *map)
{
	return false;
}
#endif

#endif /* _KUNIT_LOCK_PROBE_H */
