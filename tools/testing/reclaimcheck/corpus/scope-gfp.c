// SPDX-License-Identifier: GPL-2.0-only
/* vmalloc() makes page tables with GFP_KERNEL, in a scope that says what its flags say. */
// expect: reclaim run -> my_vmalloc

#include "rc.h"

unsigned int memalloc_apply_gfp_scope(gfp_t gfp);
void memalloc_restore_scope(unsigned int flags);

static void map(void) { kfree(kmalloc(8, GFP_KERNEL)); }

static void *my_vmalloc(int n, gfp_t gfp)
{
	void *p = kmalloc(n, gfp);
	unsigned int flags = memalloc_apply_gfp_scope(gfp);

	map();
	memalloc_restore_scope(flags);
	return p;
}

static struct fence *run(struct job *job)
{
	kfree(my_vmalloc(job->n, GFP_NOWAIT));
	return my_vmalloc(job->n, GFP_KERNEL);
}

RUN_JOB(run);
