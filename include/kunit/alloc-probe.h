/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * For KUnit tests of code that must not allocate under a lock: watch what a
 * test's thread allocates and frees, and make its allocations fail one by one.
 *
 * Everything is static, so include this from the suite's only file. The kernel
 * needs TRACEPOINTS, LOCKDEP, STACKTRACE and KALLSYMS; for failing allocations also FAILSLAB
 * and FAULT_INJECTION_DEBUG_FS.
 */
#ifndef _KUNIT_ALLOC_PROBE_H
#define _KUNIT_ALLOC_PROBE_H

#include <kunit/test.h>
#include <linux/dcache.h>
#include <linux/debug_locks.h>
#include <linux/debugfs.h>
#include <linux/gfp.h>
#include <linux/kallsyms.h>
#include <linux/panic.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/stacktrace.h>
#include <linux/string.h>
#include <linux/tracepoint.h>
#include <trace/events/kmem.h>

#define ALLOC_PROBE_MAX	128

/**
 * struct alloc_probe - what the thread that started it has allocated
 * @lock:	lockdep's name of the lock that must not be held
 * @owner:	functions whose name contains this own the memory to keep track of
 * @total:	allocations seen
 * @locked:	those that may wait for reclaim while @lock is held
 * @site:	where the first of @locked was made
 * @live:	number of objects of @owner that have not been freed again
 *
 * The first two are set by the test, the others are results.
 */
struct alloc_probe {
	const char *lock;
	const char *owner;
	unsigned int total;
	unsigned int locked;
	void *site;
	unsigned int live;

	struct task_struct *task;
	bool warned;
	unsigned int count;
	struct {
		const void *ptr;
		size_t size;
		unsigned long freed;	/* by whom, or 0 */
	} object[ALLOC_PROBE_MAX];
};

/* The probe that is on, and what protects it and its fields. */
static struct alloc_probe *alloc_probe_on;
static DEFINE_RAW_SPINLOCK(alloc_probe_spin);

/* Is a lock of that name held by this thread? Needs lockdep to be on. */
static bool alloc_probe_lock_held(const char *name)
{
	int i;

	for (i = 0; i < current->lockdep_depth; i++) {
		if (!strcmp(current->held_locks[i].instance->name, name))
			return true;
	}

	return false;
}

/*
 * The compiler may leave an inline function such as kzalloc() out of line. Then
 * it is its caller, the next one on the stack, who owns the memory.
 */
static unsigned long alloc_probe_caller(unsigned long site)
{
	unsigned long entry[16];
	unsigned int i, n;

	n = stack_trace_save(entry, ARRAY_SIZE(entry), 0);
	for (i = 0; i + 1 < n; i++) {
		if (entry[i] == site)
			return entry[i + 1];
	}

	return site;
}

static bool alloc_probe_owned(struct alloc_probe *probe, unsigned long site)
{
	char name[KSYM_SYMBOL_LEN];
	const char *bare;

	sprint_symbol_no_offset(name, site);
	bare = name + strspn(name, "_");
	if (str_has_prefix(bare, "kzalloc") || str_has_prefix(bare, "kmalloc") ||
	    str_has_prefix(bare, "kcalloc"))
		sprint_symbol_no_offset(name, alloc_probe_caller(site));

	return strstr(name, probe->owner);
}

static void alloc_probe_alloc(unsigned long site, const void *ptr, size_t size,
			      gfp_t gfp)
{
	struct alloc_probe *probe;
	unsigned long flags;

	if (!in_task())
		return;

	raw_spin_lock_irqsave(&alloc_probe_spin, flags);

	probe = alloc_probe_on;
	if (!probe || current != probe->task)
		goto out;

	probe->total++;
	if (gfpflags_allow_blocking(gfp) && alloc_probe_lock_held(probe->lock)) {
		if (!probe->locked++)
			probe->site = (void *)site;
	}

	if (ptr && probe->count < ALLOC_PROBE_MAX && alloc_probe_owned(probe, site)) {
		probe->object[probe->count].ptr = ptr;
		probe->object[probe->count].size = size;
		probe->count++;
		probe->live++;
	}

out:
	raw_spin_unlock_irqrestore(&alloc_probe_spin, flags);
}

/* Whoever frees it: it may be a work, or RCU. */
static void alloc_probe_free(unsigned long site, const void *ptr)
{
	struct alloc_probe *probe;
	unsigned long flags;
	unsigned int i;

	raw_spin_lock_irqsave(&alloc_probe_spin, flags);

	probe = alloc_probe_on;
	for (i = 0; probe && i < probe->count; i++) {
		if (probe->object[i].ptr == ptr && !probe->object[i].freed) {
			probe->object[i].freed = site;
			probe->live--;
			break;
		}
	}

	raw_spin_unlock_irqrestore(&alloc_probe_spin, flags);
}

static void alloc_probe_kmalloc(void *data, unsigned long site, const void *ptr,
				size_t req, size_t size, gfp_t gfp, int node)
{
	alloc_probe_alloc(site, ptr, size, gfp);
}

static void alloc_probe_cache_alloc(void *data, unsigned long site,
				    const void *ptr, struct kmem_cache *cache,
				    gfp_t gfp, int node)
{
	alloc_probe_alloc(site, ptr, 1, gfp);
}

static void alloc_probe_kfree(void *data, unsigned long site, const void *ptr)
{
	alloc_probe_free(site, ptr);
}

static void alloc_probe_cache_free(void *data, unsigned long site,
				   const void *ptr,
				   const struct kmem_cache *cache)
{
	alloc_probe_free(site, ptr);
}

/*
 * For the suite's suite_exit(). To wait for the last hook takes so long that
 * one does not want it for each pass.
 */
static void alloc_probe_unhook(void)
{
	unregister_trace_kmem_cache_free(alloc_probe_cache_free, NULL);
	unregister_trace_kfree(alloc_probe_kfree, NULL);
	unregister_trace_kmem_cache_alloc(alloc_probe_cache_alloc, NULL);
	unregister_trace_kmalloc(alloc_probe_kmalloc, NULL);
	tracepoint_synchronize_unregister();
}

/* For the suite's suite_init(). */
static int alloc_probe_hook(void)
{
	int ret;

	ret = register_trace_kmalloc(alloc_probe_kmalloc, NULL);
	if (!ret)
		ret = register_trace_kmem_cache_alloc(alloc_probe_cache_alloc, NULL);
	if (!ret)
		ret = register_trace_kfree(alloc_probe_kfree, NULL);
	if (!ret)
		ret = register_trace_kmem_cache_free(alloc_probe_cache_free, NULL);
	if (ret)
		alloc_probe_unhook();

	return ret;
}

static void alloc_probe_set(struct alloc_probe *probe)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&alloc_probe_spin, flags);
	alloc_probe_on = probe;
	raw_spin_unlock_irqrestore(&alloc_probe_spin, flags);
}

/* Begin to watch the calling thread. */
static void alloc_probe_start(struct kunit *test, struct alloc_probe *probe,
			      const char *lock, const char *owner)
{
	/* After a splat lockdep no longer knows which locks are held. */
	KUNIT_ASSERT_TRUE_MSG(test, debug_locks, "lockdep is off: look above");

	memset(probe, 0, sizeof(*probe));
	probe->lock = lock;
	probe->owner = owner;
	probe->task = current;
	probe->warned = test_taint(TAINT_WARN);

	alloc_probe_set(probe);
}

/* To be called in the test's exit(), too: an assertion may have ended it. */
static void alloc_probe_stop(void)
{
	alloc_probe_set(NULL);
}

/*
 * Does @ptr point into memory that the probe has seen allocated and not freed?
 * If it has been freed, @freed says by whom; it is not touched otherwise.
 */
static bool __maybe_unused alloc_probe_is_live(struct alloc_probe *probe,
					       const void *ptr, void **freed)
{
	unsigned long flags;
	bool live = false;
	unsigned int i;

	raw_spin_lock_irqsave(&alloc_probe_spin, flags);
	for (i = 0; i < probe->count; i++) {
		if (ptr < probe->object[i].ptr ||
		    ptr >= probe->object[i].ptr + probe->object[i].size)
			continue;
		if (!probe->object[i].freed)
			live = true;
		else
			*freed = (void *)probe->object[i].freed;
	}
	raw_spin_unlock_irqrestore(&alloc_probe_spin, flags);

	return live;
}

/*
 * What must be true once the probe has been stopped: nothing that may wait for
 * reclaim was allocated under the lock, all has been freed, no lock is held, and
 * there was no warning (that is, none if the kernel had not warned before).
 */
static void alloc_probe_expect_clean(struct kunit *test, struct alloc_probe *probe)
{
	KUNIT_EXPECT_EQ_MSG(test, probe->locked, 0U,
			    "%u of %u allocations under %s, first by %pS",
			    probe->locked, probe->total, probe->lock,
			    probe->site);
	KUNIT_EXPECT_EQ_MSG(test, probe->live, 0U, "leaked");
	KUNIT_EXPECT_EQ_MSG(test, current->lockdep_depth, 0, "a lock is still held");
	KUNIT_EXPECT_EQ_MSG(test, !!test_taint(TAINT_WARN), probe->warned,
			    "a warning: look above");
}

#if IS_ENABLED(CONFIG_FAILSLAB) && IS_ENABLED(CONFIG_FAULT_INJECTION_DEBUG_FS)

/*
 * failslab only fails atomic allocations unless told otherwise, and the switch
 * is nowhere but in debugfs, whose files point to their variables.
 */
static void *alloc_fault_knob(const char *dir, const char *file)
{
	struct dentry *parent = debugfs_lookup(dir, NULL);
	struct dentry *dentry;
	void *knob = NULL;

	if (!parent)
		return NULL;

	dentry = debugfs_lookup(file, parent);
	if (dentry) {
		knob = d_inode(dentry)->i_private;
		dput(dentry);
	}
	dput(parent);

	return knob;
}

/* Let (or no longer let) the fault that alloc_fault_arm() orders hit anything. */
static bool alloc_fault_enable(bool enable)
{
	bool *ignore_blocking = alloc_fault_knob("failslab", "ignore-gfp-wait");
	unsigned long *verbose = alloc_fault_knob("failslab", "verbose");
	u32 *min_order = alloc_fault_knob("fail_page_alloc", "min-order");

	if (!ignore_blocking || !verbose)
		return false;

	*ignore_blocking = !enable;
	/* A stack dump for each fault would look like a splat. */
	*verbose = enable ? 0 : 2;
	/* A slab's pages come and go: they would make the count a random one. */
	if (min_order)
		*min_order = enable ? 32 : 1;

	return true;
}

/* Make this thread's @nth slab allocation from now on fail. */
static void alloc_fault_arm(unsigned int nth)
{
	current->fail_nth = nth;
}

/* Returns whether there were that many, so that one has failed. */
static bool alloc_fault_disarm(void)
{
	bool hit = !current->fail_nth;

	current->fail_nth = 0;

	return hit;
}

#else

static bool alloc_fault_enable(bool enable) { return false; }
static void alloc_fault_arm(unsigned int nth) { }
static bool alloc_fault_disarm(void) { return false; }

#endif

#endif /* _KUNIT_ALLOC_PROBE_H */
