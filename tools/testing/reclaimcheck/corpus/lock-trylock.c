// SPDX-License-Identifier: GPL-2.0-only
/* A trylock never blocks: no edge. */
// expect: nothing

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
	if (mutex_trylock(&big))
		mutex_unlock(&big);
	return (void *)job;
}

RUN_JOB(run);
