// SPDX-License-Identifier: GPL-2.0-only
/* Functions that take and release for their callers. */
// expect: lock run -> gadget.lock

#include "rc.h"

struct gadget { struct mutex lock; };

static void gadget_lock(struct gadget *g) { mutex_lock(&g->lock); }
static void gadget_unlock(struct gadget *g) { mutex_unlock(&g->lock); }

void *other(struct gadget *g)
{
	void *p;

	gadget_lock(g);
	p = kmalloc(4, GFP_KERNEL);
	gadget_unlock(g);
	return p;
}

static struct fence *run(struct job *job)
{
	struct gadget *g = (void *)job->dev;

	gadget_lock(g);
	gadget_unlock(g);
	return NULL;
}

RUN_JOB(run);
