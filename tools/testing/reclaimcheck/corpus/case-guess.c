// SPDX-License-Identifier: GPL-2.0-only
/* Of two ways the one is shown that needs no argument to be what nothing says it is. */
// expect: lock set_voltage -> big

#include "rc.h"

static struct mutex big;

void hold(void)
{
	mutex_lock(&big);
	kfree(kmalloc(4, GFP_KERNEL));
	mutex_unlock(&big);
}

static void lock_big(void) { mutex_lock(&big); }

static void disable(void)
{
	lock_big();
	mutex_unlock(&big);
}

static void set_voltage(int n)
{
	lock_big();
	mutex_unlock(&big);
	(void)n;
}

static void set_supply(int n) { set_voltage(n + 1); }
static void set_supplies(int n) { set_supply(n + 1); }

static void set(void *opp, int n)
{
	if (!opp) {
		disable();
		return;
	}
	set_supplies(n);
}

static struct fence *run(struct job *job)
{
	set(job->dev, job->n);
	return NULL;
}

RUN_JOB(run);
