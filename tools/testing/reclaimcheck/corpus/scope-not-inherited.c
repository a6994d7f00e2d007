// SPDX-License-Identifier: GPL-2.0-only
/* One caller without the scope is enough. */
// expect: lock run -> log

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

void *dump(void) { return copy(4); }

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
