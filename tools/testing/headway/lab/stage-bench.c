// SPDX-License-Identifier: GPL-2.0-only
/*
 * Measurements, on request only. Each prints lines "bench NAME VALUE UNIT" and
 * fails only if a job does.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "lab.h"

#define NR_SERIAL	4000
#define NR_PIPELINED	8000
#define NR_RESUMES	40
#define NR_STUCK	12
#define STALL_US	100000
/* Longer than the driver takes for a job on any machine that we saw */
#define GPU_BOUND_US	1000

/* As many jobs as a ring has on the hardware at a time, and some that wait. */
#define RING_DEPTH	8
#define NR_QUEUED	(RING_DEPTH + 4)

#define RECLAIM_MODE	"/sys/kernel/debug/vadreno_reclaim/mode"
#define RUN_JOB_ALLOCS	"/sys/kernel/debug/vadreno_reclaim/run_job_allocs"
#define RUN_JOB_MAX	"/sys/kernel/debug/vadreno_reclaim/run_job_max_us"

struct bench {
	int fd;
	struct bo cmds[NR_QUEUED];
	struct bo extra[NR_STUCK];
	int64_t *took;
	unsigned int n;
};

static void say(const char *name, int64_t value, const char *unit)
{
	lab_say("bench %s %lld %s", name, (long long)value, unit);
}

static int begin(struct bench *b, unsigned int room)
{
	unsigned int i;

	memset(b, 0, sizeof(*b));
	b->took = calloc(room, sizeof(*b->took));
	check(b->took);
	b->fd = gpu_open();
	check(b->fd >= 0);
	for (i = 0; i < NR_QUEUED; i++)
		check(!gpu_bo_new(b->fd, &b->cmds[i], 4096));
	return 0;
}

static void end(struct bench *b)
{
	unsigned int i;

	for (i = 0; i < NR_QUEUED; i++)
		gpu_bo_free(b->fd, &b->cmds[i]);
	close(b->fd);
	free(b->took);
}

static int ascending(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

static void say_spread(struct bench *b, const char *what)
{
	static const struct {
		const char *name;
		unsigned int percent;
	} points[] = { { "p50", 50 }, { "p99", 99 }, { "max", 100 } };
	unsigned int i, stalls = 0;
	char name[64];

	if (!b->n)
		return;
	qsort(b->took, b->n, sizeof(*b->took), ascending);
	for (i = 0; i < ARRAY_SIZE(points); i++) {
		unsigned int at = b->n * points[i].percent / 100;

		snprintf(name, sizeof(name), "%s_%s", what, points[i].name);
		say(name, b->took[at < b->n ? at : b->n - 1], "us");
	}
	for (i = 0; i < b->n; i++)
		stalls += b->took[i] > STALL_US;
	snprintf(name, sizeof(name), "%s_over_100ms", what);
	say(name, stalls, "jobs");
	b->n = 0;
}

/* Watch run_job(); not while time is taken of what is short. */
static int watch(void)
{
	check(!write_file(RUN_JOB_ALLOCS, "0"));
	check(!write_file(RUN_JOB_MAX, "0"));
	check(!write_file(RECLAIM_MODE, "1"));
	return 0;
}

/* How many allocations it made that may enter reclaim, since then. */
static int say_allocs(const char *name)
{
	int64_t n = read_number(RUN_JOB_ALLOCS);

	check(!write_file(RECLAIM_MODE, "0"));
	check(n >= 0);
	say(name, n, "1");
	return 0;
}

/* How often the kernel went from one task to another since it was booted. */
static int64_t context_switches(void)
{
	char stat[8192], *at;

	if (read_file("/proc/stat", stat, sizeof(stat)) < 0)
		return -1;
	at = strstr(stat, "\nctxt ");
	return at ? strtoll(at + strlen("\nctxt "), NULL, 10) : -1;
}

/* One job, from the return of the ioctl to its fence. */
static int one(struct bench *b, const struct job *job)
{
	uint32_t fence;
	int64_t start;

	check(!gpu_submit(b->fd, 0, &b->cmds[0], job, &fence, NULL));
	start = now_us();
	check(!gpu_wait(b->fd, 0, fence, 60000000));
	b->took[b->n++] = now_us() - start;
	return 0;
}

/** stage_bench_first() - from the start of the kernel to the first fence */
int stage_bench_first(struct lab *lab)
{
	struct job job = { 0 };
	struct timespec ts;
	struct bench b;

	(void)lab;
	clock_gettime(CLOCK_BOOTTIME, &ts);
	say("boot_to_init", ts.tv_sec * 1000000LL + ts.tv_nsec / 1000, "us");
	check(!begin(&b, 1));
	check(!watch());
	check(!one(&b, &job));
	clock_gettime(CLOCK_BOOTTIME, &ts);
	say("boot_to_fence", ts.tv_sec * 1000000LL + ts.tv_nsec / 1000, "us");
	check(!say_allocs("first_job_allocs"));
	end(&b);
	return 0;
}

/* Keep the ring full of jobs that take the GPU @busy_us each; @what is how many a second. */
static int full_ring(struct bench *b, unsigned int busy_us, const char *what)
{
	struct job job = { .busy_us = busy_us };
	uint32_t fence[NR_QUEUED];
	int64_t start, switches;
	char name[64];
	unsigned int i;

	switches = context_switches();
	check(switches >= 0);
	start = now_us();
	for (i = 0; i < NR_PIPELINED + NR_QUEUED; i++) {
		/* Its buffer is free again once that job is done. */
		if (i >= NR_QUEUED)
			check(!gpu_wait(b->fd, 0, fence[i % NR_QUEUED], 5000000));
		if (i < NR_PIPELINED)
			check(!gpu_submit(b->fd, 0, &b->cmds[i % NR_QUEUED], &job,
					  &fence[i % NR_QUEUED], NULL));
	}
	say(what, NR_PIPELINED * 1000000LL / (now_us() - start), "1/s");
	snprintf(name, sizeof(name), "%s_switches", what);
	say(name, (context_switches() - switches) * 1000 / NR_PIPELINED, "per_1000_jobs");
	return 0;
}

/** stage_bench_idle() - an idle machine: one job at a time, and a full ring */
int stage_bench_idle(struct lab *lab)
{
	struct job job = { 0 };
	struct bench b;
	unsigned int i;

	(void)lab;
	check(!begin(&b, NR_SERIAL));
	for (i = 0; i < NR_SERIAL; i++)
		check(!one(&b, &job));
	say_spread(&b, "idle");

	/* What limits them: the GPU, and then, with one that takes no time, the driver. */
	check(!full_ring(&b, GPU_BOUND_US, "submits"));
	check(!full_ring(&b, 0, "submits_no_gpu_time"));

	check(!watch());
	for (i = 0; i < 1000; i++) {
		b.n = 0;
		check(!one(&b, &job));
	}
	check(!say_allocs("allocs_per_1000_jobs"));
	end(&b);
	return 0;
}

/** stage_bench_resume() - a job for a GPU that was switched off */
int stage_bench_resume(struct lab *lab)
{
	struct job job = { 0 };
	struct bench b;
	int64_t before, start;
	uint32_t fence;
	unsigned int i;

	(void)lab;
	check(!begin(&b, NR_RESUMES));
	check(!gpu_write("power/autosuspend_delay_ms", "2"));
	before = vadreno_stat("power-offs");
	for (i = 0; i < NR_RESUMES; i++) {
		sleep_us(40000);
		/* With the ioctl: the fork powers the GPU up there. */
		start = now_us();
		check(!gpu_submit(b.fd, 0, &b.cmds[0], &job, &fence, NULL));
		check(!gpu_wait(b.fd, 0, fence, 5000000));
		b.took[b.n++] = now_us() - start;
	}
	say("resumes", vadreno_stat("power-offs") - before, "1");
	say_spread(&b, "resume");
	check(!watch());
	for (i = 0; i < NR_RESUMES; i++) {
		sleep_us(40000);
		check(!one(&b, &job));
	}
	check(!say_allocs("allocs_per_40_resumes"));
	check(!gpu_write("power/autosuspend_delay_ms", "250"));
	end(&b);
	return 0;
}

/*
 * A full ring, then a job whose buffers nobody needs afterwards: the shrinker may
 * have them as soon as that job is done.
 */
static int one_stuck(struct bench *b)
{
	struct job busy = { .busy_us = 2000 }, job = {
		.bos = b->extra, .nr_bos = NR_STUCK,
	};
	uint32_t fence[NR_QUEUED];
	int64_t start;
	bool retained;
	unsigned int i;

	for (i = 0; i < NR_STUCK; i++)
		check(!gpu_bo_new(b->fd, &b->extra[i], 16384));
	for (i = 0; i + 1 < NR_QUEUED; i++)
		check(!gpu_submit(b->fd, 0, &b->cmds[i], &busy, &fence[i], NULL));
	check(!gpu_submit(b->fd, 0, &b->cmds[i], &job, &fence[i], NULL));
	start = now_us();
	for (i = 0; i < NR_STUCK; i++)
		check(!gpu_bo_madvise(b->fd, &b->extra[i], false, &retained));
	check(!gpu_wait(b->fd, 0, fence[NR_QUEUED - 1], 120000000));
	b->took[b->n++] = now_us() - start;
	for (i = 0; i < NR_STUCK; i++)
		gpu_bo_free(b->fd, &b->extra[i]);
	return 0;
}

/* How often anybody had to reclaim memory himself, or -1 if the kernel does not count. */
static int64_t direct_reclaims(void)
{
	int64_t normal = 0, movable = 0;

	if (find_line("/proc/vmstat", "allocstall_normal", &normal))
		return -1;
	find_line("/proc/vmstat", "allocstall_movable", &movable);
	return normal + movable;
}

/** stage_bench_hog() - the same while another process takes all memory, and more */
int stage_bench_hog(struct lab *lab)
{
	int64_t until, before;
	struct bench b;
	pid_t pid;

	(void)lab;
	check(!begin(&b, 100000));
	check(!make_swap());
	before = direct_reclaims();
	pid = hog(free_bytes() + 16 * 1024 * 1024);
	check(pid > 0);
	check(!watch());
	for (until = now_us() + 8000000; now_us() < until && b.n < 100000;)
		check(!one_stuck(&b));
	stop(pid);
	if (before >= 0)
		say("hog_direct_reclaims", direct_reclaims() - before, "1");
	say("hog_jobs", b.n, "jobs");
	say("hog_run_job_max", read_number(RUN_JOB_MAX), "us");
	check(!say_allocs("hog_run_job_allocs"));
	say_spread(&b, "hog");
	end(&b);
	return 0;
}
