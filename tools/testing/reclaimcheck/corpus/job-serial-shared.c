// SPDX-License-Identifier: GPL-2.0-only
/* Each ring has a scheduler, and all take the lock of their device. */
// expect: reclaim submit -> kmalloc
// expect: lock submit -> gpu.lock

#include "rc.h"

struct gpu { struct device *dev; struct mutex lock; };
struct gpu_job { struct job base; struct gpu *gpu; };
struct ring { struct drm_gpu_scheduler sched; struct gpu *gpu; };

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

int setup(struct ring *ring)
{
	return drm_sched_init(&ring->sched, &run_ops);
}
