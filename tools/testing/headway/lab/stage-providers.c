// SPDX-License-Identifier: GPL-2.0-only
/*
 * Stages: what the GPU gets from its surroundings comes through the real drivers, and
 * lockdep knows it; and no job takes the locks of power management.
 */

#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lab.h"

#define DEBUGFS		"/sys/kernel/debug/"
#define RESET		DEBUGFS "dri/0/reset"
#define CHAINS		"/proc/lockdep_chains"

#define MAX_CLASSES	8192
#define MAX_EDGES	65536
#define NAME_SIZE	64
#define MAX_HELD	48

/**
 * struct graph - which lock was held when which other one was taken
 * @names: of the classes
 * @nr: how many classes
 * @edges: pairs of classes, by number
 * @nr_edges: how many
 */
struct graph {
	char (*names)[NAME_SIZE];
	unsigned int nr;
	unsigned short (*edges)[2];
	unsigned int nr_edges;
};

static int class_of(struct graph *g, const char *name)
{
	unsigned int i;

	for (i = 0; i < g->nr; i++)
		if (!strcmp(g->names[i], name))
			return i;
	if (g->nr == MAX_CLASSES)
		return -1;
	snprintf(g->names[g->nr], NAME_SIZE, "%s", name);
	return g->nr++;
}

/* "[KEY] NAME", maybe with a number or a subclass: one name is one class here. */
static int class_in_line(struct graph *g, const char *line)
{
	const char *p = strchr(line, ']');
	char name[256];

	if (!p || sscanf(p + 1, " %255[^\n]", name) != 1)
		return -1;
	name[strcspn(name, "#/{")] = '\0';
	name[NAME_SIZE - 1] = '\0';
	return class_of(g, name);
}

static void add_chain(struct graph *g, const int *held, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i + 1 < nr && g->nr_edges < MAX_EDGES; i++) {
		if (held[i] < 0 || held[nr - 1] < 0)
			continue;
		g->edges[g->nr_edges][0] = held[i];
		g->edges[g->nr_edges++][1] = held[nr - 1];
	}
}

/*
 * A chain is what was held when a lock was taken, and that lock: one that was
 * only tried may be among those held, but is never the last. /proc/lockdep would
 * not do, it leaves out what was taken under one that was tried.
 */
static int read_graph(struct graph *g)
{
	FILE *f = fopen(CHAINS, "re");
	int held[MAX_HELD];
	unsigned int nr = 0;
	char line[512];

	if (!f)
		return -errno;
	while (fgets(line, sizeof(line), f)) {
		if (*line == '[' && nr < MAX_HELD) {
			held[nr++] = class_in_line(g, line);
			continue;
		}
		add_chain(g, held, nr);
		nr = 0;
	}
	add_chain(g, held, nr);
	fclose(f);
	/* What there was no room for would not be judged. */
	return g->nr_edges < MAX_EDGES ? 0 : -ENOSPC;
}

/* Was @to ever taken, in however many steps, after @from? Say by which way. */
static bool leads_to(struct graph *g, const char *from, const char *to)
{
	int *via = calloc(MAX_CLASSES, sizeof(*via));
	int start = class_of(g, from), end = class_of(g, to);
	char way[400] = "";
	bool more = true;
	unsigned int i;

	if (!via || start < 0 || end < 0)
		return false;
	for (i = 0; i < MAX_CLASSES; i++)
		via[i] = -1;
	/* From the end, so that the way can be told from the start. */
	via[end] = end;
	while (more && via[start] < 0) {
		more = false;
		for (i = 0; i < g->nr_edges; i++) {
			if (via[g->edges[i][1]] < 0 || via[g->edges[i][0]] >= 0)
				continue;
			via[g->edges[i][0]] = g->edges[i][1];
			more = true;
		}
	}
	if (via[start] < 0) {
		free(via);
		return false;
	}
	for (;; start = via[start]) {
		size_t len = strlen(way);

		snprintf(way + len, sizeof(way) - len, "%s%s", len ? " -> " : "",
			 g->names[start]);
		if (start == end)
			break;
	}
	lab_say("%s", way);
	free(via);
	return true;
}

static int new_graph(struct graph *g)
{
	g->names = calloc(MAX_CLASSES, sizeof(*g->names));
	g->edges = calloc(MAX_EDGES, sizeof(*g->edges));
	check(g->names && g->edges);
	return 0;
}

static void free_graph(struct graph *g)
{
	free(g->names);
	free(g->edges);
}

/* Locks that the real drivers hold when they ask for something. */
static int check_locks(const char *const *locks, const char *last)
{
	struct graph g = { 0 };
	int missing = 0;

	check(!new_graph(&g));
	check(!read_graph(&g));
	lab_say("%u classes, %u dependencies", g.nr, g.nr_edges);
	for (; *locks; locks++) {
		if (leads_to(&g, *locks, last))
			continue;
		lab_say("no way from %s to %s", *locks, last);
		missing++;
	}
	free_graph(&g);
	check(!missing);
	return 0;
}

/* Was @taken ever taken, by whatever way, with @held held? */
static bool taken_under(const struct graph *g, int held, int taken)
{
	unsigned int i;

	for (i = 0; i < g->nr_edges; i++)
		if (g->edges[i][0] == held && g->edges[i][1] == taken)
			return true;
	return false;
}

/*
 * A power domain's lock stands for all that powering up takes: prepare_lock, which
 * is the one that others hold over allocations, is tried first, and so lockdep never
 * reports it.
 */
#define POWER_LOCK	"&genpd->mlock"

static int check_power_locks(struct graph *g)
{
	/* On the way to a job's fence; and the GMU's, which is taken on that way. */
	static const char *const held[] = {
		"dma_fence_map", "&gmu->lock", "&a6xx_gpu->gmu.lock",
	};
	unsigned int i, known;
	int power, bad = 0;

	check(!read_graph(g));
	known = g->nr;
	power = class_of(g, POWER_LOCK);
	check(power >= 0 && (unsigned int)power < known);
	for (i = 0; i < ARRAY_SIZE(held); i++) {
		int class = class_of(g, held[i]);

		if (class < 0 || !taken_under(g, class, power))
			continue;
		lab_say("%s was taken with %s held", POWER_LOCK, held[i]);
		bad++;
	}
	check((unsigned int)class_of(g, held[0]) < known);
	check(!bad);
	return 0;
}

/**
 * struct manager - who is asked for power, clocks and bandwidth
 * @file: where it says how often
 * @requests: for what, as the lines of @file begin
 * @locks: held when it is asked, and what a job's fence waits for
 * @last: its own
 */
struct manager {
	const char *file;
	const char *requests[3];
	const char *locks[7];
	const char *last;
};

static const struct manager managers[] = {
	{
		/* A regulator and a power domain; a clock */
		.file = DEBUGFS "vadreno_rpm/requests",
		.requests = { "smpa", "clka" },
		.locks = { "dma_fence_map", "fs_reclaim", "icc_bw_lock",
			   "rpmpd_lock", "rpm_smd_clk_lock",
			   "regulator_ww_class_mutex" },
		.last = "&rpm->lock",
	}, {
		.file = DEBUGFS "vadreno/stats",
		.requests = { "rpmh-commands" },
		.locks = { "dma_fence_map", "fs_reclaim", "icc_bw_lock",
			   "&voter->lock" },
		.last = "&drv->lock",
	},
};

static int64_t nr_requests(const struct manager *m, unsigned int i)
{
	int64_t n;

	return find_line(m->file, m->requests[i], &n) ? 0 : n;
}

static const struct manager *find_manager(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(managers); i++)
		if (nr_requests(&managers[i], 0))
			return &managers[i];
	return NULL;
}

/* Jobs for a GPU that is off, each time. */
static int run_and_sleep(int fd)
{
	struct job job = { .busy_us = 100 };
	int i;

	check(!gpu_write("power/autosuspend_delay_ms", "4"));
	for (i = 0; i < 4; i++) {
		check(!gpu_run(fd, 0, &job));
		sleep_us(30000);
	}
	check(!gpu_write("power/autosuspend_delay_ms", "250"));
	return 0;
}

/** stage_providers() - power, clocks and bandwidth come through real drivers */
int stage_providers(struct lab *lab)
{
	const struct manager *m = find_manager();
	int64_t before[ARRAY_SIZE(m->requests)];
	unsigned int i;
	int fd;

	if (!m) {
		lab_say("%s has no RPM and no RPMh", lab->gpu);
		return SKIPPED;
	}
	fd = gpu_open();
	check(fd >= 0);
	for (i = 0; m->requests[i]; i++)
		before[i] = nr_requests(m, i);
	check(!run_and_sleep(fd));
	close(fd);
	for (i = 0; m->requests[i]; i++) {
		int64_t n = nr_requests(m, i) - before[i];

		lab_say("%lld %s", (long long)n, m->requests[i]);
		/* On and off, each time */
		check(n >= 8);
	}
	return check_locks(m->locks, m->last);
}

/**
 * stage_power_locks() - the locks of power management are not on a job's way
 *
 * Lockdep was looking on all the time: what an earlier stage did counts too.
 */
int stage_power_locks(struct lab *lab)
{
	struct graph g = { 0 };
	int fd = gpu_open(), ret;

	(void)lab;
	check(fd >= 0);
	check(!run_and_sleep(fd));
	close(fd);
	check(!new_graph(&g));
	ret = check_power_locks(&g);
	free_graph(&g);
	return ret;
}

/* Is the power domain's lock taken with the GPU's held? */
static int check_gpu_lock(struct graph *g)
{
	int gpu, power;

	check(!read_graph(g));
	gpu = class_of(g, "&gpu->lock");
	power = class_of(g, POWER_LOCK);
	check(gpu >= 0 && power >= 0);
	check(!taken_under(g, gpu, power));
	return 0;
}

/**
 * stage_reset() - who resets the GPU by hand does not power it up under its lock
 */
int stage_reset(struct lab *lab)
{
	struct graph g = { 0 };
	int fd, ret;

	if (access(RESET, F_OK)) {
		lab_say("%s has no such file", lab->gpu);
		return SKIPPED;
	}
	fd = gpu_open();
	check(fd >= 0);
	/* So that it is off. */
	check(!run_and_sleep(fd));
	check(!write_file(RESET, "1"));
	check(!run_prompt(fd));
	close(fd);
	check(!new_graph(&g));
	ret = check_gpu_lock(&g);
	free_graph(&g);
	return ret;
}

/**
 * stage_domains() - the files of power domains are read while requests come and go
 */
int stage_domains(struct lab *lab)
{
	static char buf[65536];
	size_t i;
	glob_t g;

	(void)lab;
	check(!write_file(DEBUGFS "vadreno_reclaim/domain", "4"));
	check(read_file(DEBUGFS "pm_genpd/pm_genpd_summary", buf, sizeof(buf)) > 0);
	check(!glob(DEBUGFS "pm_genpd/*/devices", 0, NULL, &g));
	for (i = 0; i < g.gl_pathc; i++)
		check(read_file(g.gl_pathv[i], buf, sizeof(buf)) >= 0);
	globfree(&g);
	return write_file(DEBUGFS "vadreno_reclaim/domain", "4");
}
