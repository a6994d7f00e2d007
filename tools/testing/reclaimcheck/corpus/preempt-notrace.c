// SPDX-License-Identifier: GPL-2.0-only
/* this_cpu_inc() of arm64: preemption is on again behind it, and off within it. */
// expect: reclaim enter -> kmalloc

#include "rc.h"

void __preempt_count_add(int n);
bool __preempt_count_dec_and_test(void);
void __preempt_schedule_notrace(void);

static void count(int *n, bool within)
{
	__preempt_count_add(1);
	if (within)
		kfree(kmalloc(4, GFP_KERNEL));
	++*n;
	if (__preempt_count_dec_and_test())
		__preempt_schedule_notrace();
}

static void enter(struct job *job)
{
	count(&job->n, job->n > 4);
	kfree(kmalloc(4, GFP_KERNEL));
}

static struct fence *run(struct job *job)
{
	enter(job);
	return NULL;
}

RUN_JOB(run);
