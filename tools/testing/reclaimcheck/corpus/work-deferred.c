// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is called here or by a work, as the object's state says: not where the work is
 * for. A work that does something else changes nothing.
 */
// expect: reclaim destroy -> kmalloc low
// expect: reclaim stop -> kmalloc

#include "rc.h"

struct queue { struct work_struct work, other; int flags; };

bool queue_work(void *wq, struct work_struct *w);

static void destroy(struct queue *q) { (void)q; kfree(kmalloc(4, GFP_KERNEL)); }
static void stop(struct queue *q) { (void)q; kfree(kmalloc(4, GFP_KERNEL)); }

static void destroy_work(struct work_struct *w)
{
	destroy(container_of(w, struct queue, work));
}

static void other_work(struct work_struct *w) { (void)w; }

void init(struct queue *q)
{
	q->work.func = destroy_work;
	q->other.func = other_work;
}

static struct fence *run(struct job *job)
{
	struct queue *q = (void *)job->dev;

	if (q->flags)
		destroy(q);
	else
		queue_work(NULL, &q->work);
	if (job->n)
		stop(q);
	else
		queue_work(NULL, &q->other);
	return NULL;
}

RUN_JOB(run);
