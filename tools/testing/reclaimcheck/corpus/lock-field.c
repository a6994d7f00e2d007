// SPDX-License-Identifier: GPL-2.0-only
/* A lock is a field of a struct, whichever object. */
// expect: lock run -> gadget.lock

#include "rc.h"

struct gadget { int x; struct mutex lock; };

void *other(struct gadget *g)
{
	void *p;

	mutex_lock(&g->lock);
	p = kmalloc(4, GFP_KERNEL);
	mutex_unlock(&g->lock);
	return p;
}

static struct fence *run(struct job *job)
{
	struct gadget *g = (void *)job->dev;

	mutex_lock(&g->lock);
	mutex_unlock(&g->lock);
	return NULL;
}

RUN_JOB(run);
