// SPDX-License-Identifier: GPL-2.0-only
/* A bool argument asks for what another caller wants, and not this one. */
// expect: nothing

#include "rc.h"

struct vm { void *pool; };

static void *get_pool(struct vm *vm, bool create)
{
	if (!vm->pool && create)
		vm->pool = kmalloc(4, GFP_KERNEL);
	return vm->pool;
}

void *make(struct vm *vm) { return get_pool(vm, true); }

static struct fence *run(struct job *job)
{
	get_pool((void *)job->dev, false);
	return NULL;
}

RUN_JOB(run);
