// SPDX-License-Identifier: GPL-2.0-only
/* A delayed work is a work. */
// expect: reclaim tick -> kmalloc

#include "rc.h"

struct gpu { struct delayed_work poll; };

static void tick(struct work_struct *w) { (void)w; kfree(kmalloc(4, GFP_KERNEL)); }

void setup(struct gpu *g) { g->poll.work.func = tick; }

static struct fence *run(struct job *job)
{
	struct gpu *g = (void *)job->dev;

	cancel_delayed_work_sync(&g->poll);
	return NULL;
}

RUN_JOB(run);
