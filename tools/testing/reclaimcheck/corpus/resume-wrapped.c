// SPDX-License-Identifier: GPL-2.0-only
/* A job that resumes its device by its driver's operations waits for it. */
// expect: reclaim my_resume -> kmalloc

#include "rc.h"

struct gpu;
struct funcs { int (*submit)(struct gpu *g); };
struct gpu { const struct funcs *funcs; struct device *dev; };

static inline int get_sync(struct device *dev) { return __pm_runtime_resume(dev, 0); }

static int submit(struct gpu *g) { return get_sync(g->dev); }

const struct funcs funcs = { .submit = submit };

static int my_resume(struct device *dev) { (void)dev; return !kmalloc(4, GFP_KERNEL); }

const struct dev_pm_ops pm = { .runtime_resume = my_resume };

static struct fence *run(struct job *job)
{
	struct gpu *g = (void *)job->dev;

	g->funcs->submit(g);
	return NULL;
}

RUN_JOB(run);
