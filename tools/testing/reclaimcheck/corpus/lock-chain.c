// SPDX-License-Identifier: GPL-2.0-only
/* Locks away: a is held while blocking on b, b over an allocation. */
// expect: lock run -> a

#include "rc.h"

static struct mutex a, b;

void *innermost(void)
{
	void *p;

	mutex_lock(&b);
	p = kmalloc(4, GFP_KERNEL);
	mutex_unlock(&b);
	return p;
}

void middle(void)
{
	mutex_lock(&a);
	mutex_lock(&b);
	mutex_unlock(&b);
	mutex_unlock(&a);
}

static struct fence *run(struct job *job)
{
	mutex_lock(&a);
	mutex_unlock(&a);
	return (void *)job;
}

RUN_JOB(run);
