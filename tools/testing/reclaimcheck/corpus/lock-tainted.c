// SPDX-License-Identifier: GPL-2.0-only
/* The lock is held over an allocation by code that has nothing to do with jobs. */
// expect: lock run -> big

#include "rc.h"

static struct mutex big;

void *other(int n)
{
	void *p;

	mutex_lock(&big);
	p = kmalloc(n, GFP_KERNEL);
	mutex_unlock(&big);
	return p;
}

static struct fence *run(struct job *job)
{
	mutex_lock(&big);
	mutex_unlock(&big);
	return (void *)job;
}

RUN_JOB(run);
