// SPDX-License-Identifier: GPL-2.0-only
/* One of two values is enough. */
// expect: reclaim run -> kmalloc

#include "rc.h"

static struct fence *run(struct job *job)
{
	return kmalloc(8, job->n ? GFP_KERNEL : GFP_ATOMIC);
}

RUN_JOB(run);
