// SPDX-License-Identifier: GPL-2.0-only
/* Held around a loop that allocates. */
// expect: lock run -> big

#include "rc.h"

static struct mutex big;

void other(int n)
{
	mutex_lock(&big);
	while (n--)
		kfree(kmalloc(n, GFP_KERNEL));
	mutex_unlock(&big);
}

static struct fence *run(struct job *job)
{
	mutex_lock(&big);
	mutex_unlock(&big);
	return (void *)job;
}

RUN_JOB(run);
