// SPDX-License-Identifier: GPL-2.0-only
/*
 * Progress on a terminal.
 */
#include <inttypes.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "headway.h"
#include "progress.h"

#define FIRST_MS	2000
#define EVERY_MS	100

static int64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

void progress_start(struct progress *p, const char *what, uint64_t total)
{
	*p = (struct progress) {
		.what = what,
		.total = total,
		.enabled = !hw_quiet && !hw_porcelain && isatty(STDERR_FILENO),
	};
	if (p->enabled)
		p->start = now_ms();
}

void progress_set(struct progress *p, uint64_t done)
{
	int64_t now, ms;

	if (!p->enabled)
		return;
	now = now_ms();
	ms = now - p->start;
	if (ms < FIRST_MS || now - p->shown < EVERY_MS)
		return;
	p->shown = now;
	p->visible = true;
	if (p->total && done <= p->total)
		fprintf(stderr, "\r%s: %3" PRIu64 "%%, %" PRId64 " s\033[K",
			p->what, done * 100 / p->total, ms / 1000);
	else
		fprintf(stderr, "\r%s: %" PRId64 " s\033[K", p->what, ms / 1000);
	fflush(stderr);
}

void progress_end(struct progress *p)
{
	if (!p->visible)
		return;
	fputs("\r\033[K", stderr);
	fflush(stderr);
	p->visible = false;
}
