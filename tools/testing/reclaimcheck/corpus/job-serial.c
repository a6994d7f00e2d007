// SPDX-License-Identifier: GPL-2.0-only
/* A job waits for no other job of its scheduler: who alone holds the lock is itself. */
// expect: reclaim submit -> kmalloc
// expect: lock submit -> gpu.lock low

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
