// SPDX-License-Identifier: GPL-2.0-only
/* The allocation is on the branch where the trylock failed. */
// expect: nothing

#include "rc.h"

static struct mutex big;

void *other(int n)
{
	if (!mutex_trylock(&big))
		return kmalloc(n, GFP_KERNEL);
	mutex_unlock(&big);
	return NULL;
}

static struct fence *run(struct job *job)
{
	mutex_lock(&big);
	mutex_unlock(&big);
	return (void *)job;
}

RUN_JOB(run);
