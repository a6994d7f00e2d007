// SPDX-License-Identifier: GPL-2.0-only
/* No job waits for this resume: the device is held before there is a fence. */
// expect: reclaim my_resume -> kmalloc resume

#include "rc.h"

static int my_resume(struct device *dev) { (void)dev; return !kmalloc(4, GFP_KERNEL); }

const struct dev_pm_ops pm = { .runtime_resume = my_resume };

int submit(struct job *job)
{
	return __pm_runtime_resume(job->dev, 0);
}

static struct fence *run(struct job *job)
{
	job->n++;
	return NULL;
}

RUN_JOB(run);
