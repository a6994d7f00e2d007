// SPDX-License-Identifier: GPL-2.0-only
/*
 * Stages: allocations that fail, everywhere on the way of a submit, of the first
 * open, and of a dump. Nothing may crash or leak, and the next try works.
 */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <drm/drm.h>
#include <drm/msm_drm.h>

#include "lab.h"

#define FAILSLAB	"/sys/kernel/debug/failslab"
#define FAIL_PAGE	"/sys/kernel/debug/fail_page_alloc"
#define STATE		"/sys/kernel/debug/dri/0/gpu"
#define NR_STATES	32
#define RPMH_ASYNC	"/sys/kernel/debug/vadreno/rpmh_async"
#define KMEMLEAK	"/sys/kernel/debug/kmemleak"
/* Less than the state of any GPU takes. */
#define STATE_KIB	4

/* 1 as long as the IOMMU was told that a process has a page table of its own. */
#define TABLES		"process-tables"

static int set(const char *name, const char *value)
{
	char path[128];

	snprintf(path, sizeof(path), FAILSLAB "/%s", name);
	return write_file(path, value);
}

static void nth_path(char *path, size_t size)
{
	snprintf(path, size, "/proc/self/task/%d/fail-nth",
		 (int)syscall(SYS_gettid));
}

/**
 * fail_nth() - let an allocation of this thread fail
 * @n: which, counted from 1; 0 for none any more
 */
int fail_nth(int n)
{
	char path[64], text[16];
	int ret;

	nth_path(path, sizeof(path));
	snprintf(text, sizeof(text), "%d", n);
	ret = write_file(path, text);
	/* If nobody else wanted that much, it may have hit who ends it. */
	return ret && !n ? write_file(path, text) : ret;
}

/** failed_yet() - did it happen? The file has what is left of the count. */
bool failed_yet(void)
{
	char path[64];

	nth_path(path, sizeof(path));
	return read_number(path) == 0;
}

/** quiet_injection() - all allocations may fail, and not a word about it */
int quiet_injection(void)
{
	/* GFP_KERNEL and friends, too; no stack for each failure. */
	check(!set("ignore-gfp-wait", "N"));
	check(!set("verbose", "0"));
	check(!set("task-filter", "N"));
	/* Whole pages, too: what fail-nth counts is all that fails at all. */
	check(!write_file(FAIL_PAGE "/ignore-gfp-wait", "N"));
	check(!write_file(FAIL_PAGE "/min-order", "0"));
	check(!write_file(FAIL_PAGE "/verbose", "0"));
	return 0;
}

static int submit_once(int fd, struct bo *cmds)
{
	struct job job = { .busy_us = 50 };
	uint32_t fence;
	int ret = gpu_submit(fd, 0, cmds, &job, &fence, NULL);

	return ret ? ret : gpu_wait(fd, 0, fence, 5000000);
}

/* To end the injection is subject to it: try until it works. */
static int stop_failing(void)
{
	int i;

	for (i = 0; i < 1000; i++)
		if (!write_file("/proc/self/make-it-fail", "0"))
			return set("probability", "0");
	return -1;
}

/** stage_failslab() - one allocation in so many fails in the whole process */
int stage_failslab(struct lab *lab)
{
	int fd = gpu_open(), i, failed = 0;
	struct bo cmds;

	(void)lab;
	check(fd >= 0);
	check(!gpu_bo_new(fd, &cmds, 4096));
	check(!quiet_injection());
	check(!set("task-filter", "Y"));
	check(!set("probability", "10"));
	check(!set("times", "-1"));
	check(!write_file("/proc/self/make-it-fail", "1"));
	for (i = 0; i < 200; i++)
		failed += !!submit_once(fd, &cmds);
	check(!stop_failing());
	lab_say("%d of 200 submits failed", failed);
	check(failed > 0);
	check(!submit_once(fd, &cmds));
	gpu_bo_free(fd, &cmds);
	close(fd);
	return 0;
}

/*
 * Submit a job with a buffer that has no memory yet, and let the n-th allocation
 * fail. What was refused is handed in once more, with the same buffers.
 */
static int submit_failing(int fd, struct bo *cmds, int n, bool *failed, bool *refused)
{
	struct bo data;
	struct job job = { .busy_us = 10, .bos = &data, .nr_bos = 1 };
	int ret, fence_fd = -1;
	uint32_t fence;

	check(!gpu_bo_new(fd, &data, 4096));
	check(!fail_nth(n));
	ret = gpu_submit(fd, 0, cmds, &job, &fence, &fence_fd);
	*failed = failed_yet();
	check(!fail_nth(0));
	*refused = ret != 0;
	if (ret)
		check(!gpu_submit(fd, 0, cmds, &job, &fence, &fence_fd));
	check(!gpu_wait(fd, 0, fence, 5000000));
	check(fence_fd_status(fence_fd) == 1);
	close(fence_fd);
	gpu_bo_free(fd, &data);
	return 0;
}

/* Let the n-th allocation of a submit fail, for n from 1 until none does. */
static int sweep_submit(int fd, struct bo *cmds)
{
	bool failed = true, refused;
	int n, errors = 0;

	for (n = 1; n < MAX_NTH && failed; n++) {
		check(!submit_failing(fd, cmds, n, &failed, &refused));
		errors += refused;
	}
	lab_say("submit: %d allocations, %d errors", n - 2, errors);
	check(n > 2 && !failed);
	check(errors > 0);
	return submit_once(fd, cmds);
}

/*
 * Let the n-th allocation fail, and the next two as well: who gets no memory may try
 * in another way. fail-nth comes first: as long as it counts, the other does not look.
 */
static int submit_failing_thrice(int fd, struct bo *cmds, int n, bool *failed)
{
	struct bo data;
	struct job job = { .busy_us = 10, .bos = &data, .nr_bos = 1 };
	char path[64], text[16];
	int ret, nth, len;
	uint32_t fence;

	/* To open it may fail, too. */
	nth_path(path, sizeof(path));
	nth = open(path, O_RDWR | O_CLOEXEC);
	check(nth >= 0);
	len = snprintf(text, sizeof(text), "%d", n);
	check(!gpu_bo_new(fd, &data, 4096));
	check(!set("task-filter", "Y"));
	check(!set("probability", "100"));
	check(!set("times", "3"));
	check(!write_file("/proc/self/make-it-fail", "1"));
	check(write(nth, text, len) == len);
	ret = gpu_submit(fd, 0, cmds, &job, &fence, NULL);
	*failed = pread(nth, text, sizeof(text), 0) > 0 && !atoi(text);
	check(write(nth, "0", 1) == 1);
	check(!stop_failing());
	check(!set("task-filter", "N"));
	close(nth);
	if (!ret)
		ret = gpu_wait(fd, 0, fence, 5000000);
	gpu_bo_free(fd, &data);
	return ret;
}

/* The same for three allocations that follow each other. */
static int sweep_triples(int fd, struct bo *cmds)
{
	int n, errors = 0;
	bool failed = true;

	for (n = 1; n < MAX_NTH && failed; n++) {
		int ret = submit_failing_thrice(fd, cmds, n, &failed);

		check(ret != -1);
		errors += !!ret;
	}
	lab_say("submit: %d times three allocations, %d errors", n - 2, errors);
	check(!failed);
	check(errors > 0);
	return submit_once(fd, cmds);
}

/**
 * open_once() - open the GPU and ask which it is, which brings it up
 *
 * Return: 0 or -errno.
 */
int open_once(void)
{
	uint64_t value;
	int fd = gpu_open(), ret;

	if (fd < 0)
		return fd;
	ret = gpu_param(fd, MSM_PARAM_CHIP_ID, &value);
	close(fd);
	return ret;
}

/**
 * open_failing() - open the GPU while an allocation fails
 * @n: which, counted from 1
 * @failed: whether there were as many
 *
 * Return: 0 or -errno.
 */
int open_failing(int n, bool *failed)
{
	int ret;

	check(!quiet_injection());
	check(!fail_nth(n));
	ret = open_once();
	*failed = failed_yet();
	check(!fail_nth(0));
	return ret;
}

static int sweep_open(void)
{
	int n, errors = 0, spare = 0;

	/* Now and then one more is needed than the last time. */
	for (n = 1; n < MAX_NTH && spare < 5; n++) {
		bool failed;

		errors += !!open_failing(n, &failed);
		spare = failed ? 0 : spare + 1;
	}
	lab_say("open: %d allocations, %d errors", n - 1 - spare, errors);
	check(n < MAX_NTH);
	check(errors > 0);
	return open_once();
}

/*
 * Open the file that has the state of the GPU, and let the n-th allocation fail.
 * Return: a file or -errno.
 */
static int open_state(int fd, int n, bool *failed)
{
	int state;

	/* So that the GPU is on. */
	check(!run_prompt(fd));
	check(!fail_nth(n));
	state = open(STATE, O_RDONLY | O_CLOEXEC);
	if (state < 0)
		state = -errno;
	*failed = failed_yet();
	check(!fail_nth(0));
	return state;
}

/* Which is the last allocation that it cannot do without, or -1. */
static int last_needed(int fd)
{
	int n, last = 0, spare = 0;

	/* Now and then one more is needed than the last time. */
	for (n = 1; n < MAX_NTH && spare < 3; n++) {
		bool failed;
		int state = open_state(fd, n, &failed);

		check(state != -1);
		if (state < 0)
			last = n;
		else
			close(state);
		spare = failed ? 0 : spare + 1;
	}
	check(n < MAX_NTH);
	return last;
}

/** stage_state_fail() - the state of the GPU cannot be read, and is gone */
int stage_state_fail(struct lab *lab)
{
	int64_t before, after;
	int fd = gpu_open(), last, errors = 0, i;
	bool failed;

	(void)lab;
	check(fd >= 0);
	check(!quiet_injection());
	last = last_needed(fd);
	lab_say("state: the %d. allocation is the last that it needs", last);
	check(last > 1);
	check(!find_line("/proc/meminfo", "SUnreclaim:", &before));
	/* The last two are for the file, and then the state was read for nothing. */
	for (i = 0; i < NR_STATES; i++) {
		int state = open_state(fd, last - i % 2, &failed);

		check(state != -1);
		if (state < 0)
			errors++;
		else
			close(state);
	}
	check(!find_line("/proc/meminfo", "SUnreclaim:", &after));
	lab_say("%d that could not be opened took %lld KiB for good", errors,
		(long long)(after - before));
	close(fd);
	check(errors > NR_STATES / 4);
	/* A kernel that watches memory keeps for a while what is freed; it has its stage. */
	check(after - before < errors * STATE_KIB || !access(KMEMLEAK, F_OK));
	return 0;
}

/**
 * stage_rpmh() - what is only kept for later is asked of RPMh without memory
 *
 * The first time it keeps the resource, for good.
 */
int stage_rpmh(struct lab *lab)
{
	int fd = open(RPMH_ASYNC, O_WRONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0) {
		lab_say("%s has no RPMh", lab->gpu);
		return SKIPPED;
	}
	check(!quiet_injection());
	check(write(fd, "1", 1) == 1);
	check(!fail_nth(1));
	n = write(fd, "2", 1);
	check(!fail_nth(0));
	close(fd);
	check(n == 1);
	return 0;
}

/** stage_fail_nth() - every single allocation of a submit and of an open */
int stage_fail_nth(struct lab *lab)
{
	int fd = gpu_open(), ret;
	struct bo cmds;

	(void)lab;
	check(fd >= 0);
	check(!quiet_injection());
	check(!gpu_bo_new(fd, &cmds, 4096));
	ret = sweep_submit(fd, &cmds) ?: sweep_triples(fd, &cmds);
	gpu_bo_free(fd, &cmds);
	close(fd);
	check(!ret);
	return sweep_open();
}

/* With its last file, the last page table is gone, if not at once. */
static int no_table_left(void)
{
	int ms;

	for (ms = 0; ms < 5000 && vadreno_stat(TABLES); ms += 10)
		sleep_us(10000);
	check(vadreno_stat(TABLES) == 0);
	return 0;
}

/* A file, and a buffer in it: one of both is what the process gets a page table with. */
static int open_with_buffer(int n, bool *failed)
{
	struct bo bo = { 0 };
	int fd, ret;

	check(!fail_nth(n));
	fd = gpu_open();
	ret = fd < 0 ? fd : gpu_bo_new(fd, &bo, 4096);
	*failed = failed_yet();
	/* To unmap may want memory, and a mapping that stays keeps the file. */
	check(!fail_nth(0));
	if (!ret)
		gpu_bo_free(fd, &bo);
	if (fd >= 0)
		close(fd);
	return no_table_left();
}

/**
 * stage_page_table() - each allocation of a process that comes fails once
 *
 * Whatever it got, no page table is left when it goes.
 */
int stage_page_table(struct lab *lab)
{
	int fd = gpu_open(), n, spare = 0;
	struct bo bo;

	check(fd >= 0);
	check(!gpu_bo_new(fd, &bo, 4096));
	gpu_bo_free(fd, &bo);
	n = vadreno_stat(TABLES);
	close(fd);
	check(n >= 0);
	if (!n) {
		/* From generation 6 on, a process that has none was refused one. */
		check(lab->gen < 6);
		lab_say("%s has one page table for all", lab->gpu);
		return SKIPPED;
	}
	check(!no_table_left());
	check(!quiet_injection());
	/* Now and then one more is needed than the last time. */
	for (n = 1; n < MAX_NTH && spare < 3; n++) {
		bool failed;

		if (open_with_buffer(n, &failed)) {
			lab_say("it was allocation %d", n);
			return -1;
		}
		spare = failed ? 0 : spare + 1;
	}
	lab_say("open: %d allocations", n - 1 - spare);
	check(n > 4 && n < MAX_NTH);
	return 0;
}
