// SPDX-License-Identifier: GPL-2.0-only
/* Stages: powering the GPU up fails, and what is on when it is off. */

#include <glob.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lab.h"

#define CLOCKS		"/sys/kernel/debug/clk/*/clk_enable_count"
#define SUPPLIES	"/sys/kernel/debug/regulator/*/use_count"
/* Longer than the GPU stays on when it has nothing to do: the stage makes that short. */
#define OFF_US		150000

/* The sum of the numbers in some files, or -1. */
static int64_t sum(const char *pattern)
{
	int64_t total = 0;
	size_t i;
	glob_t g;

	if (glob(pattern, 0, NULL, &g))
		return fail("no %s", pattern);
	for (i = 0; i < g.gl_pathc; i++)
		total += read_number(g.gl_pathv[i]);
	globfree(&g);
	return total;
}

struct counts {
	int64_t clocks;
	int64_t supplies;
};

/* How often clocks and supplies are enabled while the GPU is off. */
static int count_off(struct counts *c)
{
	sleep_us(OFF_US);
	c->clocks = sum(CLOCKS);
	c->supplies = sum(SUPPLIES);
	lab_say("off: %lld enabled clocks, %lld supplies", (long long)c->clocks,
		(long long)c->supplies);
	check(c->clocks >= 0 && c->supplies >= 0);
	return 0;
}

static int check_off(const struct counts *before)
{
	struct counts now;

	check(!count_off(&now));
	check(now.clocks == before->clocks);
	check(now.supplies == before->supplies);
	return 0;
}

/* A job that finds no clock is refused, and the next one is not. */
static int refused_once(int fd, const struct counts *before)
{
	struct job job = { .busy_us = 100 };

	check(!set_fault("clk", "1"));
	check(gpu_run(fd, 0, &job));
	check(!gpu_run(fd, 0, &job));
	return check_off(before);
}

/* Recovery finds none, either, which has nobody to tell. */
static int recover_once(int fd, const struct counts *before)
{
	struct job hang = { .hang = true }, job = { .busy_us = 100 };
	char path[256];

	check(!gpu_run(fd, 0, &job));
	check(!set_fault("clk", "1"));
	check(!set_fault("hang_irq", "100000"));
	check(!gpu_run(fd, 0, &hang));
	check(!gpu_run(fd, 0, &job));
	check(!find_coredump(path, sizeof(path)));
	check(!write_file(path, "0"));
	return check_off(before);
}

/** stage_resume_fail() - a clock does not come on when the GPU is powered up */
int stage_resume_fail(struct lab *lab)
{
	struct counts before;
	int fd = gpu_open(), ret;

	check(fd >= 0);
	check(!gpu_write("power/autosuspend_delay_ms", "40"));
	ret = count_off(&before) ?: refused_once(fd, &before);
	/* The later ones are reset by way of runtime PM. */
	if (!ret && lab->gen == 5)
		ret = recover_once(fd, &before);
	check(!gpu_write("power/autosuspend_delay_ms", "250"));
	close(fd);
	return ret;
}
