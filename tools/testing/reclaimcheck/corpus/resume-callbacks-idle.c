// SPDX-License-Identifier: GPL-2.0-only
/* The idle callback may run beside a resume. */
// expect: lock my_resume -> gpu.lock

#include "rc.h"

struct gpu { struct mutex lock; };

static int my_suspend(struct device *dev)
{
	struct gpu *gpu = dev_get_drvdata(dev);

	mutex_lock(&gpu->lock);
	kfree(kmalloc(4, GFP_KERNEL));
	mutex_unlock(&gpu->lock);
	return 0;
}

static int my_resume(struct device *dev)
{
	struct gpu *gpu = dev_get_drvdata(dev);

	mutex_lock(&gpu->lock);
	mutex_unlock(&gpu->lock);
	return 0;
}

const struct dev_pm_ops pm = { .runtime_idle = my_suspend, .runtime_resume = my_resume };

static struct fence *run(struct job *job)
{
	__pm_runtime_resume(job->dev, 4);
	return NULL;
}

RUN_JOB(run);
