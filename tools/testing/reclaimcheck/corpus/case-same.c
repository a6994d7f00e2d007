// SPDX-License-Identifier: GPL-2.0-only
/* The event that allocates is sent, by way of another function. */
// expect: reclaim handler -> kmalloc

#include "rc.h"

static int handler(int *x, unsigned int event)
{
	if (event == 1)
		return !kmalloc(4, GFP_KERNEL);
	return *x;
}

static int send(int *x, unsigned int event) { return handler(x, event); }

int stop(int *x) { return send(x, 2); }

static struct fence *run(struct job *job)
{
	send(&job->n, 1);
	return NULL;
}

RUN_JOB(run);
