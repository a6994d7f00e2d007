// SPDX-License-Identifier: GPL-2.0-only
/* The event that allocates is not the one that is sent. */
// expect: nothing

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

int start(int *x) { return handler(x, 1); }

static struct fence *run(struct job *job)
{
	handler(&job->n, 2);
	return NULL;
}

RUN_JOB(run);
