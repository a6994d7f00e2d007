// SPDX-License-Identifier: GPL-2.0-only
/* Stages: the driver's shrinker, under memory pressure, with jobs in flight. */

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/swap.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lab.h"

#define NR_BOS		24
#define BO_SIZE		(256 * 1024)
/* What the stages wait for: so many rounds without so much less memory. */
#define ROUND_US	200000
#define IDLE_ROUNDS	30
#define LESS_BYTES	(128 * 1024)
/* How memory is filled in steps: so much, every so often. A round has 40 at most. */
#define STEP		(64 * 1024)
#define STEP_US		5000
#define SWAP_DEVICE	"/dev/ubda"
#define GEM		"/sys/kernel/debug/dri/0/gem"
#define EVICTION	"/sys/module/msm/parameters/enable_eviction"

/**
 * struct squeeze - how short memory is getting
 * @least: the least room that there was, in bytes
 * @rounds: how often it was looked at
 * @idle: how often since there was less
 */
struct squeeze {
	int64_t least;
	unsigned int rounds;
	int idle;
};

/**
 * make_swap() - swap on, unless it is
 *
 * Makes the area the way mkswap(8) does: a header in the first page.
 */
int make_swap(void)
{
	union {
		char page[4096];
		struct {
			char boot[1024];
			uint32_t version;
			uint32_t last_page;
			uint32_t nr_bad;
		} info;
	} head;
	int64_t kib;
	off_t size;
	int fd;

	/* One that is in use cannot be opened for writing, from 6.12 on. */
	if (!find_line("/proc/swaps", SWAP_DEVICE, &kib))
		return 0;
	fd = open(SWAP_DEVICE, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	size = lseek(fd, 0, SEEK_END);
	memset(&head, 0, sizeof(head));
	head.info.version = 1;
	head.info.last_page = size / 4096 - 1;
	memcpy(head.page + 4096 - 10, "SWAPSPACE2", 10);
	if (pwrite(fd, &head, sizeof(head), 0) != sizeof(head)) {
		close(fd);
		return -EIO;
	}
	close(fd);
	return swapon(SWAP_DEVICE, 0) ? -errno : 0;
}

/*
 * Who the OOM killer finds when it has killed who fills memory and is called again before
 * that memory is back: it takes a process for gone as soon as nothing of it is mapped. If
 * init is all that is left then, the kernel panics.
 */
static pid_t spare;

static void spawn_spare(void)
{
	spare = fork();
	while (!spare)
		pause();
}

/*
 * Memory gets short in small steps, with time between them for who reclaims, and for who
 * watches and stops it before there is nothing left.
 */
static void populate_slowly(char *mem, size_t bytes)
{
	size_t i;

	for (i = 0; i + STEP <= bytes; i += STEP) {
		madvise(mem + i, STEP, MADV_POPULATE_WRITE);
		sleep_us(STEP_US);
	}
}

/*
 * A child that fills memory: @bytes, the last @slowly of them in steps. If any process has
 * to be killed for it, then that one.
 */
static pid_t hog_slowly(size_t bytes, size_t slowly)
{
	pid_t pid;
	char *mem;
	size_t i;

	if (slowly > bytes)
		slowly = bytes;
	spawn_spare();
	pid = fork();
	if (pid)
		return pid;
	write_file("/proc/self/oom_score_adj", "1000");
	mem = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (mem == MAP_FAILED)
		_exit(1);
	/* All at once: a fault for each page would be most of the time of a stage. */
	mmap(mem, bytes - slowly, PROT_READ | PROT_WRITE,
	     MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE | MAP_FIXED, -1, 0);
	populate_slowly(mem + bytes - slowly, slowly);
	/* Not zeros: swap does not write a page of these, from 6.12 on. */
	for (;;)
		for (i = 0; i < bytes; i += 4096)
			mem[i] = 1 + i / 4096 % 255;
}

/**
 * hog() - a child that fills memory until it is told to stop, or killed for it
 * @bytes: how much
 */
pid_t hog(size_t bytes)
{
	return hog_slowly(bytes, 0);
}

static void end_child(pid_t pid)
{
	if (pid <= 0)
		return;
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

/**
 * stop() - end what hog() began
 * @pid: its process
 */
void stop(pid_t pid)
{
	end_child(pid);
	end_child(spare);
	spare = 0;
}

/** free_bytes() - how much memory there is to be had */
size_t free_bytes(void)
{
	int64_t kib = 0;

	find_line("/proc/meminfo", "MemAvailable:", &kib);
	return kib * 1024;
}

static int fill(int fd, struct bo *bos, uint32_t seed)
{
	unsigned int i, j;

	for (i = 0; i < NR_BOS; i++) {
		check(!gpu_bo_new(fd, &bos[i], BO_SIZE));
		for (j = 0; j < BO_SIZE / 4; j += 1024)
			bos[i].map[j] = seed + i * 1024 + j;
	}
	return 0;
}

/* Jobs go on while memory is short; each has to end. */
static int keep_busy(struct lab *lab, int fd, struct bo *target, int64_t us)
{
	int64_t end = now_us() + us, longest = 0;
	uint32_t n = 0;

	while (now_us() < end) {
		struct job job = {
			.busy_us = lab_random(lab) % 300,
			.target = target, .index = n % 1024, .value = n,
		};
		int64_t start = now_us();

		check(!gpu_run(fd, 0, &job));
		check(target->map[n % 1024] == n);
		if (now_us() - start > longest)
			longest = now_us() - start;
		n++;
	}
	if (longest > 20000)
		lab_say("under pressure, the longest of %u jobs took %lld us",
			n, (long long)longest);
	return 0;
}

/* Bytes that there are to be had, in memory or in swap. */
static int64_t room(void)
{
	int64_t kib = 0;

	find_line("/proc/meminfo", "SwapFree:", &kib);
	return free_bytes() + kib * 1024;
}

/*
 * Jobs go on for a moment, while somebody else fills memory. Return: 1, 0 if it was
 * in vain to wait: there has not been less room for a while, or -1.
 *
 * How long that takes is not for a stage to say: some kernels are ten times slower.
 */
static int squeeze(struct lab *lab, int fd, struct bo *target, struct squeeze *s)
{
	int64_t bytes;

	if (keep_busy(lab, fd, target, ROUND_US))
		return -1;
	bytes = room();
	s->rounds++;
	if (!s->least || bytes < s->least - LESS_BYTES) {
		s->least = bytes;
		s->idle = 0;
	}
	return s->idle++ < IDLE_ROUNDS;
}

/* How many buffers the driver has purged, by its own count. */
static int64_t nr_purged(void)
{
	int64_t n = 0;

	find_line(GEM, "Purged:", &n);
	return n;
}

/** stage_purge() - buffers that are not needed go when memory is short */
int stage_purge(struct lab *lab)
{
	struct bo bos[NR_BOS], target;
	struct squeeze s = { 0 };
	unsigned int i, purged = 0;
	int fd = gpu_open(), more;
	bool retained;
	pid_t pid;

	check(fd >= 0);
	check(!gpu_bo_new(fd, &target, 4096));
	check(!fill(fd, bos, 0));
	for (i = 0; i < NR_BOS; i++) {
		check(!gpu_bo_madvise(fd, &bos[i], false, &retained));
		check(retained);
	}
	/* The buffers are 6 MiB, of which more than half are there when a round ends. */
	pid = hog_slowly(free_bytes() + 8 * 1024 * 1024, 10 * 1024 * 1024);
	check(pid > 0);
	do {
		more = squeeze(lab, fd, &target, &s);
	} while (more > 0 && !nr_purged());
	stop(pid);
	for (i = 0; i < NR_BOS; i++) {
		check(!gpu_bo_madvise(fd, &bos[i], true, &retained));
		purged += !retained;
		gpu_bo_free(fd, &bos[i]);
	}
	gpu_bo_free(fd, &target);
	close(fd);
	lab_say("%u of %u purged after %u rounds", purged, NR_BOS, s.rounds);
	check(more >= 0);
	check(purged > 0);
	return 0;
}

/* KiB of swap in use, or -1. */
static int64_t swap_used(void)
{
	int64_t total, left;

	if (find_line("/proc/meminfo", "SwapTotal:", &total) ||
	    find_line("/proc/meminfo", "SwapFree:", &left))
		return -1;
	return total - left;
}

/** nr_resident() - how many buffer objects have their pages, by the driver's count */
int64_t nr_resident(void)
{
	int64_t n;

	return find_line(GEM, "Resident:", &n) ? -1 : n;
}

/* Until buffers were evicted and pages are in swap; both have to happen. */
static int wait_for_eviction(struct lab *lab, int fd, struct bo *target,
			     int64_t before)
{
	int64_t used = 0, resident = before;
	struct squeeze s = { 0 };
	int more;

	do {
		int64_t n;

		more = squeeze(lab, fd, target, &s);
		check(more >= 0);
		n = nr_resident();
		check(n >= 0);
		if (n < resident)
			resident = n;
		used = swap_used();
	} while (more && (used <= 1024 || resident >= before - NR_BOS / 2));
	lab_say("%lld of %lld buffers resident, %lld KiB in swap after %u rounds",
		(long long)resident, (long long)before, (long long)used, s.rounds);
	check(resident < before - NR_BOS / 2);
	check(used > 1024);
	return 0;
}

/** stage_evict() - idle buffers go to swap and come back whole */
int stage_evict(struct lab *lab)
{
	struct bo bos[NR_BOS], target;
	int fd = gpu_open();
	unsigned int i, j;
	int64_t before;
	pid_t pid;
	int ret;

	check(fd >= 0);
	check(!make_swap());
	/* Off by default in 6.1. */
	check(!write_file(EVICTION, "Y"));
	check(!gpu_bo_new(fd, &target, 4096));
	check(!fill(fd, bos, 7));
	/* Before memory is filled: that may take no longer than to look. */
	before = nr_resident();
	check(before >= NR_BOS);
	check(!swap_used());
	pid = hog(free_bytes() + 16 * 1024 * 1024);
	check(pid > 0);
	ret = wait_for_eviction(lab, fd, &target, before);
	/* Jobs that need the buffers back, while others are pushed out. */
	for (i = 0; i + 4 <= NR_BOS; i += 4) {
		struct job job = { .bos = &bos[i], .nr_bos = 4 };

		check(!gpu_run(fd, 0, &job));
	}
	stop(pid);
	for (i = 0; i < NR_BOS; i++) {
		for (j = 0; j < BO_SIZE / 4; j += 1024)
			check(bos[i].map[j] == 7 + i * 1024 + j);
		gpu_bo_free(fd, &bos[i]);
	}
	gpu_bo_free(fd, &target);
	close(fd);
	return ret;
}
