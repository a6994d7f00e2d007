// SPDX-License-Identifier: GPL-2.0-only
/* Stored at run time, through a function that is handed it. */
// expect: reclaim made -> kmalloc

#include "rc.h"

struct hook { void *(*fn)(int n); };
static struct hook hook;

static void *made(int n) { return kmalloc(n, GFP_KERNEL); }
static void set(struct hook *h, void *(*fn)(int n)) { h->fn = fn; }

void setup(void) { set(&hook, made); }

static struct fence *run(struct job *job)
{
	return hook.fn(job->n);
}

RUN_JOB(run);
