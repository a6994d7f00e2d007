// SPDX-License-Identifier: GPL-2.0-only
/* Nobody knows which event is sent. */
// expect: reclaim handler -> kmalloc

#include "rc.h"

static int handler(int *x, unsigned int event)
{
	switch (event) {
	case 1:
		return !kmalloc(4, GFP_KERNEL);
	case 2:
		return *x;
	}
	return 0;
}

static struct fence *run(struct job *job)
{
	handler(&job->n, job->n);
	return NULL;
}

RUN_JOB(run);
