// SPDX-License-Identifier: GPL-2.0-only
/* Who allocates under the lock is on no machine that has this GPU. */
// expect: lock run -> bandwidth low
// expect: lock run -> prepare
// expect: lock run -> prepare

#include "rc.h"

struct provider { int (*set)(struct provider *p); };

static struct mutex bandwidth, prepare;

#line 1 "drivers/interconnect/qcom/provider.c"
static int set(struct provider *p)
{
	kfree(kmalloc(4, GFP_KERNEL));
	return !p;
}

struct provider provider = { .set = set };

#line 1 "drivers/interconnect/core.c"
int apply(struct provider *p)
{
	int ret;

	mutex_lock(&bandwidth);
	ret = p->set(p);
	mutex_unlock(&bandwidth);
	return ret;
}

void listen(struct provider *p)
{
	mutex_lock(&prepare);
	p->set(p);
	kfree(kmalloc(4, GFP_KERNEL));
	mutex_unlock(&prepare);
}

#line 1 "drivers/gpu/drm/one/job.c"
static struct fence *run(struct job *job)
{
	mutex_lock(&bandwidth);
	mutex_unlock(&bandwidth);
	mutex_lock(&prepare);
	mutex_unlock(&prepare);
	return (void *)job;
}

RUN_JOB(run);
