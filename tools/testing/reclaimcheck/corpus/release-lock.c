// SPDX-License-Identifier: GPL-2.0-only
/* A lock that is held over reclaim only where a last reference goes. */
// expect: lock run -> big release

#include "rc.h"

static struct mutex big;

static inline int kref_put(struct kref *k, void (*release)(struct kref *k))
{
	if (--k->n)
		return 0;
	release(k);
	return 1;
}

static void gone(struct kref *k) { (void)k; kfree(kmalloc(4, GFP_KERNEL)); }

void drop(struct kref *k)
{
	mutex_lock(&big);
	kref_put(k, gone);
	mutex_unlock(&big);
}

static struct fence *run(struct job *job)
{
	mutex_lock(&big);
	mutex_unlock(&big);
	return NULL;
}

RUN_JOB(run);
