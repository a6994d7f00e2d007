// SPDX-License-Identifier: GPL-2.0-only
/* memalloc_noreclaim_save() keeps allocations out of reclaim. */
// expect: nothing

#include "rc.h"

static struct fence *run(struct job *job)
{
	unsigned int flags = memalloc_noreclaim_save();
	void *p = kmalloc(job->n, GFP_KERNEL);

	memalloc_noreclaim_restore(flags);
	return p;
}

RUN_JOB(run);
