// SPDX-License-Identifier: GPL-2.0-only
/* Stages: what goes wrong in the hardware, and what the driver makes of it. */

#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lab.h"

/**
 * set_fault() - let something go wrong
 * @name: what, in debugfs/vadreno/fault
 * @value: how often or when
 */
int set_fault(const char *name, const char *value)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/fault/%s", vadreno_dir, name);
	return write_file(path, value);
}

/**
 * find_coredump() - wait for the driver's coredump, which may be a little late
 * @path: where to put its name
 * @size: of @path
 */
int find_coredump(char *path, size_t size)
{
	int tries = 100;
	glob_t g;

	while (glob("/sys/class/devcoredump/devcd*/data", 0, NULL, &g)) {
		if (!tries--)
			return fail("no coredump");
		sleep_us(10000);
	}
	snprintf(path, size, "%s", g.gl_pathv[0]);
	globfree(&g);
	return 0;
}

/* A coredump of the driver's; reading it whole and writing to it frees it. */
static int take_coredump(void)
{
	char buf[4096], path[256];
	size_t len = 0, n;
	FILE *f;

	if (find_coredump(path, sizeof(path)))
		return -1;
	f = fopen(path, "re");
	if (!f)
		return fail("%s: %s", path, strerror(errno));
	while ((n = fread(buf, 1, sizeof(buf), f)) > 0) {
		if (!len)
			lab_say("coredump: %.24s", buf);
		len += n;
	}
	fclose(f);
	check(len > 0);
	check(!write_file(path, "0"));
	lab_say("coredump of %zu bytes", len);
	return 0;
}

#define NR_QUEUED	24
/* Generation 6 takes more than a second to see a hang; a job, a millisecond. */
#define PROMPT_US	700000

/*
 * Jobs behind one that hangs, more than the ring takes at a time: recovery has to
 * power the GPU off although they want it on, and each is done after that.
 */
static int hang_with_queue(struct lab *lab)
{
	struct job hang = { .hang = true };
	int64_t offs = vadreno_stat("power-offs"), start;
	struct bo cmds, target, queued[NR_QUEUED];
	uint32_t fence, fences[NR_QUEUED];
	int fd = gpu_open(), fence_fd, i;

	check(fd >= 0 && offs >= 0);
	check(!gpu_bo_new(fd, &cmds, 4096));
	check(!gpu_bo_new(fd, &target, 4096));
	start = now_us();
	check(!gpu_submit(fd, 0, &cmds, &hang, &fence, &fence_fd));
	for (i = 0; i < NR_QUEUED; i++) {
		struct job good = {
			.target = &target, .index = i, .value = i + 1,
		};

		check(!gpu_bo_new(fd, &queued[i], 4096));
		check(!gpu_submit(fd, 0, &queued[i], &good, &fences[i], NULL));
	}
	check(!fence_fd_wait(fence_fd, 20000));
	lab_say("recovery took %lld us, fence status %d",
		(long long)(now_us() - start), fence_fd_status(fence_fd));
	for (i = 0; i < NR_QUEUED; i++) {
		check(!gpu_wait(fd, 0, fences[i], 10000000));
		/* It was done, and not thrown away. */
		check(target.map[i] == i + 1U);
		gpu_bo_free(fd, &queued[i]);
	}
	offs = vadreno_stat("power-offs") - offs;
	lab_say("powered off %lld times", (long long)offs);
	close(fence_fd);
	gpu_bo_free(fd, &target);
	gpu_bo_free(fd, &cmds);
	close(fd);
	/* Generation 5 has a reset of its own. */
	check(lab->gen == 5 || offs > 0);
	return 0;
}

/** stage_hang() - a job hangs; those behind it work; there is a coredump */
int stage_hang(struct lab *lab)
{
	struct job good = { .busy_us = 100 };
	int fd;

	check(!hang_with_queue(lab));
	fd = gpu_open();
	check(fd >= 0);
	check(!gpu_run(fd, 0, &good));
	close(fd);
	return take_coredump();
}

/**
 * run_prompt() - run a job that nobody has to rescue from a GPU that hangs
 * @fd: of the GPU
 */
int run_prompt(int fd)
{
	struct job good = { .busy_us = 100 };
	int64_t start = now_us();

	check(!gpu_run(fd, 0, &good));
	check(now_us() - start < PROMPT_US);
	return 0;
}

/* The driver looks after its hardware each half a second, and asks a few times. */
#define NOTICE_MS	10000

/*
 * A job and one that hangs behind it, both in the ring before anything goes wrong with
 * the first: none that comes later lets the driver look. Return: 0 if it looked.
 */
static int second_hangs(int fd, const uint32_t queues[2], const struct job *first,
			const char *irq)
{
	struct job hang = { .hang = true }, good = { .busy_us = 100 };
	int fence_fd[2], ret, i;
	struct bo cmds[2];
	uint32_t fence;
	int64_t start;

	for (i = 0; i < 2; i++) {
		check(!gpu_bo_new(fd, &cmds[i], 4096));
		check(!gpu_submit(fd, queues[i], &cmds[i], i ? &hang : first, &fence,
				  &fence_fd[i]));
		/* For it to be in the ring; less than it takes the driver to look. */
		sleep_us(20000);
	}
	if (irq)
		check(!set_fault("hang_irq", irq));
	check(!fence_fd_wait(fence_fd[0], NOTICE_MS));
	start = now_us();
	ret = fence_fd_wait(fence_fd[1], NOTICE_MS);
	lab_say("the second %s, %lld us after the first", ret ? "still hangs" : "was noticed",
		(long long)(now_us() - start));
	/* If not, another submit lets the driver look again. */
	if (ret && gpu_run(fd, queues[1], &good))
		fence_fd_wait(fence_fd[1], NOTICE_MS);
	for (i = 0; i < 2; i++) {
		close(fence_fd[i]);
		gpu_bo_free(fd, &cmds[i]);
	}
	return ret;
}

/**
 * stage_hang_again() - of two jobs that hang the hardware notices the first
 *
 * They are in one ring, and then, if there are several, in two.
 */
int stage_hang_again(struct lab *lab)
{
	struct job hang = { .hang = true }, good = { .busy_us = 100 };
	uint32_t queues[2];
	int fd = gpu_open();

	check(fd >= 0);
	check(!gpu_queue_new(fd, 0, &queues[0]));
	check(!gpu_queue_new(fd, lab->rings - 1, &queues[1]));
	/* So that the ring of the first is the current one. */
	check(!gpu_run(fd, queues[0], &good));
	check(!second_hangs(fd, (uint32_t[]){ queues[0], queues[0] }, &hang, "1"));
	check(!gpu_run(fd, queues[0], &good));
	check(!second_hangs(fd, queues, &hang, "1"));
	check(!run_prompt(fd));
	close(fd);
	return take_coredump();
}

/** stage_fault_hang() - a job faults, which is dumped, and the next one hangs */
int stage_fault_hang(struct lab *lab)
{
	struct bo nowhere;
	struct job job = { .busy_us = 100000, .target = &nowhere };
	int fd = gpu_open();

	check(fd >= 0);
	if (lab->gen == 5) {
		close(fd);
		lab_say("no dump is made of a fault: it does not stall");
		return SKIPPED;
	}
	check(!run_prompt(fd));
	/* After the last fault, the driver does not let the GPU stall for a while. */
	sleep_us(600000);
	check(!gpu_bo_new(fd, &nowhere, 4096));
	nowhere.iova = 0xdead0000;
	check(!second_hangs(fd, (uint32_t[]){ 0, 0 }, &job, NULL));
	check(!run_prompt(fd));
	gpu_bo_free(fd, &nowhere);
	close(fd);
	return take_coredump();
}

/* Read it, and see that the GPU goes on */
static int read_state(void)
{
	static char buf[1 << 20];
	int fd = gpu_open(), len, ret;

	check(fd >= 0);
	/* So that it is on, and stays so. */
	check(!run_prompt(fd));
	len = read_file("/sys/kernel/debug/dri/0/gpu", buf, sizeof(buf));
	check(len > 0);
	check(strstr(buf, "Status:"));
	lab_say("%d bytes", len);
	ret = run_prompt(fd);
	close(fd);
	check(!ret);
	return 0;
}

/**
 * stage_state() - the state of the GPU in debugfs can be read
 *
 * Also if the part of the hardware that is to help with it does not answer, twice:
 * what the first one left behind the second one would find.
 */
int stage_state(struct lab *lab)
{
	int ret = 0, i;

	(void)lab;
	check(!read_state());
	check(!set_fault("dumper", "1"));
	for (i = 0; i < 2 && !ret; i++)
		ret = read_state();
	check(!set_fault("dumper", "0"));
	return ret ? ret : read_state();
}

/* Is a job done when its fence is signalled, and not when the driver looks before? */
static int done_when_signalled(int fd)
{
	struct bo cmds, target;
	struct job job = { .busy_us = 100000, .target = &target, .value = 1 };
	uint32_t fence;

	check(!gpu_bo_new(fd, &cmds, 4096));
	check(!gpu_bo_new(fd, &target, 4096));
	check(!gpu_submit(fd, 0, &cmds, &job, &fence, NULL));
	sleep_us(20000);
	check(!set_fault("fence_irq", "1"));
	check(!gpu_wait(fd, 0, fence, 5000000));
	check(target.map[0] == 1);
	gpu_bo_free(fd, &target);
	gpu_bo_free(fd, &cmds);
	return 0;
}

/** stage_false_hang() - the hardware says that it hangs, and there is no job */
int stage_false_hang(struct lab *lab)
{
	int fd = gpu_open();

	check(fd >= 0);
	if (lab->gen > 5) {
		lab_say("the driver leaves the interrupts off then");
		close(fd);
		return SKIPPED;
	}
	check(!run_prompt(fd));
	check(!set_fault("hang_irq", "1"));
	sleep_us(50000);
	check(!done_when_signalled(fd));
	check(!run_prompt(fd));
	close(fd);
	return 0;
}

/** stage_lost_irq() - a fence's interrupt gets lost; its job still ends */
int stage_lost_irq(struct lab *lab)
{
	struct job job = { .busy_us = 100 };
	int fd = gpu_open();

	(void)lab;
	check(fd >= 0);
	/* So that the ring is the current one: not to lose a preemption instead. */
	check(!gpu_run(fd, 0, &job));
	check(!set_fault("lose_irq", "1"));
	/* The next job's interrupt, or the hang check, finds the fence. */
	check(!gpu_run(fd, 0, &job));
	check(!set_fault("lose_irq", "0"));
	check(!gpu_run(fd, 0, &job));
	close(fd);
	return 0;
}

/** stage_iommu_fault() - an access faults; the GPU goes on */
int stage_iommu_fault(struct lab *lab)
{
	struct bo target;
	struct job job = { .target = &target };
	int64_t before = vadreno_stat("iommu-faults");
	int fd = gpu_open();
	uint64_t iova;
	int64_t start;

	check(fd >= 0);
	check(!gpu_bo_new(fd, &target, 4096));
	/* An address that nothing was ever mapped to. */
	iova = target.iova;
	target.iova = 0xdead0000;
	start = now_us();
	check(!gpu_run(fd, 0, &job));
	check(now_us() - start < PROMPT_US);
	target.iova = iova;
	check(before >= 0 && vadreno_stat("iommu-faults") > before);
	check(!run_prompt(fd));
	/* Generation 5 cannot stall, which the driver wants for a dump. */
	if (lab->gen > 5)
		check(!take_coredump());
	gpu_bo_free(fd, &target);
	close(fd);
	return 0;
}

/** stage_gmu_mute() - the power controller does not answer when it is started */
int stage_gmu_mute(struct lab *lab)
{
	struct job job = { .busy_us = 100 };
	int fd = gpu_open(), tries, ret;

	check(fd >= 0);
	/* Generation 5 has none, and a610 none that would be asked. */
	if (lab->gen == 5 || !strcmp(lab->gpu, "a610")) {
		close(fd);
		lab_say("no power controller");
		return 0;
	}
	check(!gpu_run(fd, 0, &job));
	/* Until it is suspended: it has to be started for the next job. */
	sleep_us(500000);
	check(!set_fault("gmu_mute", "1"));
	ret = gpu_run(fd, 0, &job);
	check(!set_fault("gmu_mute", "0"));
	lab_say("a job that finds it mute: %d", ret);
	check(ret);
	/* What went wrong once is tried again. */
	for (tries = 0; tries < 10 && gpu_run(fd, 0, &job); tries++)
		sleep_us(500000);
	check(tries < 10);
	close(fd);
	return 0;
}
