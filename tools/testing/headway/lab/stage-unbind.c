// SPDX-License-Identifier: GPL-2.0-only
/* Stages: a driver that leaves while the GPU hangs, or that cannot come. */

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/klog.h>
#include <unistd.h>

#include "lab.h"

#define RPM_ANSWER	"/sys/kernel/debug/vadreno_rpm/answer_us"
/* Of syslog(2) */
#define SYSLOG_READ_ALL	3
/* What the driver waits, and some. */
#define PREEMPT_US	11000000
/* More than any variant maps when its driver is bound. */
#define MAX_MAPS	10000

static int run_one(void)
{
	struct job job = { .busy_us = 100 };
	int fd = gpu_open(), ret;

	check(fd >= 0);
	ret = gpu_run(fd, 0, &job);
	close(fd);
	return ret;
}

/*
 * A job that hangs. What belongs to it is closed: 6.1 cannot do with files that
 * outlive the driver. The hardware notices after so long, or by itself if 0.
 */
static int hang(int *fence_fd, const char *notice_us)
{
	struct job job = { .hang = true };
	int fd = gpu_open();
	uint32_t fence;
	struct bo cmds;

	check(fd >= 0);
	check(!gpu_bo_new(fd, &cmds, 4096));
	check(!gpu_submit(fd, 0, &cmds, &job, &fence, fence_fd));
	gpu_bo_free(fd, &cmds);
	close(fd);
	return set_fault("hang_irq", notice_us);
}

/*
 * From 7.2 on, to close a file waits for its jobs, and so for recovery. One that stays
 * open would keep the device.
 */
static bool already_over(int fence_fd)
{
	if (!fence_fd_status(fence_fd))
		return false;
	lab_say("the job was over when its file was closed");
	close(fence_fd);
	return true;
}

static void drop_coredump(void)
{
	char path[256];

	if (!find_coredump(path, sizeof(path)))
		write_file(path, "0");
}

/**
 * stage_unbind_hang() - a job hangs when the driver is already leaving
 *
 * It waits a second for the job, and the GPU has recovered by then.
 */
int stage_unbind_hang(struct lab *lab)
{
	char driver[64], device[64];
	int fence_fd;

	(void)lab;
	check(!find_master(driver, device, sizeof(driver)));
	check(!run_one());
	check(!hang(&fence_fd, "300000"));
	if (already_over(fence_fd)) {
		drop_coredump();
		return SKIPPED;
	}
	check(!bind_msm(driver, device, false));
	check(!fence_fd_wait(fence_fd, 5000));
	lab_say("fence status %d", fence_fd_status(fence_fd));
	close(fence_fd);
	drop_coredump();
	check(!bind_msm(driver, device, true));
	return run_one();
}

/**
 * stage_unbind_busy() - the GPU has not recovered when the driver has waited enough
 *
 * On request only: the driver warns of it, and that is what it should. Who takes so
 * long is the RPM, which is asked for clocks and power.
 */
int stage_unbind_busy(struct lab *lab)
{
	char driver[64], device[64];
	int64_t start;
	int fence_fd;

	if (access(RPM_ANSWER, W_OK)) {
		lab_say("%s has no RPM", lab->gpu);
		return SKIPPED;
	}
	check(!find_master(driver, device, sizeof(driver)));
	check(!run_one());
	check(!hang(&fence_fd, "700000"));
	if (already_over(fence_fd)) {
		drop_coredump();
		return SKIPPED;
	}
	check(!write_file(RPM_ANSWER, "400000"));
	start = now_us();
	check(!bind_msm(driver, device, false));
	lab_say("the driver left after %lld us", (long long)(now_us() - start));
	check(!write_file(RPM_ANSWER, "20"));
	check(!fence_fd_wait(fence_fd, 5000));
	close(fence_fd);
	drop_coredump();
	check(now_us() - start > 1000000);
	check(!bind_msm(driver, device, true));
	return run_one();
}

/*
 * The GPU changes rings, and the driver is not told: the interrupt gets lost. The next
 * one is for the fence of the job that it did then.
 */
static int lose_preemption(struct lab *lab)
{
	struct job job = { .busy_us = 100 };
	uint32_t last, first, fence;
	int fd = gpu_open();
	struct bo cmds;

	check(fd >= 0);
	check(!gpu_bo_new(fd, &cmds, 4096));
	check(!gpu_queue_new(fd, lab->rings - 1, &last));
	check(!gpu_queue_new(fd, 0, &first));
	check(!gpu_run(fd, last, &job));
	check(!set_fault("lose_irq", "1"));
	job.busy_us = 0;
	check(!gpu_submit(fd, first, &cmds, &job, &fence, NULL));
	sleep_us(20000);
	check(!set_fault("lose_irq", "0"));
	check(!set_fault("fence_irq", "1"));
	check(!gpu_wait(fd, first, fence, 5000000));
	gpu_bo_free(fd, &cmds);
	close(fd);
	return 0;
}

/* Is there such a line in the kernel's log? */
static bool logged(const char *text)
{
	static char log[1 << 20];
	int n = klogctl(SYSLOG_READ_ALL, log, sizeof(log) - 1);

	log[n > 0 ? n : 0] = '\0';
	return strstr(log, text);
}

/**
 * stage_unbind_preempt() - the driver leaves while it waits for a change of rings
 *
 * On request only: it would do so for ten seconds. What it then says it would read
 * from what was freed.
 */
int stage_unbind_preempt(struct lab *lab)
{
	char driver[64], device[64];

	if (lab->gen != 5) {
		lab_say("it is about generation 5");
		return SKIPPED;
	}
	check(!find_master(driver, device, sizeof(driver)));
	check(!lose_preemption(lab));
	check(!bind_msm(driver, device, false));
	sleep_us(PREEMPT_US);
	check(!logged("preemption timed out"));
	check(!bind_msm(driver, device, true));
	return run_one();
}

/* Let the n-th mapping fail while the driver is bound. */
static int bind_failing(const char *driver, const char *device, int n, bool *failed)
{
	char text[16], path[128];
	int ret;

	snprintf(text, sizeof(text), "%d", n);
	snprintf(path, sizeof(path), "%s/fault/map", vadreno_dir);
	check(!bind_msm(driver, device, false));
	check(!set_fault("map", text));
	ret = bind_msm(driver, device, true);
	*failed = read_number(path) == 0;
	check(!set_fault("map", "0"));
	/* It may do without what it could not map. */
	if (ret)
		check(!bind_msm(driver, device, true));
	check(!run_one());
	return ret;
}

/**
 * stage_bind_fail() - a mapping fails while the driver is bound
 *
 * One of the first few, and fewer of the later ones: a ring takes several, as many as
 * its memory has parts.
 */
int stage_bind_fail(struct lab *lab)
{
	char driver[64], device[64];
	int n, errors = 0;
	bool failed = true;

	(void)lab;
	check(!find_master(driver, device, sizeof(driver)));
	for (n = 1; n < MAX_MAPS && failed; n += 1 + n / 4) {
		int ret = bind_failing(driver, device, n, &failed);

		check(ret != -1);
		errors += !!ret;
	}
	lab_say("bind: less than %d mappings, %d errors", n, errors);
	check(!failed);
	check(errors > 0);
	return 0;
}
