// SPDX-License-Identifier: GPL-2.0-only
/*
 * bench-tree: headway against git, tar and a work tree, both sides in turn.
 *
 * What is timed is in bench-steps.sh, a function a step: "<pair>-ours" and
 * "<pair>-theirs", each with "-prepare" before it that is not timed, and
 * "<pair>-compare" that says whether both made the same. Printed are the medians
 * and their ratio; the same goes to a TSV file.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MAX_RUNS	99

struct pair {
	const char *name;
	const char *ours, *theirs;	/* in words */
	const char *runs;		/* environment variable: how many */
	int default_runs;
	double bar;			/* theirs must take that many times ours */
};

static const struct pair pairs[] = {
	{ "build", "headway build of all topics and the integration",
	  "git checkout, git am, git merge in a work tree", "RUNS", 3, 30 },
	{ "import", "headway import", "tar x, git add, git commit",
	  "IMPORT_RUNS", 1, 1 },
};

static const char *steps;	/* path of bench-steps.sh */
static FILE *tsv;
static bool missed;		/* some bar */

/* Run a step; its exit code, or -1 after a message. */
static int run_step(const char *pair, const char *what, double *seconds)
{
	struct timespec a, b;
	char name[64];
	int status;
	pid_t pid;

	snprintf(name, sizeof(name), "%s-%s", pair, what);
	fflush(NULL);
	clock_gettime(CLOCK_MONOTONIC, &a);
	pid = fork();
	if (!pid) {
		/* What a step says is no part of the table. */
		dup2(STDERR_FILENO, STDOUT_FILENO);
		execlp("bash", "bash", steps, name, (char *)NULL);
		perror("bash");
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid) {
		perror(name);
		return -1;
	}
	clock_gettime(CLOCK_MONOTONIC, &b);
	if (seconds)
		*seconds = (b.tv_sec - a.tv_sec) +
			   (b.tv_nsec - a.tv_nsec) / 1e9;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* The same; a step that fails is the end of its pair. */
static bool must(const char *pair, const char *what, double *seconds)
{
	int code = run_step(pair, what, seconds);

	if (code && code != 77)
		fprintf(stderr, "bench-tree: step %s-%s failed (%d)\n", pair,
			what, code);
	return !code;
}

static int by_size(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static double median(double *v, int n)
{
	qsort(v, n, sizeof(*v), by_size);
	return n % 2 ? v[n / 2] : (v[n / 2 - 1] + v[n / 2]) / 2;
}

static int runs_of(const char *variable, int preset)
{
	const char *s = getenv(variable);
	int n = s ? atoi(s) : preset;

	return n < 1 ? 1 : n > MAX_RUNS ? MAX_RUNS : n;
}

static void row(const char *name, const char *what, double value,
		const char *unit, const char *bar, bool ok)
{
	printf("%-8s  %-52s  %10.3f %-5s  %-12s  %s\n", name, what, value, unit,
	       bar, *bar ? ok ? "ok" : "MISSED" : "");
	fprintf(tsv, "%s\t%s\t%.3f\t%s\t%s\t%s\n", name, what, value, unit, bar,
		*bar ? ok ? "ok" : "missed" : "-");
	missed |= *bar && !ok;
}

static bool bench_pair(const struct pair *p)
{
	double ours[MAX_RUNS], theirs[MAX_RUNS], a, b;
	int n = runs_of(p->runs, p->default_runs), i, code;
	char bar[32];

	code = run_step(p->name, "possible", NULL);
	if (code == 77)
		return true;	/* it has said why */
	for (i = 0; !code && i < n; i++)
		if (!must(p->name, "ours-prepare", NULL) ||
		    !must(p->name, "ours", &ours[i]) ||
		    !must(p->name, "theirs-prepare", NULL) ||
		    !must(p->name, "theirs", &theirs[i]) ||
		    !must(p->name, "compare", NULL))
			return false;
	if (code)
		return false;
	a = median(ours, n);
	b = median(theirs, n);
	row(p->name, p->ours, a, "s", "", true);
	row(p->name, p->theirs, b, "s", "", true);
	snprintf(bar, sizeof(bar), ">= %g", p->bar);
	row(p->name, "how many times as fast", b / a, "x", bar, b / a >= p->bar);
	return true;
}

static bool bench_status(void)
{
	double v[MAX_RUNS], t;
	int n = runs_of("STATUS_RUNS", 11), i;

	if (!must("status", "ours-prepare", NULL))
		return false;
	for (i = 0; i < n; i++)
		if (!must("status", "ours", &v[i]))
			return false;
	t = median(v, n);
	row("status", "headway status of all bases", t, "s", "< 0.5", t < 0.5);
	return true;
}

/* A number that the step prints to a file: megabytes of the repository a base. */
static bool bench_size(void)
{
	const char *path = getenv("BENCH_SIZE_FILE");
	FILE *f;
	double mb;
	int n;

	if (!path || !must("size", "ours", NULL))
		return false;
	f = fopen(path, "r");
	n = f ? fscanf(f, "%lf", &mb) : 0;
	if (f)
		fclose(f);
	if (n != 1)
		return false;
	row("size", "repository, a base", mb, "MB", "< 500", mb < 500);
	return true;
}

int main(int argc, char **argv)
{
	bool ok = true;
	size_t i;

	if (argc != 3) {
		fputs("usage: bench-tree BENCH-STEPS.SH OUT.TSV\n", stderr);
		return 2;
	}
	steps = argv[1];
	tsv = fopen(argv[2], "w");
	if (!tsv) {
		fprintf(stderr, "bench-tree: %s: %s\n", argv[2], strerror(errno));
		return 4;
	}
	fputs("what\tin words\tmedian\tunit\tbar\tverdict\n", tsv);
	for (i = 0; i < sizeof(pairs) / sizeof(*pairs); i++)
		ok &= bench_pair(&pairs[i]);
	ok &= bench_status();
	ok &= bench_size();
	if (fclose(tsv))
		ok = false;
	if (run_step("bench", "clean", NULL))
		ok = false;
	return !ok ? 3 : missed ? 1 : 0;
}
