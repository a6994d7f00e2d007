// SPDX-License-Identifier: GPL-2.0-only
/* Another caller's callback is not ours. */
// expect: nothing

#include "rc.h"

static int walk(int n, int (*fn)(int n))
{
	return fn(n);
}

static int each(int n) { return !kmalloc(n, GFP_KERNEL); }
static int harmless(int n) { return n; }

int other(int n) { return walk(n, each); }

static struct fence *run(struct job *job)
{
	walk(job->n, harmless);
	return NULL;
}

RUN_JOB(run);
