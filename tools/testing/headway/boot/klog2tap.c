// SPDX-License-Identifier: GPL-2.0-only
/* klog2tap: the console log of a booted kernel as flat TAP. */
#define _GNU_SOURCE
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "klog.h"

enum { K_OK = 0, K_FINDING = 1, K_USAGE = 2, K_BAD_INPUT = 3, K_ENV = 4 };

static const char usage[] =
	"usage: klog2tap [-b BASE] [-a ALLOW] [-e SUITES] [-s FILE] [-n] LOG [SUITE...]\n"
	"\n"
	"Reads the console log of a booted kernel and writes TAP: a line for each KUnit\n"
	"case (skips as skips), for each splat, for each suite that had to run, for\n"
	"each allow-list entry that matched nothing, and for how the boot ended.\n"
	"\n"
	"  -a ALLOW   list of splats that are not ours: BASES | TITLE | FUNCTION | REASON\n"
	"  -b BASE    the base that was booted: only its allow-list entries apply\n"
	"  -e SUITES  file with names of suites that must have run, one a line\n"
	"  -n         the log need not have any test\n"
	"  -s FILE    write a summary of one line to FILE\n"
	"\n"
	"Exit codes: 0 all well; 1 something is not ok; 2 usage; 3 malformed input;\n"
	"4 the machine.\n";

struct args {
	const char *allow, *suites, *summary;
	struct klog_opts opts;
};

static int read_suites(struct strs *s, const char *path)
{
	FILE *f = fopen(path, "re");
	char *line = NULL;
	size_t size = 0;

	if (!f) {
		fprintf(stderr, "klog2tap: error: %s: %s\n", path, strerror(errno));
		return -1;
	}
	while (getline(&line, &size, f) >= 0) {
		size_t len = strcspn(line, " \t\r\n");

		if (len && line[0] != '#')
			strs_add(s, line, len);
	}
	free(line);
	fclose(f);
	return 0;
}

static int read_allow(struct allow *a, const char *path)
{
	FILE *f = fopen(path, "re");
	int ret;

	if (!f) {
		fprintf(stderr, "klog2tap: error: %s: %s\n", path, strerror(errno));
		return -1;
	}
	ret = allow_read(a, f, path);
	fclose(f);
	return ret;
}

static int write_summary(const char *path, const struct tap *tap, size_t splats)
{
	FILE *f = fopen(path, "we");
	int bad;

	if (!f) {
		fprintf(stderr, "klog2tap: error: %s: %s\n", path, strerror(errno));
		return -1;
	}
	fprintf(f, "%u of %u checks passed", tap->tests - tap->failed - tap->skipped,
		tap->tests);
	if (tap->failed)
		fprintf(f, ", %u failed", tap->failed);
	if (tap->skipped)
		fprintf(f, ", %u skipped", tap->skipped);
	if (splats)
		fprintf(f, ", %zu splat%s\n", splats, splats > 1 ? "s" : "");
	else
		fputs(", no splat\n", f);
	bad = ferror(f);
	return fclose(f) || bad ? -1 : 0;
}

static int run(const char *log, const struct args *args)
{
	struct tap tap = { .out = stdout };
	size_t splats;
	FILE *in = strcmp(log, "-") ? fopen(log, "re") : stdin;

	if (!in) {
		fprintf(stderr, "klog2tap: error: %s: %s\n", log, strerror(errno));
		return K_BAD_INPUT;
	}
	klog_to_tap(in, &args->opts, &tap, &splats);
	if (in != stdin)
		fclose(in);
	if (fflush(stdout)) {
		fprintf(stderr, "klog2tap: error: cannot write: %s\n", strerror(errno));
		return K_ENV;
	}
	if (args->summary && write_summary(args->summary, &tap, splats))
		return K_ENV;
	return tap.failed ? K_FINDING : K_OK;
}

int main(int argc, char **argv)
{
	struct args args = { 0 };
	struct strs suites = { 0 };
	struct allow allow = { 0 };
	int opt, ret = K_USAGE;

	while ((opt = getopt(argc, argv, "a:b:e:hns:")) != -1) {
		switch (opt) {
		case 'a':
			args.allow = optarg;
			break;
		case 'b':
			args.opts.base = optarg;
			break;
		case 'e':
			args.suites = optarg;
			break;
		case 'n':
			args.opts.no_ktap = true;
			break;
		case 's':
			args.summary = optarg;
			break;
		case 'h':
			fputs(usage, stdout);
			return K_OK;
		default:
			fputs(usage, stderr);
			return K_USAGE;
		}
	}
	if (optind == argc) {
		fputs(usage, stderr);
		return K_USAGE;
	}
	ret = K_BAD_INPUT;
	if (args.suites && read_suites(&suites, args.suites))
		goto cleanup;
	for (int i = optind + 1; i < argc; i++)
		strs_add(&suites, argv[i], strlen(argv[i]));
	if (args.allow && read_allow(&allow, args.allow))
		goto cleanup;
	args.opts.suites = &suites;
	args.opts.allow = args.allow ? &allow : NULL;
	ret = run(argv[optind], &args);
cleanup:
	strs_clear(&suites);
	allow_free(&allow);
	return ret;
}
