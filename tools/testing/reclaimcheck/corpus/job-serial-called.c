// SPDX-License-Identifier: GPL-2.0-only
/* What the job holds the lock in is called by others, too. */
// expect: reclaim submit -> kmalloc
// expect: lock submit -> gpu.lock

#include "rc.h"

struct gpu { struct device *dev; struct mutex lock; struct drm_gpu_scheduler sched; };
struct gpu_job { struct job base; struct gpu *gpu; };

static void submit(struct gpu *gpu)
{
	mutex_lock(&gpu->lock);
	kfree(kmalloc(4, GFP_KERNEL));
	mutex_unlock(&gpu->lock);
}

static struct fence *run(struct job *job)
{
	submit(((struct gpu_job *)job)->gpu);
	return NULL;
}

RUN_JOB(run);

int setup(struct gpu *gpu)
{
	return drm_sched_init(&gpu->sched, &run_ops);
}

void flush(struct gpu *gpu)
{
	submit(gpu);
}
