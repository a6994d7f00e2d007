// SPDX-License-Identifier: GPL-2.0-only
/* The lock of one head is not that of another, though the code has one name for it. */
// expect: lock my_unregister -> blocking_notifier_head.rwsem low
// expect: lock run -> other

#include "rc.h"

static struct mutex other;

int my_call_chain(struct blocking_notifier_head *h, struct notifier_block *nb)
{
	int ret;

	down_read(&h->rwsem);
	ret = nb->notifier_call(nb, 0, NULL);
	up_read(&h->rwsem);
	return ret;
}

static int loud(struct notifier_block *nb, unsigned long a, void *d)
{
	(void)nb; (void)a; (void)d;
	mutex_lock(&other);
	kfree(kmalloc(4, GFP_KERNEL));
	mutex_unlock(&other);
	return 0;
}

struct notifier_block block = { .notifier_call = loud };

static void my_unregister(struct blocking_notifier_head *h)
{
	down_write(&h->rwsem);
	up_write(&h->rwsem);
}

static struct fence *run(struct job *job)
{
	my_unregister((void *)job->dev);
	mutex_lock(&other);
	mutex_unlock(&other);
	return NULL;
}

RUN_JOB(run);
