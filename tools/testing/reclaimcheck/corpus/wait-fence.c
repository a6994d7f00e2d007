// SPDX-License-Identifier: GPL-2.0-only
/* Waiting for a fence on the path that signals fences. */
// expect: wait wait_it -> __dma_fence_might_wait

#include "rc.h"

static void wait_it(void) { __dma_fence_might_wait(); }

static struct fence *run(struct job *job)
{
	wait_it();
	return (void *)job;
}

RUN_JOB(run);
