// SPDX-License-Identifier: GPL-2.0-only
/* What a kernel prints when something is wrong, found in its console log. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "klog.h"

#define KEEP_LINES 40

static const char * const titles[] = {
	"WARNING: ", "BUG: ", "kernel BUG at ", "Oops: ", "Oops ",
	"Kernel panic - not syncing", "general protection fault",
	"Internal error: ", "Unable to handle kernel ", "INFO: task ",
	"INFO: rcu", "rcu: INFO: ", "INFO: trying to register non-static key",
	"INFO: possible ", "UBSAN: ", "unreferenced object ",
	"Kernel mode fault at ", "Kernel tried to access user memory",
	"watchdog: BUG: ", "stack segment:", "Segfault with no mm",
};

/*
 * A boot that injects allocation failures prints their stacks, which look like
 * splats and are none: fail_dump() says FAULT_INJECTION, the page allocator
 * "page allocation failure". Neither has a title of the list above.
 */
static bool is_title(const char *line)
{
	for (size_t i = 0; i < ARRAY_SIZE(titles); i++)
		if (!strncmp(line, titles[i], strlen(titles[i])))
			return true;
	return false;
}

static void begin(struct splats *s, const char *line)
{
	struct splat *v = realloc(s->v, (s->n + 1) * sizeof(*v));
	char *title = strdup(line);

	if (!v || !title) {
		fputs("klog2tap: error: out of memory\n", stderr);
		exit(4);
	}
	s->v = v;
	memset(&v[s->n], 0, sizeof(*v));
	v[s->n++].title = title;
	s->inside = true;
	s->traced = false;
}

/*
 * The function of a line of a call trace, " [<6001eec0>] mas_find+0x47/0x70" or
 * " mas_find+0x47/0x70". A "?" says that the address was found on the stack
 * by chance: such a line counts for nothing.
 */
static void take_frame(struct splat *sp, const char *line)
{
	const char *s = line + strspn(line, " "), *end;

	if (!strncmp(s, "[<", 2)) {
		s = strstr(s, ">]");
		if (!s)
			return;
		s += 2;
		s += strspn(s, " ");
	}
	end = s;
	while (isalnum((unsigned char)*end) || *end == '_' || *end == '.')
		end++;
	if (end > s && !strncmp(end, "+0x", 3))
		strs_add(&sp->stack, s, end - s);
}

/* Where one lock of a circle begins, for those who read all of a report. */
static bool is_link(const struct splats *s, const char *line)
{
	return s->keep && !strncmp(line, "-> #", 4);
}

void splats_line(struct splats *s, const char *line)
{
	struct splat *sp;

	if (is_title(line)) {
		begin(s, line);
		return;
	}
	if (!s->inside)
		return;
	sp = &s->v[s->n - 1];
	if (!strncmp(line, "---[ end ", 9)) {
		s->inside = false;
		return;
	}
	if (s->traced && *line != ' ' && sp->stack.n) {
		s->inside = false;
		return;
	}
	if (*line && *line != '=' && (*line != '-' || is_link(s, line)) &&
	    sp->lines.n < (s->keep ? s->keep : KEEP_LINES))
		strs_add(&sp->lines, line, strlen(line));
	if (!strncmp(line, "Call Trace:", 11))
		s->traced = true;
	else if (s->traced && *line == ' ')
		take_frame(sp, line);
}

void splats_cut(struct splats *s)
{
	s->inside = false;
}

void splats_free(struct splats *s)
{
	for (size_t i = 0; i < s->n; i++) {
		free(s->v[i].title);
		strs_clear(&s->v[i].lines);
		strs_clear(&s->v[i].stack);
	}
	free(s->v);
	memset(s, 0, sizeof(*s));
}
