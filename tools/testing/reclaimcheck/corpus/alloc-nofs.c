// SPDX-License-Identifier: GPL-2.0-only
/* GFP_NOFS does not help: direct reclaim waits for fences all the same. */
// expect: reclaim run -> kmalloc

#include "rc.h"

static struct fence *run(struct job *job)
{
	return kmalloc(job->n, GFP_NOFS);
}

RUN_JOB(run);
