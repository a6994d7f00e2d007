// SPDX-License-Identifier: GPL-2.0-only
/* Under a spin lock nothing blocks; such code is not believed to allocate with GFP_KERNEL. */
// expect: nothing

#include "rc.h"

static spinlock_t spin;

static struct fence *run(struct job *job)
{
	void *p;

	spin_lock(&spin);
	p = kmalloc(job->n, GFP_KERNEL);
	spin_unlock(&spin);
	return p;
}

RUN_JOB(run);
