// SPDX-License-Identifier: GPL-2.0-only
/* The lock lies behind a pointer of the device's data, which others may have as well. */
// expect: lock my_resume -> parent.lock

#include "rc.h"

struct parent { struct mutex lock; };
struct gpu { struct parent *up; };

static int my_suspend(struct device *dev)
{
	struct gpu *gpu = dev_get_drvdata(dev);

	mutex_lock(&gpu->up->lock);
	kfree(kmalloc(4, GFP_KERNEL));
	mutex_unlock(&gpu->up->lock);
	return 0;
}

static int my_resume(struct device *dev)
{
	struct gpu *gpu = dev_get_drvdata(dev);

	mutex_lock(&gpu->up->lock);
	mutex_unlock(&gpu->up->lock);
	return 0;
}

const struct dev_pm_ops pm = { .runtime_suspend = my_suspend, .runtime_resume = my_resume };

static struct fence *run(struct job *job)
{
	__pm_runtime_resume(job->dev, 4);
	return NULL;
}

RUN_JOB(run);
