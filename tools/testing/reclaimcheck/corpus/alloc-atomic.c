// SPDX-License-Identifier: GPL-2.0-only
/* GFP_ATOMIC and GFP_NOWAIT never enter direct reclaim. */
// expect: nothing

#include "rc.h"

static struct fence *run(struct job *job)
{
	kfree(kmalloc(job->n, GFP_NOWAIT));
	return kzalloc(job->n, GFP_ATOMIC);
}

RUN_JOB(run);
