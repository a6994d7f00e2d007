// SPDX-License-Identifier: GPL-2.0-only
/*
 * Stage: what the GPU gets from its surroundings comes through the real drivers,
 * and lockdep knows it.
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lab.h"

#define RPM		"/sys/kernel/debug/vadreno_rpm/requests"
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
	return 0;
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

/* Locks that the real drivers hold when they ask the RPM. */
static int check_locks(const char *const *locks, unsigned int nr, const char *last)
{
	struct graph g = {
		.names = calloc(MAX_CLASSES, sizeof(*g.names)),
		.edges = calloc(MAX_EDGES, sizeof(*g.edges)),
	};
	int missing = 0;
	unsigned int i;

	check(g.names && g.edges);
	check(!read_graph(&g));
	lab_say("%u classes, %u dependencies", g.nr, g.nr_edges);
	for (i = 0; i < nr; i++) {
		if (leads_to(&g, locks[i], last))
			continue;
		lab_say("no way from %s to %s", locks[i], last);
		missing++;
	}
	free(g.names);
	free(g.edges);
	check(!missing);
	return 0;
}

static int64_t rpm_requests(const char *type)
{
	int64_t n;

	return find_line(RPM, type, &n) ? 0 : n;
}

/** stage_providers() - the GPU's power, clocks and bandwidth are the RPM's */
int stage_providers(struct lab *lab)
{
	/* A regulator, a clock, a power domain; and what a job's fence waits for */
	static const char *const types[] = { "smpa", "clka" };
	static const char *const locks[] = {
		"dma_fence_map", "fs_reclaim", "rpmpd_lock",
		"rpm_smd_clk_lock", "regulator_ww_class_mutex",
	};
	int64_t before[ARRAY_SIZE(types)];
	int fd = gpu_open();
	struct job job = { .busy_us = 100 };
	unsigned int i;

	(void)lab;
	check(fd >= 0);
	if (access(RPM, R_OK)) {
		lab_say("this variant has no RPM");
		close(fd);
		return SKIPPED;
	}
	for (i = 0; i < ARRAY_SIZE(types); i++)
		before[i] = rpm_requests(types[i]);
	check(!gpu_write("power/autosuspend_delay_ms", "4"));
	for (i = 0; i < 4; i++) {
		check(!gpu_run(fd, 0, &job));
		sleep_us(30000);
	}
	check(!gpu_write("power/autosuspend_delay_ms", "250"));
	close(fd);
	for (i = 0; i < ARRAY_SIZE(types); i++) {
		int64_t n = rpm_requests(types[i]) - before[i];

		lab_say("%lld requests for %s", (long long)n, types[i]);
		/* On and off, each time */
		check(n >= 8);
	}
	return check_locks(locks, ARRAY_SIZE(locks), "&rpm->lock");
}
