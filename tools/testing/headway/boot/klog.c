// SPDX-License-Identifier: GPL-2.0-only
/* A console log as a whole: tests, splats, expected suites, the end. */
#define _GNU_SOURCE
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "klog.h"

#define TITLE_LINES 14

/* How umlrun(1) marks a kernel that it had to end. */
#define KILLED "umlrun: killed "

char *klog_strip(char *line)
{
	size_t len = strlen(line);

	while (len && (line[len - 1] == '\n' || line[len - 1] == '\r'))
		line[--len] = '\0';
	if (line[0] != '[')
		return line;
	for (char *s = line + 1; *s; s++) {
		if (*s == ']' && s[1] == '[')
			return s[2] && strstr(s, "] ") ? strstr(s, "] ") + 2 : line;
		if (*s == ']')
			return s[1] == ' ' ? s + 2 : s + 1;
		if (!isdigit((unsigned char)*s) && *s != '.' && *s != ' ')
			return line;
	}
	return line;
}

static void report_splat(struct tap *tap, const struct splat *s)
{
	char *name;

	if (asprintf(&name, "boot.splat: %s", s->title) < 0)
		exit(4);
	tap_not_ok(tap, name);
	free(name);
	for (size_t i = 0; i < s->lines.n && i < TITLE_LINES; i++)
		tap_diag(tap, "%s", s->lines.v[i]);
	for (size_t i = 0; i < s->stack.n; i++)
		tap_diag(tap, "stack: %s", s->stack.v[i]);
}

static size_t report_splats(struct tap *tap, const struct splats *s,
			    const struct klog_opts *opts)
{
	size_t bad = 0;

	for (size_t i = 0; i < s->n; i++) {
		struct allow_entry *e = NULL;

		if (opts->allow)
			e = allow_find(opts->allow, &s->v[i], opts->base);
		if (e) {
			tap_diag(tap, "allowed: %s (%s: %s)", s->v[i].title,
				 e->function, e->reason);
			continue;
		}
		report_splat(tap, &s->v[i]);
		bad++;
	}
	if (!bad)
		tap_ok(tap, "boot.no splat");
	return bad;
}

static void report_unused(struct tap *tap, const struct klog_opts *opts)
{
	for (size_t i = 0; opts->allow && i < opts->allow->n; i++) {
		struct allow_entry *e = &opts->allow->v[i];

		if (e->used || !allow_applies(e, opts->base))
			continue;
		tap_not_ok(tap, "boot.allow-list entry matched nothing");
		tap_diag(tap, "%s:%d: %s | %s", opts->allow->path, e->line,
			 e->title, e->function);
	}
}

static void report_suites(struct tap *tap, const struct ktap *k,
			  const struct strs *suites)
{
	char *name;

	for (size_t i = 0; suites && i < suites->n; i++) {
		if (asprintf(&name, "boot.suite %s ran", suites->v[i]) < 0)
			exit(4);
		if (strs_has(&k->suites, suites->v[i]))
			tap_ok(tap, name);
		else
			tap_not_ok(tap, name);
		free(name);
	}
}

struct ending {
	bool halted;
	char *killed;
};

static void note_end(struct ending *e, const char *line)
{
	if (!strncmp(line, "reboot: System halted", 21) ||
	    !strncmp(line, "reboot: Power down", 18) ||
	    !strncmp(line, "reboot: Restarting system", 25)) {
		e->halted = true;
	} else if (!strncmp(line, KILLED, strlen(KILLED))) {
		free(e->killed);
		e->killed = strdup(line);
	}
}

static void report_end(struct tap *tap, const struct ending *e)
{
	if (e->halted && !e->killed) {
		tap_ok(tap, "boot.ended by itself");
		return;
	}
	tap_not_ok(tap, "boot.ended by itself");
	tap_diag(tap, "%s", e->killed ? e->killed :
		 "the log ends without the kernel having halted");
}

void klog_to_tap(FILE *in, const struct klog_opts *opts, struct tap *tap,
		 size_t *nsplats)
{
	struct splats splats = { 0 };
	struct ending end = { 0 };
	struct ktap ktap;
	char *line = NULL;
	size_t size = 0;

	ktap_init(&ktap, tap);
	while (getline(&line, &size, in) >= 0) {
		char *text = klog_strip(line);

		note_end(&end, text);
		if (ktap_line(&ktap, text))
			splats_cut(&splats);
		else
			splats_line(&splats, text);
	}
	ktap_end(&ktap);
	if (!ktap.results && !opts->no_ktap)
		tap_not_ok(tap, "boot.some test ran");
	report_suites(tap, &ktap, opts->suites);
	*nsplats = report_splats(tap, &splats, opts);
	report_unused(tap, opts);
	report_end(tap, &end);
	tap_plan(tap);

	free(line);
	free(end.killed);
	ktap_free(&ktap);
	splats_free(&splats);
}
