// SPDX-License-Identifier: GPL-2.0-only
/* One block is registered on either of two heads, with another callback each. */
// expect: reclaim loud -> kmalloc

#include "rc.h"

struct user { int x; struct notifier_block nb; };
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

void setup_ours(struct user *u)
{
	u->nb.notifier_call = loud;
	blocking_notifier_chain_register(&ours, &u->nb);
}

void setup_theirs(struct user *u)
{
	u->nb.notifier_call = louder;
	blocking_notifier_chain_register(&theirs, &u->nb);
}

static struct fence *run(struct job *job)
{
	blocking_notifier_call_chain(&ours, 0, job);
	return NULL;
}

RUN_JOB(run);
