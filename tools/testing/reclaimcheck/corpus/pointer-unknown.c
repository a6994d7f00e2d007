// SPDX-License-Identifier: GPL-2.0-only
/* Nobody stores there: counted as unknown, never called clean. */
// expect: nothing
// expect: unknown 1

#include "rc.h"

struct hook { void *(*fn)(int n); };
extern struct hook *hook;

static struct fence *run(struct job *job)
{
	return hook->fn(job->n);
}

RUN_JOB(run);
