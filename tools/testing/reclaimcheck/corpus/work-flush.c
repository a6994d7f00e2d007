// SPDX-License-Identifier: GPL-2.0-only
/* Waiting for a work is as good as calling it. */
// expect: reclaim recover -> kmalloc

#include "rc.h"

struct gpu { struct work_struct recover; struct work_struct retire; };

static void recover(struct work_struct *w) { (void)w; kfree(kmalloc(4, GFP_KERNEL)); }
static void retire(struct work_struct *w) { (void)w; }

void setup(struct gpu *g)
{
	g->recover.func = recover;
	g->retire.func = retire;
}

static struct fence *run(struct job *job)
{
	struct gpu *g = (void *)job->dev;

	flush_work(&g->recover);
	return NULL;
}

RUN_JOB(run);
