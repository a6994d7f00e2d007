// SPDX-License-Identifier: GPL-2.0-only
/*
 * A head that each object has: what the driver itself has registered is called, what
 * somebody else registered with an object of his own is not.
 */
// expect: reclaim core_listens -> kmalloc
// expect: reclaim child_listens -> kmalloc low

#include "rc.h"

struct freq { struct blocking_notifier_head head; struct notifier_block ours, child; };

int freq_add(struct freq *f);
void freq_set(struct freq *f);

#line 1 "drivers/gpu/drm/one/job.c"
int probe(struct freq *f) { return freq_add(f); }

static struct fence *run(struct job *job)
{
	freq_set((void *)job->dev);
	return NULL;
}

RUN_JOB(run);

#line 1 "drivers/freq/core.c"
static int core_listens(struct notifier_block *nb, unsigned long a, void *d)
{
	(void)nb; (void)a; (void)d;
	return !kmalloc(4, GFP_KERNEL);
}

int freq_add(struct freq *f)
{
	f->ours.notifier_call = core_listens;
	return blocking_notifier_chain_register(&f->head, &f->ours);
}

void freq_set(struct freq *f)
{
	blocking_notifier_call_chain(&f->head, 0, f);
}

#line 1 "drivers/freq/child.c"
static int child_listens(struct notifier_block *nb, unsigned long a, void *d)
{
	(void)nb; (void)a; (void)d;
	return !kmalloc(8, GFP_KERNEL);
}

int child_of(struct freq *f)
{
	f->child.notifier_call = child_listens;
	return blocking_notifier_chain_register(&f->head, &f->child);
}
