// SPDX-License-Identifier: GPL-2.0-only
/* What another GPU's driver does in its callback is not done to a lock of this one's. */
// expect: lock run_one -> vm_lock low
// expect: lock run_one -> own_lock

#include "rc.h"

struct vm { int (*map)(struct vm *vm); int (*own)(struct vm *vm); };

static struct mutex vm_lock, own_lock;

#line 1 "drivers/gpu/drm/two/vm.c"
static int map_two(struct vm *vm) { (void)vm; kfree(kmalloc(4, GFP_KERNEL)); return 0; }

struct vm two = { .map = map_two };

static struct fence *run_two(struct job *job) { (void)job; return NULL; }

RUN_JOB(run_two);

#line 1 "drivers/gpu/drm/one/vm.c"
static int map_one(struct vm *vm) { (void)vm; return 0; }
static int own_one(struct vm *vm) { (void)vm; kfree(kmalloc(4, GFP_KERNEL)); return 0; }

struct vm one = { .map = map_one, .own = own_one };

void bind(struct vm *vm)
{
	mutex_lock(&vm_lock);
	vm->map(vm);
	mutex_unlock(&vm_lock);
	mutex_lock(&own_lock);
	vm->own(vm);
	mutex_unlock(&own_lock);
}

static struct fence *run_one(struct job *job)
{
	mutex_lock(&vm_lock);
	mutex_unlock(&vm_lock);
	mutex_lock(&own_lock);
	mutex_unlock(&own_lock);
	return (void *)job;
}

RUN_JOB(run_one);
