// SPDX-License-Identifier: GPL-2.0-only
/* A lock that is held over an allocation only below a noreclaim scope is clean. */
// expect: nothing

#include "rc.h"

static struct mutex log;

static void *copy(int n)
{
	void *p;

	mutex_lock(&log);
	p = kmalloc(n, GFP_KERNEL);
	mutex_unlock(&log);
	return p;
}

static void *capture(int n) { return copy(n); }

void recover(void)
{
	unsigned int flags = memalloc_noreclaim_save();

	kfree(capture(8));
	memalloc_noreclaim_restore(flags);
}

static struct fence *run(struct job *job)
{
	mutex_lock(&log);
	mutex_unlock(&log);
	return NULL;
}

RUN_JOB(run);
