// SPDX-License-Identifier: GPL-2.0-only
/*
 * Stages, on request only: a job that others make wait for reclaim, while each
 * allocation that may enter it runs all shrinkers (vadreno_reclaim/mode 2). The
 * job's buffers may be purged, as a driver in user space says of all that it has
 * done with; so the shrinker waits for the job, a tenth of a second a buffer. If
 * the job waits for whoever is in the shrinker, it waits as long, for each
 * allocation.
 *
 * Each prints "bench NAME VALUE us": how long the longest job took, or >LIMIT if
 * it was not done by then; and fails if that was more than a second, or, where a job
 * hangs, ten.
 */

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lab.h"

/* A frame of a game names some hundreds. */
#define NR_BUFFERS	32
#define LIMIT_US	20000000
#define FAIR_US		1000000
/* The driver looks after its hardware each half a second, and asks twice. */
#define RECOVERY_US	10000000
/* For the longest wait to end, when the shrinkers are not run any more. */
#define RELEASE_US	150000000

/* Processes that do what keeps it waiting. */
#define NR_OTHERS	4

#define RECLAIM_DIR	"/sys/kernel/debug/vadreno_reclaim/"

struct scene {
	int fd;
	int mode;
	int timeline;
	uint32_t turn;
	struct bo cmds;
	struct bo buffers[NR_BUFFERS];
	int64_t longest;
};

/* By a file that is open: to open it would allocate, and so wait. */
static int set_mode(struct scene *s, char mode)
{
	return write(s->mode, &mode, 1) == 1 ? 0 : -errno;
}

static int begin(struct scene *s)
{
	memset(s, 0, sizeof(*s));
	s->fd = gpu_open();
	check(s->fd >= 0);
	check(!gpu_bo_new(s->fd, &s->cmds, 4096));
	/* A device that has a fence of its own, which the client signals. */
	s->timeline = timeline_open();
	check(s->timeline >= 0);
	s->mode = open(RECLAIM_DIR "mode", O_WRONLY | O_CLOEXEC);
	check(s->mode >= 0);
	return 0;
}

static int end(struct scene *s, const char *name, int64_t fair)
{
	gpu_bo_free(s->fd, &s->cmds);
	close(s->mode);
	close(s->timeline);
	close(s->fd);
	if (s->longest > LIMIT_US)
		lab_say("bench %s >%d us", name, LIMIT_US);
	else
		lab_say("bench %s %lld us", name, (long long)s->longest);
	check(s->longest < fair);
	return 0;
}

/* Wait for the fence of a job; give up after LIMIT_US, and then let it go. */
static int time_fence(struct scene *s, uint32_t fence, int64_t start)
{
	int ret = gpu_wait(s->fd, 0, fence, LIMIT_US);
	int64_t took = now_us() - start;

	check(!set_mode(s, '0'));
	if (ret)
		took = LIMIT_US + 1;
	if (took > s->longest)
		s->longest = took;
	check(!ret || !gpu_wait(s->fd, 0, fence, RELEASE_US));
	return 0;
}

static int new_buffers(struct scene *s)
{
	unsigned int i;

	for (i = 0; i < NR_BUFFERS; i++)
		check(!gpu_bo_new(s->fd, &s->buffers[i], 4096));
	return 0;
}

static int forget_buffers(struct scene *s)
{
	unsigned int i;
	bool retained;

	for (i = 0; i < NR_BUFFERS; i++)
		check(!gpu_bo_madvise(s->fd, &s->buffers[i], false, &retained));
	return 0;
}

static void free_buffers(struct scene *s)
{
	unsigned int i;

	for (i = 0; i < NR_BUFFERS; i++)
		gpu_bo_free(s->fd, &s->buffers[i]);
}

/*
 * A job that waits for another device, and whose buffers nobody needs any more.
 * When the GPU has been idle for some time, memory gets short, and that device is
 * done: from there to the fence of the job.
 */
static int one_job(struct scene *s)
{
	struct job job = { .bos = s->buffers, .nr_bos = NR_BUFFERS };
	uint32_t fence;
	int64_t start;

	check(!new_buffers(s));
	job.after = timeline_fence(s->timeline, ++s->turn);
	check(job.after >= 0);
	check(!gpu_submit(s->fd, 0, &s->cmds, &job, &fence, NULL));
	close(job.after);
	check(!forget_buffers(s));
	sleep_us(80000);
	check(!set_mode(s, '2'));
	sleep_us(20000);
	start = now_us();
	check(!timeline_step(s->timeline));
	check(!time_fence(s, fence, start));
	free_buffers(s);
	return 0;
}

static int jobs(struct scene *s, unsigned int n)
{
	int ret = 0;

	/* One that is never done says it all. */
	while (n-- && !ret && s->longest <= LIMIT_US)
		ret = one_job(s);
	check(!set_mode(s, '0'));
	return ret;
}

/** stage_reclaim_resume() - the job powers the GPU up */
int stage_reclaim_resume(struct lab *lab)
{
	int64_t offs = vadreno_stat("power-offs");
	struct scene s;
	int ret;

	(void)lab;
	check(!begin(&s));
	check(!gpu_write("power/autosuspend_delay_ms", "2"));
	ret = jobs(&s, 3);
	check(!gpu_write("power/autosuspend_delay_ms", "250"));
	check(!ret);
	check(vadreno_stat("power-offs") > offs);
	return end(&s, "reclaim_resume", FAIR_US);
}

/* A child that does something again and again. */
static pid_t again(void (*something)(void))
{
	pid_t pid = fork();

	if (pid)
		return pid;
	for (;;)
		something();
}

static void plug_devices(void)
{
	write_file(RECLAIM_DIR "qos", "100");
}

static void read_state(void)
{
	static char buf[1 << 20];

	read_file("/sys/kernel/debug/dri/0/gpu", buf, sizeof(buf));
}

static int with_others(void (*something)(void), const char *name, unsigned int n)
{
	struct scene s;
	pid_t pid[NR_OTHERS];
	int ret, i;

	check(!begin(&s));
	for (i = 0; i < NR_OTHERS; i++) {
		pid[i] = again(something);
		check(pid[i] > 0);
	}
	ret = jobs(&s, n);
	for (i = 0; i < NR_OTHERS; i++)
		stop(pid[i]);
	check(!ret);
	return end(&s, name, FAIR_US);
}

/** stage_reclaim_qos() - devices with PM QoS requests come and go */
int stage_reclaim_qos(struct lab *lab)
{
	(void)lab;
	return with_others(plug_devices, "reclaim_qos", 64);
}

/** stage_reclaim_state() - the state of the GPU in debugfs is read */
int stage_reclaim_state(struct lab *lab)
{
	(void)lab;
	return with_others(read_state, "reclaim_state", 16);
}

/*
 * A job that hangs, and one behind it. If whoever is to end the first allocates on
 * the way, he waits for what he is to end.
 */
static int one_hang(struct scene *s)
{
	struct job hang = {
		.hang = true, .bos = s->buffers, .nr_bos = NR_BUFFERS,
	}, job = { 0 };
	uint32_t fence[2];
	struct bo cmds;
	int64_t start;

	check(!gpu_bo_new(s->fd, &cmds, 4096));
	check(!new_buffers(s));
	check(!gpu_submit(s->fd, 0, &cmds, &hang, &fence[0], NULL));
	check(!gpu_submit(s->fd, 0, &s->cmds, &job, &fence[1], NULL));
	start = now_us();
	check(!forget_buffers(s));
	check(!set_mode(s, '2'));
	check(!time_fence(s, fence[1], start));
	free_buffers(s);
	gpu_bo_free(s->fd, &cmds);
	return 0;
}

static int behind_a_hang(const char *name)
{
	struct scene s;
	int ret;

	check(!begin(&s));
	ret = one_hang(&s);
	check(!set_mode(&s, '0'));
	check(!ret);
	return end(&s, name, RECOVERY_US);
}

/** stage_hang_reclaim() - a hang is recovered from although memory is short */
int stage_hang_reclaim(struct lab *lab)
{
	(void)lab;
	return behind_a_hang("behind_a_hang");
}

static bool mapping;

static void *map_again(void *unused)
{
	void *page;

	(void)unused;
	while (__atomic_load_n(&mapping, __ATOMIC_RELAXED)) {
		page = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (page == MAP_FAILED)
			break;
		munmap(page, 4096);
		sched_yield();
	}
	return NULL;
}

/** stage_reclaim_mmap() - the same while the process whose job hangs maps memory */
int stage_reclaim_mmap(struct lab *lab)
{
	pthread_t thread;
	int ret;

	(void)lab;
	__atomic_store_n(&mapping, true, __ATOMIC_RELAXED);
	check(!pthread_create(&thread, NULL, map_again, NULL));
	ret = behind_a_hang("reclaim_mmap");
	__atomic_store_n(&mapping, false, __ATOMIC_RELAXED);
	pthread_join(thread, NULL);
	return ret;
}
