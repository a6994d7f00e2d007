// SPDX-License-Identifier: GPL-2.0-only
/* A head calls what was registered on it, and nothing else. */
// expect: reclaim loud -> kmalloc

#include "rc.h"

static struct blocking_notifier_head ours, theirs;

static int loud(struct notifier_block *nb, unsigned long a, void *d)
{
	(void)nb; (void)a; (void)d;
	return !kmalloc(4, GFP_KERNEL);
}

static int louder(struct notifier_block *nb, unsigned long a, void *d)
{
	(void)nb; (void)a; (void)d;
	return !kmalloc(8, GFP_KERNEL);
}

static struct notifier_block nb1 = { .notifier_call = loud };
static struct notifier_block nb2 = { .notifier_call = louder };

void setup(void)
{
	blocking_notifier_chain_register(&ours, &nb1);
	blocking_notifier_chain_register(&theirs, &nb2);
}

static struct fence *run(struct job *job)
{
	blocking_notifier_call_chain(&ours, 0, job);
	return NULL;
}

RUN_JOB(run);
