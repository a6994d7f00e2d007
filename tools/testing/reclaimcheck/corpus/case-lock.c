// SPDX-License-Identifier: GPL-2.0-only
/* A lock held over the event that allocates. */
// expect: lock run -> big

#include "rc.h"

static struct mutex big;

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

void other(int *x)
{
	mutex_lock(&big);
	handler(x, 1);
	mutex_unlock(&big);
}

static struct fence *run(struct job *job)
{
	mutex_lock(&big);
	mutex_unlock(&big);
	return NULL;
}

RUN_JOB(run);
