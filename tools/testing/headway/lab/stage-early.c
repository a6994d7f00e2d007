// SPDX-License-Identifier: GPL-2.0-only
/*
 * Stage: a process that is quick. Its job comes when the driver has registered the
 * device, and is not done with what comes after that.
 */

#define _GNU_SOURCE
#include <errno.h>
#include <glob.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lab.h"

#define RD		"/sys/kernel/debug/dri/*/rd"
/* How often it may be too late, and how long it waits for the device. */
#define TRIES		100
#define PATIENCE_US	5000000
/* Not so often that nobody else has the processor, until there is something to open. */
#define POLL_US		100
#define SOON_US		20

static bool has_dump(void)
{
	glob_t g;

	if (glob(RD, 0, NULL, &g))
		return false;
	globfree(&g);
	return true;
}

struct early {
	pid_t driver;
	sem_t arrived;
	atomic_bool done;
	int fd;
	int ret;
	bool first;
};

/* Has the processor when the driver's thread could have it. */
static void *hold_up(void *arg)
{
	struct early *e = arg;

	sem_wait(&e->arrived);
	while (!e->done)
		;
	return NULL;
}

/* From now on the driver's thread runs when nobody else wants to. */
static void arrive(struct early *e)
{
	struct sched_param prio = { 0 };

	sched_setscheduler(e->driver, SCHED_IDLE, &prio);
	sem_post(&e->arrived);
}

static void leave(struct early *e)
{
	struct sched_param prio = { 0 };

	sched_setscheduler(e->driver, SCHED_OTHER, &prio);
	e->done = true;
	sem_post(&e->arrived);
}

static int open_soon(void)
{
	int64_t start = now_us();
	int fd;

	while ((fd = gpu_open()) < 0 && now_us() - start < PATIENCE_US)
		sleep_us(fd == -ENOENT ? POLL_US : SOON_US);
	return fd;
}

/*
 * Has the processor whenever it wants it. The driver's thread waits for the second
 * node to be made when the first one can be opened.
 */
static void *come_early(void *arg)
{
	struct sched_param prio = { .sched_priority = 1 };
	struct job job = { .busy_us = 100 };
	struct early *e = arg;
	uint32_t fence;
	struct bo cmds;

	e->ret = pthread_setschedparam(pthread_self(), SCHED_FIFO, &prio) ? -1 : 0;
	e->fd = e->ret ? -1 : open_soon();
	if (e->fd < 0) {
		e->ret = -1;
		leave(e);
		return NULL;
	}
	arrive(e);
	e->ret = gpu_bo_new(e->fd, &cmds, 4096) ?:
		gpu_submit(e->fd, 0, &cmds, &job, &fence, NULL);
	e->first = !has_dump();
	leave(e);
	if (!e->ret)
		e->ret = gpu_wait(e->fd, 0, fence, 5000000);
	gpu_bo_free(e->fd, &cmds);
	close(e->fd);
	return NULL;
}

/* Return: 1 if the job was first, 0 if it was too late, or -1. */
static int come_once(const char *driver, const char *device)
{
	struct early e = { .driver = syscall(SYS_gettid) };
	pthread_t quick, busy;

	check(!sem_init(&e.arrived, 0, 0));
	check(!bind_msm(driver, device, false));
	check(!pthread_create(&busy, NULL, hold_up, &e));
	check(!pthread_create(&quick, NULL, come_early, &e));
	check(!bind_msm(driver, device, true));
	pthread_join(quick, NULL);
	pthread_join(busy, NULL);
	check(!e.ret);
	return e.first;
}

/** stage_early() - a job that comes before the files that jobs are dumped to */
int stage_early(struct lab *lab)
{
	char driver[64], device[64];
	int i = 0, ret;

	(void)lab;
	check(!find_master(driver, device, sizeof(driver)));
	do {
		ret = come_once(driver, device);
	} while (!ret && ++i < TRIES);
	lab_say("%d were too late", i);
	check(ret > 0);
	return 0;
}
