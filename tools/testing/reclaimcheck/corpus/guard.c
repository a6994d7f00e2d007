// SPDX-License-Identifier: GPL-2.0-only
/* guard(mutex): a constructor, and a destructor that cleanup calls. */
// expect: lock run -> big

#include "rc.h"

typedef struct mutex *class_mutex_t;

static inline void class_mutex_destructor(struct mutex **p) { if (*p) mutex_unlock(*p); }
static inline struct mutex *class_mutex_constructor(struct mutex *m)
{
	struct mutex *t = m;

	mutex_lock(t);
	return t;
}

#define guard_mutex(m) \
	class_mutex_t g __attribute__((cleanup(class_mutex_destructor))) = \
		class_mutex_constructor(m)

static struct mutex big;

void *other(int n)
{
	guard_mutex(&big);
	return kmalloc(n, GFP_KERNEL);
}

static struct fence *run(struct job *job)
{
	guard_mutex(&big);
	return (void *)job;
}

RUN_JOB(run);
