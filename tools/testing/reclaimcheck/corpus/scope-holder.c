// SPDX-License-Identifier: GPL-2.0-only
/* A lock held over an allocation within a noreclaim scope only. */
// expect: nothing

#include "rc.h"

static struct mutex big;

void *other(int n)
{
	unsigned int flags;
	void *p;

	mutex_lock(&big);
	flags = memalloc_noreclaim_save();
	p = kmalloc(n, GFP_KERNEL);
	memalloc_noreclaim_restore(flags);
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
