// SPDX-License-Identifier: GPL-2.0-only
/* Stages: runtime suspend, frequency changes, system suspend. */

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "lab.h"

#define CYCLES		24
#define WAKEALARM	"/sys/class/rtc/rtc0/wakealarm"

/* The GPU's folder in sysfs: its name starts with its address. */
static int gpu_path(char *buf, size_t size, const char *file)
{
	glob_t g;
	int ret;

	if (glob("/sys/bus/platform/drivers/adreno/*.gpu", 0, NULL, &g))
		return -ENOENT;
	ret = snprintf(buf, size, "%s/%s", g.gl_pathv[0], file);
	globfree(&g);
	return ret < (int)size ? 0 : -ENAMETOOLONG;
}

/**
 * gpu_write() - write a file of the GPU's folder in sysfs
 * @file: below it
 * @text: what to write
 */
int gpu_write(const char *file, const char *text)
{
	char path[256];

	return gpu_path(path, sizeof(path), file) ?: write_file(path, text);
}

static int one_cycle(struct lab *lab, int fd, struct bo *target, uint32_t i)
{
	struct job job = { .target = target, .index = i % 1024, .value = i };

	check(!gpu_run(fd, 0, &job));
	check(target->map[i % 1024] == i);
	/* Around the autosuspend delay: some suspend, some are caught at it. */
	sleep_us(1000 + lab_random(lab) % 8000);
	return 0;
}

struct racer {
	pthread_t thread;
	struct lab lab;
	int fd;
	int ret;
};

static void *race(void *arg)
{
	struct racer *r = arg;
	struct bo target;
	uint32_t i;

	r->ret = gpu_bo_new(r->fd, &target, 4096);
	for (i = 0; i < CYCLES && !r->ret; i++)
		r->ret = one_cycle(&r->lab, r->fd, &target, i);
	gpu_bo_free(r->fd, &target);
	return NULL;
}

/** stage_runpm() - runtime suspend and resume, with submits that race them */
int stage_runpm(struct lab *lab)
{
	struct racer r[2];
	int64_t before, after;
	int fd = gpu_open(), ret = 0, i;

	check(fd >= 0);
	before = vadreno_stat("power-offs");
	check(before >= 0);
	check(!gpu_write("power/autosuspend_delay_ms", "4"));
	for (i = 0; i < 2; i++) {
		r[i].lab = *lab;
		r[i].lab.seed += i;
		r[i].fd = fd;
		check(!pthread_create(&r[i].thread, NULL, race, &r[i]));
	}
	for (i = 0; i < 2; i++) {
		pthread_join(r[i].thread, NULL);
		ret |= r[i].ret;
	}
	sleep_us(50000);
	after = vadreno_stat("power-offs");
	check(!gpu_write("power/autosuspend_delay_ms", "250"));
	close(fd);
	lab_say("%lld times off", (long long)(after - before));
	check(!ret);
	check(after - before >= 4);
	return 0;
}

static int devfreq_dir(char *buf, size_t size)
{
	glob_t g;

	if (glob("/sys/class/devfreq/*.gpu", 0, NULL, &g))
		return -ENOENT;
	snprintf(buf, size, "%s", g.gl_pathv[0]);
	globfree(&g);
	return 0;
}

static int64_t transitions(const char *dir)
{
	char path[256], buf[4096], *p;

	snprintf(path, sizeof(path), "%s/trans_stat", dir);
	if (read_file(path, buf, sizeof(buf)) < 0)
		return -1;
	p = strstr(buf, "Total transition :");
	return p ? atoll(p + strlen("Total transition :")) : -1;
}

/* Limits as thermal drivers and users set them: PM QoS frequency requests. */
static int limits(const char *dir, int i)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/max_freq", dir);
	check(!write_file(path, i & 1 ? "320000000" : "510000000"));
	snprintf(path, sizeof(path), "%s/min_freq", dir);
	check(!write_file(path, i & 2 ? "133000000" : "320000000"));
	return 0;
}

/* The GPU's cooling device: a thermal zone would slow it down by this. */
static int cooling_path(char *buf, size_t size, const char *file)
{
	char type[64], path[300];
	int ret = -ENOENT;
	size_t i;
	glob_t g;

	if (glob("/sys/class/thermal/cooling_device*", 0, NULL, &g))
		return -ENOENT;
	for (i = 0; i < g.gl_pathc && ret; i++) {
		snprintf(path, sizeof(path), "%s/type", g.gl_pathv[i]);
		if (read_file(path, type, sizeof(type)) < 0 ||
		    !strstr(type, "devfreq"))
			continue;
		snprintf(buf, size, "%s/%s", g.gl_pathv[i], file);
		ret = 0;
	}
	globfree(&g);
	return ret;
}

static int cool(int state)
{
	char path[256], text[16];

	check(!cooling_path(path, sizeof(path), "cur_state"));
	snprintf(text, sizeof(text), "%d", state);
	return write_file(path, text);
}

static int64_t max_cooling(void)
{
	char path[256];

	check(!cooling_path(path, sizeof(path), "max_state"));
	return read_number(path);
}

/** stage_devfreq() - the clock follows the load and the limits */
int stage_devfreq(struct lab *lab)
{
	struct job job = { .busy_us = 300 };
	char dir[128];
	int64_t before, after, votes = vadreno_stat("icc-sets");
	int64_t hot = max_cooling();
	int fd = gpu_open(), i;

	(void)lab;
	check(fd >= 0);
	check(!devfreq_dir(dir, sizeof(dir)));
	before = transitions(dir);
	check(before >= 0);
	check(hot > 0);
	for (i = 0; i < 48; i++) {
		check(!gpu_run(fd, 0, &job));
		if (i % 4 == 0)
			check(!limits(dir, i / 4));
		if (i % 6 == 0)
			check(!cool(i / 6 % (hot + 1)));
		/* Jobs closer than 1 ms would keep the clock at its maximum. */
		sleep_us(i % 3 ? 2000 : 30000);
	}
	check(!limits(dir, 2));
	check(!cool(0));
	after = transitions(dir);
	votes = vadreno_stat("icc-sets") - votes;
	lab_say("%lld transitions, %lld bandwidths set",
		(long long)(after - before), (long long)votes);
	close(fd);
	/* 6.1 sets the clock alone on generation 5: no bandwidth goes with it. */
	check(lab->gen == 5 || votes >= 4);
	check(after - before >= 4);
	return 0;
}

/*
 * Wake up in a second. The alarm is in whole seconds of the clock: set right before
 * one ends, it would be due at once, and the machine not asleep by then.
 */
static int set_alarm(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	if (now.tv_nsec > 900000000)
		sleep_us(1000000 - now.tv_nsec / 1000);
	return write_file(WAKEALARM, "+1");
}

/** stage_s2idle() - the machine sleeps, and its clock wakes it up */
int stage_s2idle(struct lab *lab)
{
	struct job busy = { .busy_us = 20000 };
	int64_t slept;
	int fd = gpu_open();
	struct bo cmds;
	uint32_t fence;

	(void)lab;
	check(fd >= 0);
	check(!gpu_bo_new(fd, &cmds, 4096));
	check(!write_file("/sys/power/pm_test", "none"));
	check(!write_file("/sys/power/mem_sleep", "s2idle"));
	check(!gpu_submit(fd, 0, &cmds, &busy, &fence, NULL));
	check(!set_alarm());
	slept = now_us();
	check(!write_file("/sys/power/state", "mem"));
	lab_say("came back after %lld us", (long long)(now_us() - slept));
	check(read_number("/sys/power/suspend_stats/success") > 0);
	check(!gpu_wait(fd, 0, fence, 5000000));
	check(!gpu_run(fd, 0, &busy));
	gpu_bo_free(fd, &cmds);
	close(fd);
	return 0;
}

#define NR_WAITING	24
#define BUSY_US		20000
/* The driver gives the eight that are in the ring a second. */
#define MAX_BUSY_US	80000
#define COREDUMP	"/sys/class/devcoredump/devcd*/data"

/*
 * Jobs that the ring has no room for when the machine sleeps run when it wakes up, and
 * nobody has to recover the GPU for it. Each does what it is for: the fence of one that
 * was lost is signalled as well, if there is a later one that was not.
 */
static int suspend_with_queue(int fd, uint32_t busy_us, bool *waited)
{
	struct bo cmds[NR_WAITING], data;
	uint32_t fences[NR_WAITING];
	glob_t g;
	int i;

	check(!gpu_bo_new(fd, &data, 4096));
	for (i = 0; i < NR_WAITING; i++)
		check(!gpu_bo_new(fd, &cmds[i], 4096));
	for (i = 0; i < NR_WAITING; i++) {
		struct job job = { .busy_us = busy_us, .target = &data,
				   .index = i, .value = i + 1 };

		check(!gpu_submit(fd, 0, &cmds[i], &job, &fences[i], NULL));
	}
	check(!write_file("/sys/power/state", "mem"));
	*waited = gpu_wait(fd, 0, fences[NR_WAITING - 1], 0) != 0;
	for (i = 0; i < NR_WAITING; i++) {
		check(!gpu_wait(fd, 0, fences[i], 5000000));
		gpu_bo_free(fd, &cmds[i]);
	}
	for (i = 0; i < NR_WAITING; i++)
		check(data.map[i] == (uint32_t)i + 1);
	gpu_bo_free(fd, &data);
	if (glob(COREDUMP, 0, NULL, &g))
		return 0;
	globfree(&g);
	return fail("a job had to be rescued");
}

/* All may be done before the machine sleeps, if it has other work: take longer jobs. */
static int suspend_queued(int fd)
{
	bool waited = false;
	uint32_t busy_us;

	for (busy_us = BUSY_US; !waited && busy_us <= MAX_BUSY_US; busy_us *= 2) {
		check(!suspend_with_queue(fd, busy_us, &waited));
		lab_say("jobs of %u us %s", busy_us, waited ? "waited" : "were done");
	}
	check(waited);
	return 0;
}

static int suspend_at(const char *level)
{
	check(!write_file("/sys/power/pm_test", level));
	check(!write_file("/sys/power/state", "mem"));
	return 0;
}

/** stage_suspend() - system suspend to each test level, jobs before and after */
int stage_suspend(struct lab *lab)
{
	static const char *const levels[] = { "freezer", "devices", "platform" };
	struct job busy = { .busy_us = 20000 };
	int fd = gpu_open();
	struct bo cmds;
	uint32_t fence;
	unsigned int i;

	(void)lab;
	check(fd >= 0);
	/* A test level waits five seconds before it wakes up, unless told. */
	check(!write_file("/sys/module/suspend/parameters/pm_test_delay",
			  "0"));
	check(!gpu_bo_new(fd, &cmds, 4096));
	for (i = 0; i < ARRAY_SIZE(levels); i++) {
		check(!gpu_submit(fd, 0, &cmds, &busy, &fence, NULL));
		check(!suspend_at(levels[i]));
		check(!gpu_wait(fd, 0, fence, 5000000));
		check(!gpu_run(fd, 0, &busy));
	}
	check(!suspend_queued(fd));
	write_file("/sys/power/pm_test", "none");
	gpu_bo_free(fd, &cmds);
	close(fd);
	return 0;
}
