// SPDX-License-Identifier: GPL-2.0-only
/* But a lock taken by trylock is held all the same. */
// expect: lock run -> big

#include "rc.h"

static struct mutex big;

void *other(int n)
{
	void *p = NULL;

	if (!mutex_trylock(&big))
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
