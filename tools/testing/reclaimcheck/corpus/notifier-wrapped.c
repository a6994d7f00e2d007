// SPDX-License-Identifier: GPL-2.0-only
/* Registered through a function that is handed the block. */
// expect: reclaim loud -> kmalloc

#include "rc.h"

struct dev { struct blocking_notifier_head head; };
struct user { int x; struct notifier_block nb; };

static int loud(struct notifier_block *nb, unsigned long a, void *d)
{
	(void)nb; (void)a; (void)d;
	return !kmalloc(4, GFP_KERNEL);
}

static int dev_register(struct dev *d, struct notifier_block *nb)
{
	return blocking_notifier_chain_register(&d->head, nb);
}

void setup(struct dev *d, struct user *u)
{
	u->nb.notifier_call = loud;
	dev_register(d, &u->nb);
}

static struct fence *run(struct job *job)
{
	struct dev *d = (void *)job->dev;

	blocking_notifier_call_chain(&d->head, 0, job);
	return NULL;
}

RUN_JOB(run);
