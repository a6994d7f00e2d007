// SPDX-License-Identifier: GPL-2.0-only
/* Nor is what only such drivers call into. */
// expect: lock run -> bandwidth low
// expect: lock run -> prepare
// expect: lock run -> prepare

#include "rc.h"

struct provider { int (*set)(struct provider *p); };

static struct mutex bandwidth, prepare;

#line 1 "drivers/interconnect/provider-clk.c"
static int set(struct provider *p)
{
	kfree(kmalloc(4, GFP_KERNEL));
	return !p;
}

void provider_register(struct provider *p) { p->set = set; }

#line 1 "drivers/clk/qcom/common.c"
void probe(struct provider *p) { provider_register(p); }

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
