// SPDX-License-Identifier: GPL-2.0-only
/* Where a struct of one pointer is returned as an integer, as on arm64. */
// expect: nothing

#include "rc.h"

typedef struct { struct mutex *lock; } class_mutex_t;

static inline void class_mutex_destructor(class_mutex_t *t)
{
	if (t->lock)
		mutex_unlock(t->lock);
}

static inline unsigned long class_mutex_constructor(struct mutex *l)
{
	mutex_lock(l);
	return (unsigned long)l;
}

static struct mutex big;

static int get_count(void)
{
	class_mutex_t g __attribute__((cleanup(class_mutex_destructor)));

	g.lock = (struct mutex *)class_mutex_constructor(&big);
	return 1;
}

void *other(void)
{
	return kmalloc(get_count(), GFP_KERNEL);
}

static struct fence *run(struct job *job)
{
	mutex_lock(&big);
	mutex_unlock(&big);
	return NULL;
}

RUN_JOB(run);
