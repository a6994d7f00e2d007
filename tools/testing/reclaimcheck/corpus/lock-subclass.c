// SPDX-License-Identifier: GPL-2.0-only
/* Another subclass is another class, as for lockdep. */
// expect: nothing

#include "rc.h"

static struct mutex tree;

void *other(int n)
{
	void *p;

	mutex_lock_nested(&tree, 1);
	p = kmalloc(n, GFP_KERNEL);
	mutex_unlock(&tree);
	return p;
}

static struct fence *run(struct job *job)
{
	mutex_lock_nested(&tree, 0);
	mutex_unlock(&tree);
	return (void *)job;
}

RUN_JOB(run);
