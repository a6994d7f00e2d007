// SPDX-License-Identifier: GPL-2.0-only
/* A function may add the reclaim bit, whatever it is handed. */
// expect: reclaim run -> helper

#include "rc.h"

static void *helper(int n, gfp_t gfp) { return kmalloc(n, gfp); }

static struct fence *run(struct job *job)
{
	gfp_t gfp = GFP_NOWAIT;

	return helper(job->n, gfp | __GFP_DIRECT_RECLAIM);
}

RUN_JOB(run);
