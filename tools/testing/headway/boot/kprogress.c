// SPDX-License-Identifier: GPL-2.0-only
/*
 * kprogress: run a kernel build quietly. All that it prints goes to a log; on a
 * terminal one line shows how far it is, elsewhere one line now and then; what
 * the compiler, the linker or make complain of is shown in any case.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { K_USAGE = 2, K_ENV = 4 };

#define QUIET_SECONDS 30	/* between two lines, not on a terminal */

struct progress {
	FILE *log;
	const char *what;
	bool tty;
	unsigned int files;	/* compiled so far */
	time_t start, shown;
};

static time_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec;
}

static bool is_complaint(const char *s)
{
	/* UML's own linker script makes ld say these on every link. */
	if (strstr(s, ".note.GNU-stack") || strstr(s, "RWX permissions") ||
	    strstr(s, "NOTE: This behaviour is deprecated"))
		return false;
	return strstr(s, "error:") || strstr(s, "warning:") ||
	       strstr(s, "undefined reference") || strstr(s, " *** ") ||
	       !strncmp(s, "ERROR:", 6) || strstr(s, "Error ");
}

/* "  CC      kernel/fork.o" */
static bool is_step(const char *s)
{
	return s[0] == ' ' && s[1] == ' ' && s[2] >= 'A' && s[2] <= 'Z';
}

static void clear_line(const struct progress *p)
{
	if (p->tty)
		fputs("\r\033[K", stderr);
}

static void show(struct progress *p, const char *step)
{
	time_t t = now();

	if (p->tty) {
		clear_line(p);
		fprintf(stderr, "%s: %u %.50s", p->what, p->files, step);
	} else if (t - p->shown >= QUIET_SECONDS) {
		fprintf(stderr, "%s: %u files, %ld s\n", p->what, p->files,
			(long)(t - p->start));
		p->shown = t;
	}
}

static void take_line(struct progress *p, char *line)
{
	fputs(line, p->log);
	line[strcspn(line, "\n")] = '\0';
	if (is_step(line)) {
		p->files++;
		show(p, line + 2);
	} else if (is_complaint(line)) {
		clear_line(p);
		fprintf(stderr, "%s\n", line);
	}
}

static pid_t start(char **argv, int *from)
{
	int fds[2];
	pid_t pid;

	if (pipe(fds))
		return -1;
	pid = fork();
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGTERM);
		dup2(fds[1], 1);
		dup2(fds[1], 2);
		close(fds[0]);
		close(fds[1]);
		execvp(argv[0], argv);
		fprintf(stderr, "kprogress: error: %s: %s\n", argv[0], strerror(errno));
		_exit(127);
	}
	close(fds[1]);
	*from = fds[0];
	return pid;
}

static int run(struct progress *p, char **argv)
{
	char *line = NULL;
	size_t size = 0;
	int from, status;
	pid_t pid = start(argv, &from);
	FILE *in = pid < 0 ? NULL : fdopen(from, "r");

	if (!in) {
		fprintf(stderr, "kprogress: error: %s\n", strerror(errno));
		return K_ENV;
	}
	while (getline(&line, &size, in) >= 0)
		take_line(p, line);
	clear_line(p);
	free(line);
	fclose(in);
	if (waitpid(pid, &status, 0) != pid)
		return K_ENV;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int main(int argc, char **argv)
{
	struct progress p = { .tty = isatty(2), .start = now(), .shown = now() };
	int ret;

	if (argc < 4) {
		fputs("usage: kprogress LOG NAME COMMAND [ARG...]\n", stderr);
		return K_USAGE;
	}
	p.what = argv[2];
	p.log = fopen(argv[1], "we");
	if (!p.log) {
		fprintf(stderr, "kprogress: error: %s: %s\n", argv[1], strerror(errno));
		return K_ENV;
	}
	setvbuf(p.log, NULL, _IOLBF, 0);
	ret = run(&p, argv + 3);
	if (fclose(p.log) && !ret) {
		fprintf(stderr, "kprogress: error: %s: %s\n", argv[1], strerror(errno));
		ret = K_ENV;
	}
	if (ret)
		fprintf(stderr, "%s: failed, all of its output is in %s\n", p.what,
			argv[1]);
	return ret;
}
