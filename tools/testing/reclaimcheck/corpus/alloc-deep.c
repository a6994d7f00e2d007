// SPDX-License-Identifier: GPL-2.0-only
/* Two calls down, in another function. */
// expect: reclaim two -> kzalloc

#include "rc.h"

static void *two(int n) { return kzalloc(n, GFP_KERNEL); }
static void *one(int n) { return two(n + 1); }

static struct fence *run(struct job *job)
{
	return one(job->n);
}

RUN_JOB(run);
