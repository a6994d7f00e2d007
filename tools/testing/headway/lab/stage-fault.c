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

static int set(const char *name, const char *value)
{
	char path[128];

	snprintf(path, sizeof(path), FAILSLAB "/%s", name);
	return write_file(path, value);
}

/**
 * fail_nth() - let an allocation of this thread fail
 * @n: which, counted from 1; 0 for none any more
 */
int fail_nth(int n)
{
	char path[64], text[16];
	int ret;

	snprintf(path, sizeof(path), "/proc/self/task/%d/fail-nth",
		 (int)syscall(SYS_gettid));
	snprintf(text, sizeof(text), "%d", n);
	ret = write_file(path, text);
	/* The one that is to fail may be one of those that it takes to say so. */
	return ret && !n ? write_file(path, text) : ret;
}

/** failed_yet() - did it happen? The file has what is left of the count. */
bool failed_yet(void)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/task/%d/fail-nth",
		 (int)syscall(SYS_gettid));
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

/** stage_fail_nth() - every single allocation of a submit and of an open */
int stage_fail_nth(struct lab *lab)
{
	int fd = gpu_open(), ret;
	struct bo cmds;

	(void)lab;
	check(fd >= 0);
	check(!quiet_injection());
	check(!gpu_bo_new(fd, &cmds, 4096));
	ret = sweep_submit(fd, &cmds);
	gpu_bo_free(fd, &cmds);
	close(fd);
	check(!ret);
	return sweep_open();
}

/** stage_state_fail() - every single allocation of opening the GPU's state in debugfs */
int stage_state_fail(struct lab *lab)
{
	int n, errors = 0, spare = 0;

	(void)lab;
	check(!quiet_injection());
	/* Now and then one more is needed than the last time. */
	for (n = 1; n < MAX_NTH && spare < 5; n++) {
		bool failed;
		int fd;

		/* There is more to read when it is on. */
		check(!open_once());
		check(!fail_nth(n));
		fd = open(STATE, O_RDONLY | O_CLOEXEC);
		failed = failed_yet();
		check(!fail_nth(0));
		if (fd >= 0)
			close(fd);
		errors += fd < 0;
		spare = failed ? 0 : spare + 1;
	}
	lab_say("state: %d allocations, %d errors", n - 1 - spare, errors);
	check(n < MAX_NTH);
	check(errors > 0);
	return open_once();
}
