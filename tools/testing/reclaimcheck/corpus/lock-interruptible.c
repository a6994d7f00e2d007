// SPDX-License-Identifier: GPL-2.0-only
/* An interruptible lock is held where it returned zero. */
// expect: lock run -> big

#include "rc.h"

static struct mutex big;

void *other(int n)
{
	void *p;

	if (mutex_lock_interruptible_nested(&big, 0))
		return NULL;
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
