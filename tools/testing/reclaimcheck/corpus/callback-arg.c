// SPDX-License-Identifier: GPL-2.0-only
/* An iterator calls what it is handed, on behalf of who hands it. */
// expect: reclaim each -> kmalloc

#include "rc.h"

static int walk(int n, int (*fn)(int n))
{
	return fn(n);
}

static int each(int n) { return !kmalloc(n, GFP_KERNEL); }

static struct fence *run(struct job *job)
{
	walk(job->n, each);
	return NULL;
}

RUN_JOB(run);
