// SPDX-License-Identifier: GPL-2.0-only
/* The scope does not help against locks. */
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
	unsigned int flags = memalloc_noreclaim_save();

	mutex_lock(&big);
	mutex_unlock(&big);
	memalloc_noreclaim_restore(flags);
	return (void *)job;
}

RUN_JOB(run);
