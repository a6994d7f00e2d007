// SPDX-License-Identifier: GPL-2.0-only
/* A job does not wait for its scheduler's timeout, which waits for the job. */
// expect: reclaim timedout -> kmalloc low
// expect: reclaim other -> kmalloc

#include "rc.h"

struct sched { struct work_struct tdr, other; };

static void timedout(struct sched *s) { (void)s; kfree(kmalloc(4, GFP_KERNEL)); }

static void drm_sched_job_timedout(struct work_struct *w)
{
	timedout(container_of(w, struct sched, tdr));
}

static void other(struct work_struct *w) { (void)w; kfree(kmalloc(4, GFP_KERNEL)); }

void sched_init(struct sched *s)
{
	s->tdr.func = drm_sched_job_timedout;
	s->other.func = other;
}

static struct fence *run(struct job *job)
{
	struct sched *s = (void *)job->dev;

	flush_work(&s->tdr);
	flush_work(&s->other);
	return NULL;
}

RUN_JOB(run);
