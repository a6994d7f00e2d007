// SPDX-License-Identifier: GPL-2.0-only
/* The lock that the resume takes is not known to be of the device that resumes. */
// expect: reclaim submit -> kmalloc
// expect: lock submit -> gpu.lock low
// expect: lock my_resume -> gpu.lock

#include "rc.h"

struct gpu { struct device *dev; struct mutex lock; struct drm_gpu_scheduler sched; };
struct gpu_job { struct job base; struct gpu *gpu; };

struct gpu *first;

static int my_resume(struct device *dev)
{
	(void)dev;
	mutex_lock(&first->lock);
	mutex_unlock(&first->lock);
	return 0;
}

const struct dev_pm_ops pm = { .runtime_resume = my_resume };

static void submit(struct gpu *gpu)
{
	mutex_lock(&gpu->lock);
	kfree(kmalloc(4, GFP_KERNEL));
	mutex_unlock(&gpu->lock);
}

static struct fence *run(struct job *job)
{
	__pm_runtime_resume(job->dev, 4);
	submit(((struct gpu_job *)job)->gpu);
	return NULL;
}

RUN_JOB(run);

int setup(struct gpu *gpu)
{
	return drm_sched_init(&gpu->sched, &run_ops);
}
