// SPDX-License-Identifier: GPL-2.0-only
/* Nor does it say that a lock is held over reclaim; a second one that is, is found. */
// expect: lock run -> list low
// expect: lock run -> big

#include "rc.h"

struct queue { struct work_struct work; int flags; };

bool wrapped_queue_work(struct work_struct *w);

static struct mutex list, big;

static void destroy(struct work_struct *w) { (void)w; kfree(kmalloc(4, GFP_KERNEL)); }

void put(struct queue *q)
{
	q->work.func = destroy;
	mutex_lock(&list);
	if (q->flags)
		destroy(&q->work);
	else
		wrapped_queue_work(&q->work);
	mutex_unlock(&list);
}

void get(struct queue *q)
{
	mutex_lock(&big);
	destroy(&q->work);
	mutex_unlock(&big);
}

static struct fence *run(struct job *job)
{
	mutex_lock(&list);
	mutex_unlock(&list);
	mutex_lock(&big);
	mutex_unlock(&big);
	return (void *)job;
}

RUN_JOB(run);
