// SPDX-License-Identifier: GPL-2.0-only
/* What is certain about a lock counts for more than its release paths. */
// expect: lock run -> big

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

void hold(void)
{
	mutex_lock(&big);
	kfree(kmalloc(8, GFP_KERNEL));
	mutex_unlock(&big);
}

static struct fence *run(struct job *job)
{
	mutex_lock(&big);
	mutex_unlock(&big);
	return NULL;
}

RUN_JOB(run);
