// SPDX-License-Identifier: GPL-2.0-only
/* ww_mutex: held where it returned zero. */
// expect: lock run -> object.resv

#include "rc.h"

struct object { int x; struct ww_mutex resv; };

void *other(struct object *o)
{
	void *p;

	if (ww_mutex_lock(&o->resv, NULL))
		return NULL;
	p = kmalloc(4, GFP_KERNEL);
	ww_mutex_unlock(&o->resv);
	return p;
}

static struct fence *run(struct job *job)
{
	struct object *o = (void *)job->dev;

	if (!ww_mutex_lock(&o->resv, NULL))
		ww_mutex_unlock(&o->resv);
	return NULL;
}

RUN_JOB(run);
