// SPDX-License-Identifier: GPL-2.0-only
/* Nobody passes false with a job; who does so under a lock is another matter. */
// expect: lock run -> big

#include "rc.h"

static struct mutex big, small;

static void *snapshot_alloc(int n, bool atomic)
{
	return kzalloc(n, atomic ? GFP_ATOMIC : GFP_KERNEL);
}

static void *snapshot(bool atomic, int n)
{
	return snapshot_alloc(n, atomic);
}

void show(void)
{
	mutex_lock(&big);
	kfree(snapshot(false, 4));
	mutex_unlock(&big);
}

void capture(void)
{
	mutex_lock(&small);
	kfree(snapshot(true, 4));
	mutex_unlock(&small);
}

static struct fence *run(struct job *job)
{
	kfree(snapshot(true, job->n));
	mutex_lock(&small);
	mutex_unlock(&small);
	mutex_lock(&big);
	mutex_unlock(&big);
	return NULL;
}

RUN_JOB(run);
