// SPDX-License-Identifier: GPL-2.0-only
/* The scope covers one call of two. */
// expect: reclaim run -> helper

#include "rc.h"

static void *helper(int n, gfp_t gfp) { return kmalloc(n, gfp); }

static struct fence *run(struct job *job)
{
	unsigned int flags = memalloc_noreclaim_save();

	kfree(helper(job->n, GFP_KERNEL));
	memalloc_noreclaim_restore(flags);
	return helper(job->n, GFP_KERNEL);
}

RUN_JOB(run);
