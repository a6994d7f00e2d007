// SPDX-License-Identifier: GPL-2.0-only
/* Code that the compiler knows to be dead is not read. */
// expect: nothing

#include "rc.h"

static struct fence *run(struct job *job)
{
	if (0)
		return kmalloc(job->n, GFP_KERNEL);
	return NULL;
}

RUN_JOB(run);
