// SPDX-License-Identifier: GPL-2.0-only
/* A reader blocks on a writer that allocates. */
// expect: lock run -> sem

#include "rc.h"

static struct rw_semaphore sem;

void *other(int n)
{
	void *p;

	down_write(&sem);
	p = kmalloc(n, GFP_KERNEL);
	up_write(&sem);
	return p;
}

static struct fence *run(struct job *job)
{
	down_read(&sem);
	up_read(&sem);
	return (void *)job;
}

RUN_JOB(run);
