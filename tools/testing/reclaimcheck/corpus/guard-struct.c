// SPDX-License-Identifier: GPL-2.0-only
/* The newer guards keep the lock in a struct. */
// expect: lock run -> big

#include "rc.h"

typedef struct { struct mutex *lock; } class_mutex_t;

static inline void class_mutex_destructor(class_mutex_t *t)
{
	if (t->lock)
		mutex_unlock(t->lock);
}

static inline class_mutex_t class_mutex_constructor(struct mutex *l)
{
	class_mutex_t _t = { .lock = l }, *t = &_t;

	mutex_lock(t->lock);
	return _t;
}

#define guard_mutex(m) \
	class_mutex_t g __attribute__((cleanup(class_mutex_destructor))) = \
		class_mutex_constructor(m)

static struct mutex big;
static struct mutex small;

void *other(int n)
{
	{
		guard_mutex(&small);
	}
	guard_mutex(&big);
	return kmalloc(n, GFP_KERNEL);
}

static struct fence *run(struct job *job)
{
	{
		guard_mutex(&small);
	}
	guard_mutex(&big);
	return (void *)job;
}

RUN_JOB(run);
