// SPDX-License-Identifier: GPL-2.0-only
/* A lock in an anonymous struct of an anonymous union. */
// expect: lock run -> gadget.lock

#include "rc.h"

struct gadget { int x; union { long y; struct { int z; struct mutex lock; }; }; };

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
