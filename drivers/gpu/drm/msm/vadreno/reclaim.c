// SPDX-License-Identifier: GPL-2.0-only
/*
 * A switch that makes the worst case the only one: each slab allocation that may
 * enter direct reclaim runs all shrinkers first, as it would when memory is short.
 * In debugfs/vadreno_reclaim: "mode" 0 off, 1 count, 2 run the shrinkers;
 * "ring_allocs" how many such allocations the schedulers' threads have made.
 */

#include <linux/atomic.h>
#include <linux/debugfs.h>
#include <linux/mm.h>
#include <linux/preempt.h>
#include <linux/sched/mm.h>

#include "vadreno.h"

/* Called by the slab allocator before each allocation, if it is set. */
void (*vadreno_alloc_hook)(gfp_t gfp);

static atomic_t ring_allocs;
static bool shrink;

static bool may_reclaim(gfp_t gfp)
{
	const gfp_t all = __GFP_DIRECT_RECLAIM | __GFP_IO | __GFP_FS;

	return (current_gfp_context(gfp) & all) == all &&
	       !(current->flags & PF_MEMALLOC) && !in_interrupt() &&
	       !irqs_disabled();
}

static void alloc_hook(gfp_t gfp)
{
	unsigned int flags;

	if (!may_reclaim(gfp))
		return;
	/* The name of a ring's scheduler: its thread's, where it has one. */
	if (!strncmp(current->comm, "ring", 4))
		atomic_inc(&ring_allocs);
	if (!READ_ONCE(shrink))
		return;
	flags = memalloc_noreclaim_save();
	drop_slab();
	memalloc_noreclaim_restore(flags);
}

static int mode_get(void *data, u64 *value)
{
	*value = READ_ONCE(vadreno_alloc_hook) ? READ_ONCE(shrink) + 1 : 0;
	return 0;
}

static int mode_set(void *data, u64 value)
{
	if (value > 2)
		return -EINVAL;
	WRITE_ONCE(shrink, value == 2);
	WRITE_ONCE(vadreno_alloc_hook, value ? alloc_hook : NULL);
	return 0;
}
DEFINE_DEBUGFS_ATTRIBUTE(mode_fops, mode_get, mode_set, "%llu\n");

static int __init vadreno_reclaim_init(void)
{
	struct dentry *dir = debugfs_create_dir("vadreno_reclaim", NULL);

	debugfs_create_file_unsafe("mode", 0600, dir, NULL, &mode_fops);
	debugfs_create_atomic_t("ring_allocs", 0600, dir, &ring_allocs);
	return 0;
}
late_initcall(vadreno_reclaim_init);
