// SPDX-License-Identifier: GPL-2.0-only
/* Functions that call each other. */
// expect: reclaim run -> kmalloc

#include "rc.h"

static int ping(int n);
static int pong(int n) { return n ? ping(n - 1) : 0; }
static int ping(int n) { return n ? pong(n - 1) : 1; }

static struct fence *run(struct job *job)
{
	return ping(job->n) ? kmalloc(4, GFP_KERNEL) : NULL;
}

RUN_JOB(run);
