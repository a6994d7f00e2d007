// SPDX-License-Identifier: GPL-2.0-only
/* The argument is changed before it is asked. */
// expect: reclaim get_pool -> kmalloc

#include "rc.h"

struct vm { void *pool; int n; };

static void *get_pool(struct vm *vm, bool create)
{
	if (vm->n)
		create = true;
	if (create)
		vm->pool = kmalloc(4, GFP_KERNEL);
	return vm->pool;
}

static struct fence *run(struct job *job)
{
	get_pool((void *)job->dev, false);
	return NULL;
}

RUN_JOB(run);
