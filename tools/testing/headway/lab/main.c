// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs as /init: sets the machine up, runs the stages that the variant has,
 * and powers off. The output is KTAP on the console; kernel messages go there
 * too, and whoever reads it judges both.
 */

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "lab.h"

const char *const vadreno_dir = "/sys/kernel/debug/vadreno";

static const struct stage stages[] = {
	{ .name = "no-firmware", .run = stage_no_firmware },
	{ .name = "open", .run = stage_open },
	{ .name = "submit", .run = stage_submit },
	{ .name = "rings", .run = stage_rings },
	{ .name = "threads", .run = stage_threads },
	{ .name = "fence", .run = stage_fence },
	{ .name = "runpm", .run = stage_runpm },
	{ .name = "devfreq", .run = stage_devfreq },
	{ .name = "purge", .run = stage_purge },
	{ .name = "evict", .run = stage_evict },
	{ .name = "vm-bind", .run = stage_vm_bind },
	{ .name = "vm-unbind", .run = stage_vm_unbind },
	{ .name = "vm-bind-fail", .run = stage_vm_bind_fail },
	{ .name = "vm-bind-bad", .run = stage_vm_bind_bad },
	{ .name = "vm-queues", .run = stage_vm_queues },
	{ .name = "vm-closed", .run = stage_vm_closed },
	{ .name = "suspend", .run = stage_suspend },
	{ .name = "s2idle", .run = stage_s2idle },
	{ .name = "power-locks", .run = stage_power_locks },
	{ .name = "unknown", .run = stage_unknown },
	{ .name = "reset", .run = stage_reset },
	{ .name = "resume-fail", .run = stage_resume_fail },
	{ .name = "domains", .run = stage_domains },
	{ .name = "state", .run = stage_state },
	{ .name = "rd", .run = stage_rd },
	{ .name = "gem-list", .run = stage_gem_list },
	{ .name = "false-hang", .run = stage_false_hang },
	{ .name = "lost-irq", .run = stage_lost_irq },
	{ .name = "iommu-fault", .run = stage_iommu_fault },
	{ .name = "hang", .run = stage_hang },
	{ .name = "hang-again", .run = stage_hang_again },
	{ .name = "fault-hang", .run = stage_fault_hang },
	{ .name = "hang-reader", .run = stage_hang_reader },
	{ .name = "rd-reopen", .run = stage_rd_reopen },
	{ .name = "hang-sysprof", .run = stage_hang_sysprof },
	{ .name = "no-leak", .run = stage_no_leak },
	{ .name = "failslab", .run = stage_failslab },
	{ .name = "fail-nth", .run = stage_fail_nth },
	{ .name = "page-table", .run = stage_page_table },
	{ .name = "state-fail", .run = stage_state_fail },
	{ .name = "rpmh", .run = stage_rpmh },
	{ .name = "bench-first", .run = stage_bench_first, .on_request = true },
	{ .name = "bench-idle", .run = stage_bench_idle, .on_request = true },
	{ .name = "bench-resume", .run = stage_bench_resume, .on_request = true },
	{ .name = "bench-hog", .run = stage_bench_hog, .on_request = true },
	{ .name = "reclaim-resume", .run = stage_reclaim_resume, .on_request = true },
	{ .name = "reclaim-qos", .run = stage_reclaim_qos, .on_request = true },
	{ .name = "reclaim-state", .run = stage_reclaim_state, .on_request = true },
	{ .name = "hang-reclaim", .run = stage_hang_reclaim, .on_request = true },
	{ .name = "reclaim-mmap", .run = stage_reclaim_mmap, .on_request = true },
	{ .name = "providers", .run = stage_providers },
	{ .name = "gmu-mute", .run = stage_gmu_mute },
	{ .name = "rebind", .run = stage_rebind },
	{ .name = "stale-dump", .run = stage_stale_dump },
	{ .name = "early", .run = stage_early, .on_request = true },
	{ .name = "unbind-hang", .run = stage_unbind_hang },
	{ .name = "unbind-preempt", .run = stage_unbind_preempt,
	  .on_request = true },
	{ .name = "unbind-busy", .run = stage_unbind_busy, .on_request = true },
	{ .name = "bind-fail", .run = stage_bind_fail },
	{ .name = "first-open", .run = stage_first_open },
	{ .name = "short-firmware", .run = stage_short_firmware },
	{ .name = "kmemleak", .run = stage_kmemleak },
	{ .name = "lockdep", .run = stage_lockdep, .always = true },
};

/* What was said last: why a stage is skipped, if it is. */
static char said[512];

/**
 * lab_say() - write a KTAP diagnostic line
 * @fmt: as printf()'s
 */
void lab_say(const char *fmt, ...)
{
	char line[sizeof(said)];
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(line, sizeof(line) - 1, fmt, ap);
	va_end(ap);
	if (n > (int)sizeof(line) - 2)
		n = sizeof(line) - 2;
	line[n] = '\0';
	memcpy(said, line, n + 1);
	/* One write, so that threads and the kernel's log do not mix. */
	dprintf(STDOUT_FILENO, "# %s\n", line);
}

/**
 * lab_random() - a random number; the same ones in every run with a seed
 * @lab: has the seed
 */
uint32_t lab_random(struct lab *lab)
{
	lab->seed = lab->seed * 1103515245 + 12345;
	return lab->seed >> 8;
}

/** now_us() - monotonic time in microseconds */
int64_t now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000LL + ts.tv_nsec / 1000;
}

/**
 * sleep_us() - sleep
 * @us: how long
 */
void sleep_us(int64_t us)
{
	struct timespec ts = { us / 1000000, us % 1000000 * 1000 };

	while (nanosleep(&ts, &ts) && errno == EINTR)
		;
}

static void setup(void)
{
	mkdir("/proc", 0755);
	mkdir("/sys", 0755);
	mkdir("/dev", 0755);
	mkdir("/tmp", 0755);
	mount("proc", "/proc", "proc", 0, NULL);
	mount("sysfs", "/sys", "sysfs", 0, NULL);
	mount("devtmpfs", "/dev", "devtmpfs", 0, NULL);
	mount("debugfs", "/sys/kernel/debug", "debugfs", 0, NULL);
	mount("tmpfs", "/tmp", "tmpfs", 0, NULL);
}

static bool wanted(const struct stage *stage)
{
	const char *list = getenv("LAB_STAGES");
	size_t len = strlen(stage->name);

	if (stage->always)
		return !list || !strstr(list, "bench-");
	if (!list || !*list)
		return !stage->on_request;
	while (*list) {
		size_t n = strcspn(list, ",");

		if (n == len && !strncmp(list, stage->name, n))
			return true;
		list += n + (list[n] == ',');
	}
	return false;
}

/* "qcom,adreno-506.0" in the device tree */
static int find_gpu(struct lab *lab, char *name, size_t size)
{
	char compat[128];
	int ret = read_file("/sys/firmware/devicetree/base/model", compat,
			    sizeof(compat));
	const char *last;

	if (ret < 0)
		return ret;
	last = strrchr(compat, ' ');
	snprintf(name, size, "a%s", last ? last + 1 : "?");
	lab->gpu = name;
	lab->gen = name[1] - '0';
	return 0;
}

static int run_stages(struct lab *lab)
{
	unsigned int i, n = 0, plan = 0, bad = 0;

	for (i = 0; i < ARRAY_SIZE(stages); i++)
		plan += wanted(&stages[i]);

	printf("KTAP version 1\n1..%u\n", plan);
	for (i = 0; i < ARRAY_SIZE(stages); i++) {
		int64_t start = now_us();
		char skip[sizeof(said) + 16];
		int ret;

		if (!wanted(&stages[i]))
			continue;
		lab_say("stage %s on %s", stages[i].name, lab->gpu);
		ret = stages[i].run(lab);
		bad += ret < 0;
		/* A stage that is skipped says why, and nothing after that. */
		snprintf(skip, sizeof(skip), "%s%s", ret == SKIPPED ? " # SKIP " : "",
			 ret == SKIPPED ? said : "");
		lab_say("stage %s took %lld us", stages[i].name,
			(long long)(now_us() - start));
		printf("%s %u %s%s\n", ret < 0 ? "not ok" : "ok", ++n,
		       stages[i].name, skip);
		fflush(stdout);
	}
	return bad;
}

int main(void)
{
	struct lab lab = { .seed = 1 };
	char name[32] = "";
	int ret;

	setvbuf(stdout, NULL, _IOLBF, 0);
	setup();
	firmware_install();
	ret = find_gpu(&lab, name, sizeof(name));
	if (ret)
		lab_say("no GPU in the device tree: %s", strerror(-ret));
	else
		ret = run_stages(&lab);

	lab_say("done, %d failed", ret);
	sync();
	reboot(RB_POWER_OFF);
	return 1;
}
