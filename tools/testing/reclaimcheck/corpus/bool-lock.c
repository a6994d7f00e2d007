// SPDX-License-Identifier: GPL-2.0-only
/* Who holds the lock passes false, and does not allocate. */
// expect: nothing

#include "rc.h"

static struct mutex lock;

struct vm { void *pool; };

static void *get_pool(struct vm *vm, bool create)
{
	if (!vm->pool && create)
		vm->pool = kmalloc(4, GFP_KERNEL);
	return vm->pool;
}

void *make(struct vm *vm) { return get_pool(vm, true); }

void *oom(struct vm *vm)
{
	void *p;

	mutex_lock(&lock);
	p = get_pool(vm, false);
	mutex_unlock(&lock);
	return p;
}

static struct fence *run(struct job *job)
{
	mutex_lock(&lock);
	mutex_unlock(&lock);
	return (void *)job;
}

RUN_JOB(run);
