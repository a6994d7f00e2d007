// SPDX-License-Identifier: GPL-2.0-only
/* Two locks of one struct are two locks. */
// expect: nothing

#include "rc.h"

struct gadget { struct mutex first; struct mutex second; };

void *other(struct gadget *g)
{
	void *p;

	mutex_lock(&g->first);
	p = kmalloc(4, GFP_KERNEL);
	mutex_unlock(&g->first);
	return p;
}

static struct fence *run(struct job *job)
{
	struct gadget *g = (void *)job->dev;

	mutex_lock(&g->second);
	mutex_unlock(&g->second);
	return NULL;
}

RUN_JOB(run);
