// SPDX-License-Identifier: GPL-2.0-only
/* Stages: those who judge are still there when all is done. */

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lab.h"

#define STATS		"/proc/lockdep_stats"
#define KMEMLEAK	"/sys/kernel/debug/kmemleak"
/* What is younger may just be on its way */
#define KMEMLEAK_AGE	5500000

/**
 * stage_lockdep() - lockdep is still on
 *
 * It turns itself off at its first report, and when it runs out of room: what
 * came later was not judged then.
 */
int stage_lockdep(struct lab *lab)
{
	int64_t on, chains;

	(void)lab;
	check(!find_line(STATS, " debug_locks:", &on));
	check(!find_line(STATS, " dependency chains:", &chains));
	lab_say("lockdep knows %lld chains", (long long)chains);
	check(on == 1);
	return 0;
}

/* Say which lines of a file have a word in them; how many, or -1. */
static int say_lines(const char *name, const char *word)
{
	char path[128], line[256];
	int n = 0;
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", vadreno_dir, name);
	f = fopen(path, "re");
	if (!f)
		return fail("%s cannot be read", path);
	while (fgets(line, sizeof(line), f)) {
		line[strcspn(line, "\n")] = 0;
		if (!strstr(line, word))
			continue;
		lab_say("%s: %s", name, line);
		n++;
	}
	fclose(f);
	return n;
}

/**
 * stage_unknown() - the driver did nothing that the virtual GPU does not know
 *
 * Before the first dump, which reads whatever there is.
 */
int stage_unknown(struct lab *lab)
{
	int registers = say_lines("unknown_registers", " read ");
	int packets = say_lines("packets", "UNKNOWN");

	(void)lab;
	check(!registers);
	check(!packets);
	return 0;
}

/*
 * Say what nobody points to any more; how many objects that is, or -1.
 *
 * What was allocated before there was a client is counted only: the names of the
 * device tree's nodes hang on memory from before the allocators, which kmemleak
 * does not look into. What a probe loses is seen when the driver is bound again.
 */
static int read_leaks(void)
{
	FILE *f = fopen(KMEMLEAK, "re");
	char line[256], object[256] = "";
	int n = 0, early = 0;
	bool skip = true;

	if (!f)
		return fail("%s cannot be read", KMEMLEAK);
	while (fgets(line, sizeof(line), f)) {
		line[strcspn(line, "\n")] = '\0';
		if (!strncmp(line, "unreferenced", strlen("unreferenced"))) {
			memcpy(object, line, sizeof(object));
			skip = true;
		} else if (!strncmp(line, "  comm ", strlen("  comm "))) {
			skip = strstr(line, "comm \"swapper");
			early += skip;
			n += !skip;
			if (!skip)
				lab_say("%s", object);
		}
		if (!skip)
			lab_say("%s", line);
	}
	fclose(f);
	lab_say("%d lost, and %d from before there was a client", n, early);
	return n;
}

/** stage_kmemleak() - no memory is lost by what was done so far */
int stage_kmemleak(struct lab *lab)
{
	int leaks;

	(void)lab;
	if (access(KMEMLEAK, W_OK)) {
		lab_say("this kernel has no kmemleak: KERNEL=kasan has");
		return SKIPPED;
	}
	/* Works and RCU are to free what they have to. */
	sleep_us(KMEMLEAK_AGE);
	check(!write_file(KMEMLEAK, "scan"));
	/* A pointer may be moved while it looks: what stays lost is lost. */
	check(!write_file(KMEMLEAK, "scan"));
	leaks = read_leaks();
	check(!leaks);
	return 0;
}
