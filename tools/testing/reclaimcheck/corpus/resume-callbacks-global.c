// SPDX-License-Identifier: GPL-2.0-only
/* Two devices of one driver share the lock. */
// expect: lock my_resume -> all

#include "rc.h"

static struct mutex all;

static int my_suspend(struct device *dev)
{
	(void)dev;
	mutex_lock(&all);
	kfree(kmalloc(4, GFP_KERNEL));
	mutex_unlock(&all);
	return 0;
}

static int my_resume(struct device *dev)
{
	(void)dev;
	mutex_lock(&all);
	mutex_unlock(&all);
	return 0;
}

const struct dev_pm_ops pm = { .runtime_suspend = my_suspend, .runtime_resume = my_resume };

static struct fence *run(struct job *job)
{
	__pm_runtime_resume(job->dev, 4);
	return NULL;
}

RUN_JOB(run);
