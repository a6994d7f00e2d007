// SPDX-License-Identifier: GPL-2.0-only
/* Stages: first open, single jobs, jobs of several rings and threads. */

#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include <drm/drm.h>
#include <drm/msm_drm.h>

#include "lab.h"

#define NR_JOBS		64
#define NR_THREADS	64
#define JOBS_PER_THREAD	16

/** stage_no_firmware() - first open without firmware: an error, no crash */
int stage_no_firmware(struct lab *lab)
{
	uint64_t value;
	int fd, i;

	(void)lab;
	check(!firmware_remove());
	for (i = 0; i < 2; i++) {
		fd = gpu_open();
		check(fd >= 0);
		check(gpu_param(fd, MSM_PARAM_GPU_ID, &value) == -ENXIO);
		close(fd);
	}
	check(!firmware_install());
	return 0;
}

/** stage_open() - the driver loads the firmware and brings the GPU up */
int stage_open(struct lab *lab)
{
	int64_t start, took;
	uint64_t value;
	int fd;

	start = now_us();
	fd = gpu_open();
	check(fd >= 0);
	check(!gpu_param(fd, MSM_PARAM_GPU_ID, &value));
	took = now_us() - start;
	lab_say("GPU id %llu, first open took %lld us",
		(unsigned long long)value, (long long)took);
	check(!gpu_param(fd, MSM_PARAM_NR_RINGS, &value));
	lab->rings = value;
	lab_say("%d priorities", lab->rings);
	check(lab->rings >= 1);
	close(fd);
	return 0;
}

/*
 * The first thing that a file asks for is a job that has to be refused, or a buffer
 * of its own: what else the driver makes on the way may not be there yet.
 */
static int submit_first(void)
{
	struct drm_msm_gem_submit_cmd cmd = { .type = 0xdead };
	struct drm_msm_gem_submit req = {
		.flags = MSM_PIPE_3D0,
		.nr_cmds = 1,
		.cmds = (uintptr_t)&cmd,
		.fence_fd = -1,
	};
	int fd = gpu_open();

	check(fd >= 0);
	check(gpu_ioctl(fd, DRM_IOCTL_MSM_GEM_SUBMIT, &req) == -EINVAL);
	close(fd);
#ifdef MSM_BO_NO_SHARE
	struct drm_msm_gem_new new = {
		.size = 4096, .flags = MSM_BO_WC | MSM_BO_NO_SHARE,
	};

	fd = gpu_open();
	check(fd >= 0);
	check(!gpu_ioctl(fd, DRM_IOCTL_MSM_GEM_NEW, &new));
	close(fd);
#endif
	return 0;
}

/* A job that is the last to hold its buffers: what frees them, frees them then. */
static int submit_last(void)
{
	int fd = gpu_open(), fence_fd;
	struct bo target, cmds;
	struct job job = { .busy_us = 20000, .target = &target };
	uint32_t fence;

	check(fd >= 0);
	check(!gpu_bo_new(fd, &target, 4096));
	check(!gpu_bo_new(fd, &cmds, 4096));
	check(!gpu_submit(fd, 0, &cmds, &job, &fence, &fence_fd));
	gpu_bo_free(fd, &cmds);
	gpu_bo_free(fd, &target);
	close(fd);
	check(!fence_fd_wait(fence_fd, 5000));
	close(fence_fd);
	return 0;
}

/** stage_submit() - one job after the other, each seen to have been done */
int stage_submit(struct lab *lab)
{
	struct bo target, cmds;
	int fd = gpu_open();
	int64_t start;
	uint32_t i;

	(void)lab;
	check(!submit_first());
	check(fd >= 0);
	check(!gpu_bo_new(fd, &target, 4096));
	check(!gpu_bo_new(fd, &cmds, 4096));
	start = now_us();
	for (i = 0; i < NR_JOBS; i++) {
		struct job job = {
			.target = &target, .index = i, .value = i ^ 0x5a5a5a5a,
		};
		uint32_t fence;

		check(!gpu_submit(fd, 0, &cmds, &job, &fence, NULL));
		check(!gpu_wait(fd, 0, fence, 5000000));
		check(target.map[i] == job.value);
	}
	lab_say("a job took %lld us",
		(long long)(now_us() - start) / NR_JOBS);
	gpu_bo_free(fd, &cmds);
	gpu_bo_free(fd, &target);
	close(fd);
	return submit_last();
}

/* Jobs of all priorities at once: a few long ones, many short ones. */
static int mixed_jobs(struct lab *lab, int fd, const uint32_t *queues,
		      struct bo *target, struct bo *cmds)
{
	uint32_t fence[NR_JOBS], i;

	for (i = 0; i < NR_JOBS; i++) {
		struct job job = {
			.busy_us = lab_random(lab) % 500,
			.target = target, .index = i, .value = ~i,
		};

		check(!gpu_submit(fd, queues[i % lab->rings], &cmds[i], &job,
				  &fence[i], NULL));
	}
	for (i = 0; i < NR_JOBS; i++) {
		check(!gpu_wait(fd, queues[i % lab->rings], fence[i],
				5000000));
		check(target->map[i] == ~i);
	}
	return 0;
}

/** stage_rings() - queues of every priority, jobs that preempt each other */
int stage_rings(struct lab *lab)
{
	uint32_t queues[16] = { 0 };
	struct bo target, cmds[NR_JOBS];
	int64_t switches = vadreno_stat("context-switches");
	int fd = gpu_open(), ret = 0, i;

	check(fd >= 0);
	check(lab->rings > 0 && lab->rings <= 16);
	check(!gpu_bo_new(fd, &target, 4096));
	for (i = 0; i < NR_JOBS; i++)
		check(!gpu_bo_new(fd, &cmds[i], 4096));
	for (i = 0; i < lab->rings; i++)
		check(!gpu_queue_new(fd, i, &queues[i]));
	for (i = 0; i < 4 && !ret; i++)
		ret = mixed_jobs(lab, fd, queues, &target, cmds);
	for (i = 0; i < lab->rings; i++)
		check(!gpu_queue_free(fd, queues[i]));
	for (i = 0; i < NR_JOBS; i++)
		gpu_bo_free(fd, &cmds[i]);
	gpu_bo_free(fd, &target);
	close(fd);
	switches = vadreno_stat("context-switches") - switches;
	lab_say("%lld context switches", (long long)switches);
	/* The driver has one ring for generation 6. */
	check(lab->gen == 6 || switches > 0);
	return ret;
}

struct worker {
	pthread_t thread;
	int fd;
	uint32_t prio;
	int ret;
};

static int work(struct worker *w)
{
	struct bo target;
	uint32_t queue, i;

	check(!gpu_queue_new(w->fd, w->prio, &queue));
	check(!gpu_bo_new(w->fd, &target, 4096));
	for (i = 0; i < JOBS_PER_THREAD; i++) {
		struct job job = { .target = &target, .index = i, .value = i };

		check(!gpu_run(w->fd, queue, &job));
		check(target.map[i] == i);
	}
	gpu_bo_free(w->fd, &target);
	check(!gpu_queue_free(w->fd, queue));
	return 0;
}

static void *work_thread(void *arg)
{
	struct worker *w = arg;

	w->ret = work(w);
	return NULL;
}

/** stage_threads() - threads that share the GPU, half of them also a file */
int stage_threads(struct lab *lab)
{
	struct worker w[NR_THREADS];
	int shared = gpu_open(), ret = 0, i;
	pthread_attr_t attr;

	check(shared >= 0);
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, 65536);
	for (i = 0; i < NR_THREADS; i++) {
		w[i].fd = i % 2 ? gpu_open() : shared;
		w[i].prio = i % lab->rings;
		check(w[i].fd >= 0);
		check(!pthread_create(&w[i].thread, &attr, work_thread, &w[i]));
	}
	for (i = 0; i < NR_THREADS; i++) {
		pthread_join(w[i].thread, NULL);
		ret |= w[i].ret;
		if (w[i].fd != shared)
			close(w[i].fd);
	}
	pthread_attr_destroy(&attr);
	close(shared);
	return ret;
}
