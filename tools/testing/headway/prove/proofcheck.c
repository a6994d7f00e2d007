// SPDX-License-Identifier: GPL-2.0-only
/*
 * proofcheck: does the console log of a kernel, or the report of the checker on
 * it, show what a proof says?
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fnmatch.h>
#include <getopt.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>

#include "cycle.h"
#include "proof.h"
#include "xalloc.h"

enum {
	P_SHOWN = 0, P_NOT_SHOWN = 1, P_USAGE = 2, P_BAD_INPUT = 3, P_ENV = 4,
	P_NOT_RUN = 5,
};

static const char usage[] =
	"usage: proofcheck [-g DOT] PROOF LOG|REPORT\n"
	"       proofcheck -n PROOF\n"
	"\n"
	"Reads the console log of a kernel, or what \"reclaimcheck report --porcelain\"\n"
	"printed, and tells whether it shows what PROOF says: one line, \"shown\",\n"
	"\"not-shown\" or \"not-run\", a tab, and what was seen.\n"
	"The language of proofs is in topics.rst.\n"
	"\n"
	"  -g DOT  write the cycle of locks as a graph for dot(1), if there is one\n"
	"  -n      only print what must run for PROOF: its place, a tab, its parts;\n"
	"          nothing for a proof that nothing runs for. \"kasan \" before the\n"
	"          place: in the kernel that watches memory\n"
	"\n"
	"Exit codes: 0 shown; 1 not shown; 2 usage; 3 malformed input; 4 the machine;\n"
	"5 what PROOF names did not run.\n";

/* What is in a log. */
struct log {
	char *tap;		/* flat TAP, see ktap.c */
	struct strs begun;	/* suites and stages that began */
	struct splats splats;
	bool killed;
};

static FILE *memory(char **text)
{
	static size_t size;
	FILE *f = open_memstream(text, &size);

	if (!f) {
		fputs("proofcheck: error: out of memory\n", stderr);
		exit(P_ENV);
	}
	return f;
}

static void note_begin(struct log *log, const char *text)
{
	const char *s = text + strspn(text, " ");

	if (!strncmp(s, "# Subtest: ", 11))
		strs_add(&log->begun, s + 11, strlen(s + 11));
	else if (!strncmp(s, "# stage ", 8) && strstr(s, " on "))
		strs_add(&log->begun, s + 8, strcspn(s + 8, " "));
	else if (!strncmp(s, "umlrun: killed after ", 21))
		log->killed = true;
}

static int read_log(const char *path, struct log *log)
{
	struct tap tap = { 0 };
	FILE *in = fopen(path, "re");
	struct ktap ktap;
	char *line = NULL;
	size_t size = 0;

	memset(log, 0, sizeof(*log));
	if (!in) {
		fprintf(stderr, "proofcheck: error: %s: %s\n", path, strerror(errno));
		return -1;
	}
	log->splats.keep = 4096;
	tap.out = memory(&log->tap);
	ktap_init(&ktap, &tap);
	while (getline(&line, &size, in) >= 0) {
		char *text = klog_strip(line);

		note_begin(log, text);
		if (ktap_line(&ktap, text))
			splats_cut(&log->splats);
		else
			splats_line(&log->splats, text);
	}
	ktap_end(&ktap);
	ktap_free(&ktap);
	fclose(tap.out);
	fclose(in);
	free(line);
	return 0;
}

static void free_log(struct log *log)
{
	strs_clear(&log->begun);
	splats_free(&log->splats);
	free(log->tap);
}

/*
 * What a test said before it failed, up to three lines of it; a stage of the lab
 * names the condition that did not hold.
 */
static void take_reason(FILE *out, const char *line, unsigned int *lines)
{
	if (!strncmp(line, "stage ", 6) || *lines > 2)
		return;
	fprintf(out, "%s%s", *lines ? "; " : "", line + strspn(line, " "));
	++*lines;
}

/* A test of this name, or one of its parameters: 1 failed, 0 passed, -1 absent. */
static int result_of(const struct log *log, const char *name, char **why)
{
	unsigned int lines = 0;
	long from = 0;
	FILE *reason = memory(why);
	char *copy = strdup(log->tap), *save = NULL, *line;
	size_t len = strlen(name);
	int ret = -1;

	for (line = copy ? strtok_r(copy, "\n", &save) : NULL; line;
	     line = strtok_r(NULL, "\n", &save)) {
		const char *dash = strstr(line, " - ");

		if (ret == 1 && strncmp(line, "#   ", 4))
			break;
		if (ret == 1) {
			if (strstr(line, "not so: ")) {
				from = ftell(reason);
				lines = 0;
			}
			take_reason(reason, line + 4, &lines);
			continue;
		}
		if (*line == '#' || !dash || strncmp(dash + 3, name, len) ||
		    !strchr(" .", dash[3 + len]))
			continue;
		ret = !strncmp(line, "not ok ", 7);
	}
	free(copy);
	fclose(reason);
	memmove(*why, *why + from, strlen(*why + from) + 1);
	return ret;
}

/* The lines after the first, which say what was expected, come along. */
static int check_fails(const struct log *log, const struct proof *p, FILE *out)
{
	char *parts = strdup(p->what), *save = NULL, *part, *why;
	int ret = P_NOT_RUN, r;

	for (part = strtok_r(parts, ",", &save); part;
	     part = strtok_r(NULL, ",", &save)) {
		r = result_of(log, part, &why);
		if (r == 1) {
			fprintf(out, "%s failed: %s", part, *why ? why : "no reason given");
			ret = P_SHOWN;
		}
		free(why);
		if (r == 1)
			break;
		if (!r)
			ret = P_NOT_SHOWN;
	}
	free(parts);
	return ret;
}

/* The suite or the last of the stages that a proof names. */
static char *place_of(const struct proof *p)
{
	const char *comma = strrchr(p->what, ',');

	if (!strcmp(p->where, "kunit"))
		return strndup(p->what, strcspn(p->what, "."));
	return strdup(comma ? comma + 1 : p->what);
}

static int check_hangs(const struct log *log, const struct proof *p, FILE *out)
{
	char *parts = strdup(p->what), *save = NULL, *part, *why = NULL;
	char *place = place_of(p);
	int ret = strs_has(&log->begun, place) ? P_NOT_SHOWN : P_NOT_RUN;

	for (part = strtok_r(parts, ",", &save); part && log->killed;
	     part = strtok_r(NULL, ",", &save)) {
		if (result_of(log, part, &why) < 0) {
			fprintf(out, "%s began and never ended", part);
			ret = P_SHOWN;
			break;
		}
		free(why);
		why = NULL;
	}
	/* Unfinished levels are closed as failures that "never reported". */
	if (log->killed && ret == P_NOT_SHOWN &&
	    strstr(log->tap, "began and never reported a result")) {
		fprintf(out, "%s began and never ended", place);
		ret = P_SHOWN;
	}
	free(why);
	free(parts);
	free(place);
	return ret;
}

static bool splat_fits(const struct splat *s, const struct cycle *c,
		       const struct proof *p, const regex_t *re)
{
	bool fits = !regexec(re, s->title, 0, NULL, 0);

	for (size_t i = 0; !fits && i < c->locks.n; i++)
		fits = !regexec(re, c->locks.v[i], 0, NULL, 0);
	for (size_t i = 0; fits && i < p->functions.n; i++)
		fits = strs_has(&c->functions, p->functions.v[i]);
	return fits;
}

static int write_graph(const char *path, const struct splat *s,
		       const struct cycle *c)
{
	FILE *f = fopen(path, "we");

	if (!f) {
		fprintf(stderr, "proofcheck: error: %s: %s\n", path, strerror(errno));
		return -1;
	}
	cycle_graph(s, c, f);
	return fclose(f);
}

/* Without one that fits, the first one is told: lockdep stops at its first. */
static int check_splats(const struct log *log, const struct proof *p,
			const char *graph, FILE *out)
{
	char *place = place_of(p);
	int ret = strs_has(&log->begun, place) ? P_NOT_SHOWN : P_NOT_RUN;
	regex_t re;

	free(place);
	if (regcomp(&re, p->arg, REG_EXTENDED | REG_NOSUB))
		return P_BAD_INPUT;
	for (size_t i = 0; i < log->splats.n && ret != P_SHOWN; i++) {
		const struct splat *s = &log->splats.v[i];
		struct cycle c;
		char *text;

		cycle_read(s, &c);
		text = cycle_short(s, &c);
		if (splat_fits(s, &c, p, &re)) {
			fprintf(out, "%s", text);
			ret = P_SHOWN;
			if (graph && c.n && write_graph(graph, s, &c))
				ret = P_ENV;
		} else if (i + 1 == log->splats.n) {
			fprintf(out, "another: %s", text);
		}
		free(text);
		cycle_free(&c);
	}
	regfree(&re);
	return ret;
}

/*
 * One line of the report, TIER KIND ROOT EDGE WAIVED CALL with tabs between, against
 * "KIND EDGE" or "KIND via CALL". *@edge is the edge of a line that fits.
 */
static bool finding_fits(char *line, const char *tier, const char *kind, const char *pattern,
			 const char **edge)
{
	enum { TIER, KIND, ROOT, EDGE, WAIVED, CALL, COLUMNS };
	const char *column[COLUMNS] = { 0 };
	size_t n = 0;

	for (char *s = line; s && n < COLUMNS; n++)
		column[n] = strsep(&s, "\t");
	if (n <= EDGE || strcmp(column[TIER], tier) || strcmp(column[KIND], kind))
		return false;
	*edge = column[EDGE];
	if (!strncmp(pattern, "via ", 4))
		return n > CALL && !fnmatch(pattern + 4, column[CALL], 0);
	return !fnmatch(pattern, column[EDGE], 0);
}

static int check_reported(const struct proof *p, const char *path, FILE *out)
{
	bool release = !strncmp(p->arg, "release ", 8);
	const char *arg = p->arg + (release ? 8 : 0), *tier = release ? "release" : "high";
	size_t len = strcspn(arg, " ");
	char *kind = xstrndup(arg, len), *line = NULL;
	const char *pattern = arg + len + strspn(arg + len, " "), *edge;
	FILE *f = fopen(path, "re");
	int ret = P_NOT_SHOWN;
	size_t size = 0, n = 0;

	if (!f) {
		fprintf(stderr, "proofcheck: error: %s: %s\n", path, strerror(errno));
		ret = P_BAD_INPUT;
	}
	while (f && ret != P_SHOWN && getline(&line, &size, f) > 0) {
		n++;
		line[strcspn(line, "\n")] = '\0';
		if (!finding_fits(line, tier, kind, pattern, &edge))
			continue;
		fprintf(out, "%s", edge);
		ret = P_SHOWN;
	}
	/* A report on a kernel always has something, of the low tier at least. */
	if (ret == P_NOT_SHOWN && !n)
		ret = P_NOT_RUN;
	if (f)
		fclose(f);
	free(line);
	free(kind);
	return ret;
}

static int print_state(int state, char *seen)
{
	static const char *const states[] = {
		[P_SHOWN] = "shown", [P_NOT_SHOWN] = "not-shown",
		[P_NOT_RUN] = "not-run",
	};

	for (char *s = seen; *s; s++)
		if (*s == '\t' || *s == '\n')
			*s = ' ';
	if (state == P_SHOWN || state == P_NOT_SHOWN || state == P_NOT_RUN)
		printf("%s\t%s\n", states[state], *seen ? seen : "-");
	return fflush(stdout) ? P_ENV : state;
}

static int check(const struct proof *p, const char *path, const char *graph)
{
	char *text = NULL;
	struct log log;
	FILE *out;
	int ret;

	if (p->kind == PROOF_REPORTED) {
		out = memory(&text);
		ret = check_reported(p, path, out);
		fclose(out);
		ret = print_state(ret, text);
		free(text);
		return ret;
	}
	if (read_log(path, &log))
		return P_BAD_INPUT;
	out = memory(&text);
	if (p->kind == PROOF_FAILS)
		ret = check_fails(&log, p, out);
	else if (p->kind == PROOF_HANGS)
		ret = check_hangs(&log, p, out);
	else
		ret = check_splats(&log, p, graph, out);
	fclose(out);
	ret = print_state(ret, text);
	free(text);
	free_log(&log);
	return ret;
}

int main(int argc, char **argv)
{
	struct proofs ps = { 0 };
	const char *graph = NULL;
	bool place = false;
	char *why;
	int opt, ret = P_USAGE;

	while ((opt = getopt(argc, argv, "g:hn")) != -1) {
		if (opt == 'g') {
			graph = optarg;
		} else if (opt == 'n') {
			place = true;
		} else {
			fputs(usage, opt == 'h' ? stdout : stderr);
			return opt == 'h' ? P_SHOWN : P_USAGE;
		}
	}
	if (argc - optind != (place ? 1 : 2)) {
		fputs(usage, stderr);
		return P_USAGE;
	}
	why = proofs_parse(argv[optind], &ps);
	if (why || ps.n != 1) {
		fprintf(stderr, "proofcheck: error: %s: %s\n", argv[optind],
			why ? why : "expected one proof");
		ret = P_BAD_INPUT;
	} else if (place) {
		if (ps.p[0].where)
			printf("%s%s\t%s\n", ps.p[0].kasan ? "kasan " : "",
			       ps.p[0].where, ps.p[0].what);
		ret = P_SHOWN;
	} else if (!ps.p[0].where) {
		fprintf(stderr, "proofcheck: error: %s: nothing runs for it\n",
			argv[optind]);
		ret = P_BAD_INPUT;
	} else {
		ret = check(&ps.p[0], argv[optind + 1], graph);
	}
	free(why);
	proofs_free(&ps);
	return ret;
}
