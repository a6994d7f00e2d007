// SPDX-License-Identifier: GPL-2.0-only
/* What the last reference sets free is a tier of its own. */
// expect: reclaim gone -> kmalloc release

#include "rc.h"

static inline int kref_put(struct kref *k, void (*release)(struct kref *k))
{
	if (--k->n)
		return 0;
	release(k);
	return 1;
}

static void gone(struct kref *k) { (void)k; kfree(kmalloc(4, GFP_KERNEL)); }

static struct fence *run(struct job *job)
{
	kref_put((void *)job->dev, gone);
	return NULL;
}

RUN_JOB(run);
