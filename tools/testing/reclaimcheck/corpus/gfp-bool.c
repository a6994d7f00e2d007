// SPDX-License-Identifier: GPL-2.0-only
/* Flags that a bool argument chooses are what the caller passes. */
// expect: reclaim snapshot_alloc -> kzalloc

#include "rc.h"

static void *snapshot_alloc(int n, bool atomic)
{
	return kzalloc(n, atomic ? GFP_ATOMIC : GFP_KERNEL);
}

static void *snapshot(bool atomic, int n)
{
	return snapshot_alloc(n, atomic);
}

static struct fence *run(struct job *job)
{
	return snapshot(job->n > 4, 1);
}

RUN_JOB(run);
