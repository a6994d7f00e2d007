// SPDX-License-Identifier: GPL-2.0-only
/* The wrapper is handed the lock itself. */
// expect: lock run -> gadget.lock

#include "rc.h"

struct gadget { int x; struct mutex lock; };

static void take(struct mutex *m) { mutex_lock(m); }
static void give(struct mutex *m) { mutex_unlock(m); }

void *other(struct gadget *g)
{
	void *p;

	take(&g->lock);
	p = kmalloc(4, GFP_KERNEL);
	give(&g->lock);
	return p;
}

static struct fence *run(struct job *job)
{
	struct gadget *g = (void *)job->dev;

	take(&g->lock);
	give(&g->lock);
	return NULL;
}

RUN_JOB(run);
