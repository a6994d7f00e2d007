// SPDX-License-Identifier: GPL-2.0-only
/* A core that chooses among functions of its own for each object, as regmap does. */
// expect: lock run -> big low

#include "rc.h"

struct map { int (*write)(struct map *m, int n); int raw; };

static int write_mmio(struct map *m, int n) { (void)m; return n; }
static int write_port(struct map *m, int n) { (void)m; return -n; }

static int write_raw(struct map *m, int n)
{
	(void)m;
	kfree(kmalloc(n, GFP_KERNEL));
	return 0;
}

void map_init(struct map *m)
{
	if (m->raw == 1)
		m->write = write_raw;
	else if (m->raw == 2)
		m->write = write_port;
	else
		m->write = write_mmio;
}

static struct mutex big;

void store(struct map *m)
{
	mutex_lock(&big);
	m->write(m, 1);
	mutex_unlock(&big);
}

static struct fence *run(struct job *job)
{
	mutex_lock(&big);
	mutex_unlock(&big);
	return NULL;
}

RUN_JOB(run);
