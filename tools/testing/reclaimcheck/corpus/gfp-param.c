// SPDX-License-Identifier: GPL-2.0-only
/* The flags are decided in run_job, used further down: reported where decided. */
// expect: reclaim run -> helper

#include "rc.h"

static void *helper(int n, gfp_t gfp) { return kmalloc(n, gfp | 0x100u); }

static struct fence *run(struct job *job)
{
	kfree(helper(job->n, GFP_NOWAIT));
	return helper(job->n, GFP_KERNEL);
}

RUN_JOB(run);
