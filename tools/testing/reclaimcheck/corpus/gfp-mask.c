// SPDX-License-Identifier: GPL-2.0-only
/* A mask takes the reclaim bit away. */
// expect: nothing

#include "rc.h"

static void *helper(int n, gfp_t gfp) { return kmalloc(n, gfp & ~__GFP_DIRECT_RECLAIM); }

static struct fence *run(struct job *job)
{
	return helper(job->n, GFP_KERNEL);
}

RUN_JOB(run);
