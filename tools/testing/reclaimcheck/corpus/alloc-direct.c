// SPDX-License-Identifier: GPL-2.0-only
/* A blocking allocation in run_job itself. */
// expect: reclaim run -> kmalloc

#include "rc.h"

static struct fence *run(struct job *job)
{
	return kmalloc(job->n, GFP_KERNEL);
}

RUN_JOB(run);
