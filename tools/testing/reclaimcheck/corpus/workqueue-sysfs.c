// SPDX-License-Identifier: GPL-2.0-only
/* Only a workqueue that is in sysfs is taken out of it, and that with its driver. */
// expect: nothing

#include "rc.h"

void workqueue_sysfs_unregister(int n)
{
	kfree(kmalloc(n, GFP_KERNEL));
}

static void destroy(struct job *job)
{
	if (job->n)
		workqueue_sysfs_unregister(job->n);
}

static struct fence *run(struct job *job)
{
	destroy(job);
	return NULL;
}

RUN_JOB(run);
