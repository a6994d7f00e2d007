// SPDX-License-Identifier: GPL-2.0-only
/* Stages: unbind and rebind of the driver; nothing left behind. */

#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lab.h"

#define DRIVERS		"/sys/bus/platform/drivers"
#define CYCLES		3

/* How many buffer objects the driver has, by its own count. */
static int objects(int64_t *n)
{
	return find_line("/sys/kernel/debug/dri/0/gem", "Total:", n);
}

/*
 * The device that the DRM device hangs on: one of its own without a device tree
 * node, or, in later drivers, the GPU itself.
 */
static int find_master(char *driver, char *device, size_t size)
{
	glob_t g;

	if (!access(DRIVERS "/msm/msm", F_OK)) {
		snprintf(driver, size, "msm");
		snprintf(device, size, "msm");
		return 0;
	}
	if (glob(DRIVERS "/adreno/*.gpu", 0, NULL, &g))
		return fail("no GPU is bound");
	snprintf(driver, size, "adreno");
	snprintf(device, size, "%s", strrchr(g.gl_pathv[0], '/') + 1);
	globfree(&g);
	return 0;
}

static int bind_msm(const char *driver, const char *device, bool on)
{
	char path[128];

	snprintf(path, sizeof(path), DRIVERS "/%s/%s", driver,
		 on ? "bind" : "unbind");
	return write_file(path, device);
}

static int rebind_busy(int i)
{
	char driver[64], device[64];
	struct job job = { .busy_us = 3000 };
	int fd = gpu_open(), fence_fd;
	uint32_t fence;
	struct bo cmds;

	check(fd >= 0);
	check(!find_master(driver, device, sizeof(driver)));
	check(!gpu_run(fd, 0, &job));
	check(!gpu_bo_new(fd, &cmds, 4096));
	check(!gpu_submit(fd, 0, &cmds, &job, &fence, &fence_fd));
	if (i % 2)
		check(!fence_fd_wait(fence_fd, 5000));
	/* The buffer and the file go first: 6.1 cannot do without. */
	gpu_bo_free(fd, &cmds);
	close(fd);
	check(!bind_msm(driver, device, false));
	check(!fence_fd_wait(fence_fd, 5000));
	check(fence_fd_status(fence_fd) != 0);
	check(gpu_open() == -ENOENT);
	check(!bind_msm(driver, device, true));
	/* The fence's device is gone, and came back as another. */
	check(fence_fd_status(fence_fd) != 0);
	close(fence_fd);
	return 0;
}

/**
 * stage_rebind() - the driver leaves with a job in flight, and comes back
 *
 * No base's driver survives it, and so it runs on request only: 6.1 follows a
 * NULL pointer in msm_atomic_commit_tail(), 6.12 leaves a timer behind in memory
 * that it freed, and 7.2 its worker.
 */
int stage_rebind(struct lab *lab)
{
	struct job job = { .busy_us = 100 };
	int i, fd;

	(void)lab;
	for (i = 0; i < CYCLES; i++)
		check(!rebind_busy(i));
	fd = gpu_open();
	check(fd >= 0);
	check(!gpu_run(fd, 0, &job));
	close(fd);
	return 0;
}

/** stage_no_leak() - what jobs and files allocate is gone when they are */
int stage_no_leak(struct lab *lab)
{
	struct job job = { .busy_us = 10 };
	int64_t before, after;
	int fd, i;

	(void)lab;
	/* The first may leave what the driver keeps for good. */
	for (i = 0; i < 64; i++) {
		fd = gpu_open();
		check(fd >= 0);
		check(!gpu_run(fd, 0, &job));
		close(fd);
		/* A work frees the job, and with it its buffers. */
		if (i == 0) {
			sleep_us(300000);
			check(!objects(&before));
		}
	}
	sleep_us(300000);
	check(!objects(&after));
	lab_say("%lld buffer objects before, %lld after", (long long)before,
		(long long)after);
	check(before > 0);
	check(after == before);
	return 0;
}
