// SPDX-License-Identifier: GPL-2.0-only
/* It is asked for by saying no to the other, through a function in between. */
// expect: reclaim get -> kmalloc

#include "rc.h"

static void *get(int n, bool nowait)
{
	if (nowait)
		return NULL;
	return kmalloc(n, GFP_KERNEL);
}

static void *get_some(bool nowait)
{
	return get(4, nowait);
}

void *quick(void) { return get_some(true); }

static struct fence *run(struct job *job)
{
	(void)job;
	return get_some(false);
}

RUN_JOB(run);
