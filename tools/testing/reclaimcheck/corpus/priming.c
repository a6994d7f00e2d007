// SPDX-License-Identifier: GPL-2.0-only
/* A lock that is held over a priming of fs_reclaim is held over reclaim. */
// expect: lock run -> tree

#include "rc.h"

static struct mutex tree;

void check(gfp_t gfp)
{
	mutex_lock(&tree);
	fs_reclaim_acquire(GFP_KERNEL);
	fs_reclaim_release(GFP_KERNEL);
	mutex_unlock(&tree);
	(void)gfp;
}

static struct fence *run(struct job *job)
{
	mutex_lock(&tree);
	mutex_unlock(&tree);
	return (void *)job;
}

RUN_JOB(run);
