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
#define NR_REFUSED	128
/* That much may be in caches, in a kernel that keeps what was freed for a while. */
#define REBIND_LOSS	(8 << 20)

/* How many buffer objects the driver has, by its own count. */
int nr_objects(int64_t *n)
{
	return find_line("/sys/kernel/debug/dri/0/gem", "Total:", n);
}

/**
 * count_becomes() - wait for objects, which are dropped some time after the fence
 * @expected: how many there should be
 */
int count_becomes(int64_t expected)
{
	int64_t n = -1;
	int ms;

	for (ms = 0; ms < 5000; ms += 10) {
		check(!nr_objects(&n));
		if (n == expected)
			return 0;
		sleep_us(10000);
	}
	return fail("%lld objects, %lld before", (long long)n, (long long)expected);
}

/**
 * find_master() - the device that the DRM device hangs on
 * @driver: where to put its driver's name
 * @device: where to put its name
 * @size: of each
 *
 * One of its own without a device tree node, or, in later drivers, the GPU itself.
 */
int find_master(char *driver, char *device, size_t size)
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

/**
 * bind_msm() - bind the driver, or unbind it
 * @driver: its name
 * @device: what to
 * @on: whether to bind it
 */
int bind_msm(const char *driver, const char *device, bool on)
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
 */
int stage_rebind(struct lab *lab)
{
	struct job job = { .busy_us = 100 };
	int64_t before = 0, lost;
	int i, fd;

	(void)lab;
	for (i = 0; i < CYCLES; i++) {
		check(!rebind_busy(i));
		/* Works and RCU are to free what they have to. */
		sleep_us(300000);
		/* The first may leave what is kept for good. */
		if (i == 0)
			before = free_bytes();
	}
	lost = before - (int64_t)free_bytes();
	lab_say("%lld KiB less memory than before", (long long)lost / 1024);
	check(lost < REBIND_LOSS);
	fd = gpu_open();
	check(fd >= 0);
	check(!gpu_run(fd, 0, &job));
	close(fd);
	return 0;
}

static int rebind(void)
{
	char driver[64], device[64];

	check(!find_master(driver, device, sizeof(driver)));
	check(!bind_msm(driver, device, false));
	check(!bind_msm(driver, device, true));
	return 0;
}

/** stage_stale_dump() - a coredump that is read when the driver has left */
int stage_stale_dump(struct lab *lab)
{
	struct job hang = { .hang = true }, good = { .busy_us = 100 };
	char driver[64], device[64], path[256], buf[64];
	int fd = gpu_open(), len;
	uint32_t fence;
	struct bo cmds;

	(void)lab;
	check(fd >= 0);
	check(!gpu_bo_new(fd, &cmds, 4096));
	check(!gpu_submit(fd, 0, &cmds, &hang, &fence, NULL));
	check(!gpu_wait(fd, 0, fence, 20000000));
	gpu_bo_free(fd, &cmds);
	close(fd);
	check(!find_coredump(path, sizeof(path)));
	check(!find_master(driver, device, sizeof(driver)));
	check(!bind_msm(driver, device, false));
	len = read_file(path, buf, sizeof(buf));
	lab_say("without the driver: %d bytes or error", len);
	check(!bind_msm(driver, device, true));
	/* The file stays for minutes, but what it was to tell went with the GPU. */
	check(len <= 0);
	check(!write_file(path, "0"));
	fd = gpu_open();
	check(fd >= 0);
	check(!gpu_run(fd, 0, &good));
	close(fd);
	return 0;
}

/**
 * stage_first_open() - each allocation of a first open fails once
 *
 * In the end the GPU works, and it does so too when it is opened again after one
 * that failed: what that left behind does not matter.
 */
int stage_first_open(struct lab *lab)
{
	int n, errors = 0;
	bool failed;

	(void)lab;
	for (n = 1; n < MAX_NTH; n++) {
		check(!rebind());
		errors += !!open_failing(n, &failed);
		check(!open_once());
		if (!failed)
			break;
	}
	lab_say("first open: %d allocations, %d errors", n - 1, errors);
	check(n < MAX_NTH);
	check(errors > 2);
	return 0;
}

/** stage_short_firmware() - firmware that ends early: an error, no crash */
int stage_short_firmware(struct lab *lab)
{
	static const unsigned int sizes[] = { 2, 4, 6 };
	struct job job = { .busy_us = 100 };
	unsigned int i;
	int fd;

	(void)lab;
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		check(!firmware_shorten(sizes[i]));
		check(!rebind());
		fd = gpu_open();
		check(fd >= 0);
		lab_say("a job with %u bytes of firmware: %d", sizes[i],
			gpu_run(fd, 0, &job));
		close(fd);
	}
	check(!firmware_install());
	check(!rebind());
	fd = gpu_open();
	check(fd >= 0);
	check(!gpu_run(fd, 0, &job));
	close(fd);
	return 0;
}

/*
 * Jobs that the driver refuses after it has copied what belongs to them, 64 KiB each:
 * none of it is left.
 */
static int refuse(void)
{
	struct job job = { .bad_relocs = MAX_RELOCS };
	int64_t before, after;
	int fd = gpu_open(), i;
	struct bo cmds;
	uint32_t fence;

	check(fd >= 0);
	check(!gpu_bo_new(fd, &cmds, 4096));
	check(gpu_submit(fd, 0, &cmds, &job, &fence, NULL) == -EINVAL);
	check(!find_line("/proc/meminfo", "SUnreclaim:", &before));
	for (i = 0; i < NR_REFUSED; i++)
		check(gpu_submit(fd, 0, &cmds, &job, &fence, NULL) == -EINVAL);
	gpu_bo_free(fd, &cmds);
	close(fd);
	check(!find_line("/proc/meminfo", "SUnreclaim:", &after));
	lab_say("%d refused jobs took %lld KiB for good", NR_REFUSED,
		(long long)(after - before));
	check(after - before < 64 * NR_REFUSED / 4);
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
			check(!nr_objects(&before));
		}
	}
	sleep_us(300000);
	check(!nr_objects(&after));
	lab_say("%lld buffer objects before, %lld after", (long long)before,
		(long long)after);
	check(before > 0);
	check(after == before);
	return refuse();
}
