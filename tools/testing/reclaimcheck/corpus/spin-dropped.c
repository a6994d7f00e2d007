// SPDX-License-Identifier: GPL-2.0-only
/* Entered with a spin lock held, which is dropped for the callback, as in runtime PM. */
// expect: reclaim resume -> kmalloc

#include "rc.h"

static spinlock_t spin;

static void *resume(int n) { return kmalloc(n, GFP_KERNEL); }

static void *core(int n)
{
	void *p;

	spin_unlock(&spin);
	p = resume(n);
	spin_lock(&spin);
	return p;
}

static struct fence *run(struct job *job)
{
	void *p;

	spin_lock(&spin);
	p = core(job->n);
	spin_unlock(&spin);
	return p;
}

RUN_JOB(run);
