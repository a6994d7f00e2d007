// SPDX-License-Identifier: GPL-2.0-only
/* The runtime resume of a job's device is a root, and run_job resumes it. */
// expect: reclaim my_resume -> kmalloc

#include "rc.h"

static int my_resume(struct device *dev) { (void)dev; return !kmalloc(4, GFP_KERNEL); }

const struct dev_pm_ops pm = { .runtime_resume = my_resume };

static struct fence *run(struct job *job)
{
	__pm_runtime_resume(job->dev, 0);
	return NULL;
}

RUN_JOB(run);
