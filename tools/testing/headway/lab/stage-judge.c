// SPDX-License-Identifier: GPL-2.0-only
/* Stages: those who judge are still there when all is done. */

#include "lab.h"

#define STATS		"/proc/lockdep_stats"

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
