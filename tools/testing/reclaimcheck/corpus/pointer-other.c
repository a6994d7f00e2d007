// SPDX-License-Identifier: GPL-2.0-only
/* The other function of the table is not called. */
// expect: nothing

#include "rc.h"

struct gpu;
struct funcs { int (*init)(struct gpu *g); int (*fini)(struct gpu *g); };
struct gpu { const struct funcs *funcs; };

static int init(struct gpu *g) { (void)g; return !kmalloc(4, GFP_KERNEL); }
static int fini(struct gpu *g) { (void)g; return 0; }

const struct funcs funcs = { .init = init, .fini = fini };

static struct fence *run(struct job *job)
{
	struct gpu *g = (void *)job->dev;

	g->funcs->fini(g);
	return NULL;
}

RUN_JOB(run);
