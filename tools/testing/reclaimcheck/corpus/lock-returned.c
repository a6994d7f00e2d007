// SPDX-License-Identifier: GPL-2.0-only
/* A lock that is known by what a function returns, as kernfs has them. */
// expect: lock run -> locks.m

#include "rc.h"

struct locks { struct mutex m[2]; };

static struct mutex *pick(struct locks *l, int n) { return &l->m[n & 1]; }

static struct mutex *lock_one(struct locks *l, int n)
{
	struct mutex *m = pick(l, n);

	mutex_lock(m);
	return m;
}

void *other(struct locks *l, int n)
{
	struct mutex *m = lock_one(l, n);
	void *p = kmalloc(n, GFP_KERNEL);

	mutex_unlock(m);
	return p;
}

static struct fence *run(struct job *job)
{
	struct mutex *m = pick((struct locks *)job->dev, job->n);

	mutex_lock(m);
	mutex_unlock(m);
	return NULL;
}

RUN_JOB(run);
