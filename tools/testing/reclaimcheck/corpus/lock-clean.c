// SPDX-License-Identifier: GPL-2.0-only
/* A lock that nobody holds over an allocation. */
// expect: nothing

#include "rc.h"

static struct mutex small;

int other(void)
{
	void *p = kmalloc(4, GFP_KERNEL);

	mutex_lock(&small);
	mutex_unlock(&small);
	return !p;
}

static struct fence *run(struct job *job)
{
	mutex_lock(&small);
	mutex_unlock(&small);
	return (void *)job;
}

RUN_JOB(run);
