// SPDX-License-Identifier: GPL-2.0-only
/*
 * umlrun: boot a UML kernel, keep its console log, end it if it hangs.
 *
 * UML is one process and many helpers: threads, and a traced child for each
 * address space. They all get a process group of their own, and this program
 * makes itself the subreaper, so that nothing of a kernel outlives its run.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { RUN_OK = 0, RUN_KILLED = 1, RUN_USAGE = 2, RUN_ENV = 4 };

static const char usage[] =
	"usage: umlrun [-t SECONDS] [-m TEXT] -o LOG KERNEL [ARG...]\n"
	"\n"
	"Boots KERNEL, writes what it prints to LOG, and kills it after SECONDS (60). Then\n"
	"LOG's last line is \"umlrun: killed after SECONDS s\".\n"
	"With -m, the last line but that says when TEXT was printed first: \"umlrun: TEXT\n"
	"after MILLISECONDS ms\", by the clock of the host; a kernel may have its own.\n"
	"\n"
	"Exit codes: 0 the kernel ended by itself; 1 it was killed; 2 usage; 4 the\n"
	"machine.\n";

static _Atomic int stopped;

/* What -m waits for: how much of it came so far, and when all had. */
static struct {
	const char *text;
	size_t come;
	long long start, seen;
} mark;

static void on_signal(int sig)
{
	stopped = sig;
}

static long long now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (long long)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static int fail(const char *what)
{
	fprintf(stderr, "umlrun: error: %s: %s\n", what, strerror(errno));
	return RUN_ENV;
}

static _Noreturn void child(char **argv, int out)
{
	int null = open("/dev/null", O_RDONLY);

	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGINT, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
	if (null < 0 || dup2(null, 0) < 0 || dup2(out, 1) < 0 || dup2(out, 2) < 0)
		_exit(127);
	execv(argv[0], argv);
	dprintf(2, "umlrun: cannot run %s: %s\n", argv[0], strerror(errno));
	_exit(127);
}

/* Read by read, so that it is found across two; "aab" is missed in "aaab". */
static void look_for_mark(const char *buf, ssize_t n)
{
	for (ssize_t i = 0; i < n && mark.text && !mark.seen; i++) {
		if (buf[i] != mark.text[mark.come])
			mark.come = 0;
		if (buf[i] == mark.text[mark.come] && !mark.text[++mark.come])
			mark.seen = now_ms();
	}
}

static int copy(int from, int to)
{
	char buf[65536];
	ssize_t n = read(from, buf, sizeof(buf));

	look_for_mark(buf, n);
	for (ssize_t done = 0, w; done < n; done += w) {
		w = write(to, buf + done, n - done);
		if (w < 0)
			return -1;
	}
	return n < 0 && errno != EINTR ? -1 : n > 0;
}

static void reap(pid_t group)
{
	kill(-group, SIGKILL);
	while (waitpid(-1, NULL, 0) > 0)
		;
}

/*
 * Copies until the kernel's own process is gone: its helpers may keep the pipe
 * open for longer. Returns 0, 1 for a kernel that ran out of time, or -1.
 */
static int follow(pid_t pid, int from, int log, long long end, int *status)
{
	struct pollfd p = { .fd = from, .events = POLLIN };

	for (;;) {
		long long left = end - now_ms();

		if (left <= 0 || stopped)
			return 1;
		if (poll(&p, 1, left > 50 ? 50 : (int)left) < 0 && errno != EINTR)
			return -1;
		if (p.revents && copy(from, log) < 0)
			return -1;
		if (waitpid(pid, status, WNOHANG) == pid)
			return 0;
	}
}

static int boot(char **argv, int log, int seconds, int *status)
{
	int fds[2], ret;
	pid_t pid;

	if (pipe2(fds, O_CLOEXEC))
		return -1;
	pid = fork();
	if (pid < 0) {
		close(fds[0]);
		close(fds[1]);
		return -1;
	}
	if (!pid)
		child(argv, fds[1]);
	setpgid(pid, pid);
	close(fds[1]);
	ret = follow(pid, fds[0], log, now_ms() + seconds * 1000LL, status);
	reap(pid);
	/* Everybody who could write is gone, so this ends. */
	while (ret >= 0 && copy(fds[0], log) > 0)
		;
	close(fds[0]);
	return ret;
}

static int run(const char *path, int seconds, char **argv)
{
	int log, status = 0, ret;

	if (access(argv[0], X_OK))
		return fail(argv[0]);
	log = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (log < 0)
		return fail(path);
	mark.start = now_ms();
	ret = boot(argv, log, seconds, &status);
	if (mark.seen)
		dprintf(log, "\numlrun: %s after %lld ms\n", mark.text,
			mark.seen - mark.start);
	if (ret > 0)
		dprintf(log, stopped ? "\numlrun: killed by signal %d\n" :
			"\numlrun: killed after %d s\n",
			stopped ? stopped : seconds);
	else if (!ret && WIFSIGNALED(status))
		dprintf(log, "\numlrun: killed by itself, signal %d\n",
			WTERMSIG(status));
	if (ret < 0)
		ret = fail("running the kernel");
	else if (ret > 0)
		ret = RUN_KILLED;
	if (close(log))
		ret = fail(path);
	return ret;
}

int main(int argc, char **argv)
{
	struct sigaction sa = { .sa_handler = on_signal };
	const char *log = NULL;
	int opt, seconds = 60;

	while ((opt = getopt(argc, argv, "+hm:o:t:")) != -1) {
		switch (opt) {
		case 'm':
			mark.text = *optarg ? optarg : NULL;
			break;
		case 'o':
			log = optarg;
			break;
		case 't':
			seconds = atoi(optarg);
			break;
		case 'h':
			fputs(usage, stdout);
			return RUN_OK;
		default:
			fputs(usage, stderr);
			return RUN_USAGE;
		}
	}
	if (!log || optind == argc || seconds <= 0) {
		fputs(usage, stderr);
		return RUN_USAGE;
	}
	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	return run(log, seconds, argv + optind);
}
