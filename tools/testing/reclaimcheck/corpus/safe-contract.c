// SPDX-License-Identifier: GPL-2.0-only
/* What reclaim itself calls cannot wait for reclaim, whatever the code behind it says. */
// expect: reclaim my_submit -> kmalloc

#include "rc.h"

void submit_bio(void *bio)
{
	kfree(kmalloc(bio ? 4 : 8, GFP_KERNEL));
}

static void my_submit(void *bio)
{
	kfree(kmalloc(bio ? 4 : 8, GFP_KERNEL));
}

static struct fence *run(struct job *job)
{
	submit_bio(job);
	my_submit(job);
	return NULL;
}

RUN_JOB(run);
