// SPDX-License-Identifier: GPL-2.0-only
/* The callee drops its caller's lock for the allocation and takes it again. */
// expect: nothing

#include "rc.h"

static struct mutex big;

static void *unlocked(int n)
{
	void *p;

	mutex_unlock(&big);
	p = kmalloc(n, GFP_KERNEL);
	mutex_lock(&big);
	return p;
}

void *other(int n)
{
	void *p;

	mutex_lock(&big);
	p = unlocked(n);
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
