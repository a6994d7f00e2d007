// SPDX-License-Identifier: GPL-2.0-only
/* Stages: unbind and rebind of the driver; nothing left behind. */

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lab.h"

#define MASTER		"/sys/bus/platform/drivers/msm"
#define CYCLES		3

/* How many objects of a kind the kernel has: an exact count of a cache. */
static int objects(const char *cache, int64_t *n)
{
	char prefix[64];

	snprintf(prefix, sizeof(prefix), "%s ", cache);
	return find_line("/proc/slabinfo", prefix, n);
}

static int bind(bool on)
{
	return write_file(on ? MASTER "/bind" : MASTER "/unbind", "msm");
}

static int rebind_busy(int i)
{
	struct job job = { .busy_us = 3000 };
	int fd = gpu_open(), fence_fd;
	uint32_t fence;
	struct bo cmds;

	check(fd >= 0);
	check(!gpu_run(fd, 0, &job));
	check(!gpu_bo_new(fd, &cmds, 4096));
	check(!gpu_submit(fd, 0, &cmds, &job, &fence, &fence_fd));
	if (i % 2)
		check(!fence_fd_wait(fence_fd, 5000));
	/* The buffer and the file go first: 6.1 cannot do without. */
	gpu_bo_free(fd, &cmds);
	close(fd);
	check(!bind(false));
	check(!fence_fd_wait(fence_fd, 5000));
	check(fence_fd_status(fence_fd) != 0);
	check(gpu_open() == -ENOENT);
	check(!bind(true));
	/* The fence's device is gone, and came back as another. */
	check(fence_fd_status(fence_fd) != 0);
	close(fence_fd);
	return 0;
}

/** stage_rebind() - the driver leaves with a job in flight, and comes back */
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
	static const char *const caches[] = { "drm_sched_fence" };
	struct job job = { .busy_us = 10 };
	int64_t before, after;
	unsigned int i, j;
	int fd;

	(void)lab;
	for (i = 0; i < sizeof(caches) / sizeof(caches[0]); i++) {
		check(!objects(caches[i], &before));
		for (j = 0; j < 64; j++) {
			fd = gpu_open();
			check(fd >= 0);
			check(!gpu_run(fd, 0, &job));
			close(fd);
		}
		/* Jobs are freed by a work and fences after a grace period. */
		sleep_us(300000);
		check(!objects(caches[i], &after));
		lab_say("%s: %lld before, %lld after", caches[i],
			(long long)before, (long long)after);
		check(after <= before + 8);
	}
	return 0;
}
