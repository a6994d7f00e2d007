// SPDX-License-Identifier: GPL-2.0-only
/*
 * Child processes: fork and exec with an argument vector, output captured.
 *
 * fork() rather than posix_spawn(): only so can the child ask the kernel to be
 * ended with us (PR_SET_PDEATHSIG), which keeps a killed headway from leaving a
 * download behind that writes under the next run's feet.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "headway.h"
#include "run.h"

#define TICK_MS		200
#define GRACE_MS	5000

/* What the child reports through a close-on-exec pipe when it cannot exec. */
struct child_failure {
	int err;
	char what[8];	/* "chdir", "exec" or "setup" */
};

struct sink {
	int fd;
	char *data;
	size_t len;
	size_t size;
};

static int64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void __attribute__((noreturn)) child_fail(int fd, const char *what)
{
	struct child_failure f = { .err = errno };

	for (size_t i = 0; what[i] && i < sizeof(f.what) - 1; i++)
		f.what[i] = what[i];
	if (write(fd, &f, sizeof(f)) < 0)
		_exit(126);
	_exit(127);
}

/* Runs between fork() and exec(): nothing here may allocate or take a lock. */
static void __attribute__((noreturn))
child_main(const char *const argv[], char **env, const struct run_options *o,
	   pid_t parent, int out, int err, int report)
{
	sigset_t none;
	int in;

	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent)
		_exit(127);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);

	in = open(o->input ? o->input : "/dev/null", O_RDONLY | O_CLOEXEC);
	if (in < 0 || dup2(in, 0) < 0 || dup2(out, 1) < 0 || dup2(err, 2) < 0)
		child_fail(report, "setup");
	if (o->dir && chdir(o->dir) < 0)
		child_fail(report, "chdir");
	execvpe(argv[0], (char *const *)argv, env);
	child_fail(report, "exec");
}

static int env_add(char **env, size_t *n, const char *assignment)
{
	size_t len = strcspn(assignment, "=") + 1;
	size_t i;

	for (i = 0; i < *n; i++)
		if (!strncmp(env[i], assignment, len))
			break;
	env[i] = (char *)assignment;
	if (i == *n)
		*n += 1;
	return 0;
}

/* Our environment with @extra and LC_ALL=C; the strings are not copied. */
static char **env_make(const char *const *extra)
{
	size_t n = 0, more = 2, i;
	char **env;

	while (environ[n])
		n++;
	for (i = 0; extra && extra[i]; i++)
		more++;
	env = calloc(n + more, sizeof(*env));
	if (!env)
		return NULL;
	memcpy(env, environ, n * sizeof(*env));
	env_add(env, &n, "LC_ALL=C");
	for (i = 0; extra && extra[i]; i++)
		env_add(env, &n, extra[i]);
	return env;
}

static int sink_read(struct sink *s)
{
	ssize_t got;
	char *bigger;

	if (s->size - s->len < 4096) {
		size_t size = s->size ? s->size * 2 : 16384;

		bigger = realloc(s->data, size);
		if (!bigger)
			return hw_error("out of memory for a program's output");
		s->data = bigger;
		s->size = size;
	}
	got = read(s->fd, s->data + s->len, s->size - s->len - 1);
	if (got < 0 && (errno == EINTR || errno == EAGAIN))
		return 0;
	if (got < 0)
		return hw_errno("cannot read a program's output");
	if (!got)
		close_fd(&s->fd);
	s->len += got;
	return 0;
}

static int sink_finish(struct sink *s, char **data, size_t *len)
{
	if (!s->data)
		s->data = malloc(1);
	if (!s->data)
		return hw_error("out of memory for a program's output");
	s->data[s->len] = '\0';
	*data = s->data;
	*len = s->len;
	s->data = NULL;
	return 0;
}

/* Ends a child that may not want to end: politely, then not. */
static void stop_child(pid_t pid, int *status)
{
	int64_t end = now_ms() + GRACE_MS;
	const struct timespec nap = { .tv_nsec = 20000000 };

	kill(pid, SIGTERM);
	while (now_ms() < end) {
		if (waitpid(pid, status, WNOHANG) == pid)
			return;
		nanosleep(&nap, NULL);
	}
	kill(pid, SIGKILL);
	while (waitpid(pid, status, 0) < 0 && errno == EINTR)
		;
}

/*
 * Reads both pipes until they are closed. Return: 0; 1 if the time limit
 * passed; -1 after an error.
 */
static int pump(struct sink *out, struct sink *err, const struct run_options *o)
{
	int64_t end = now_ms() + (int64_t)o->timeout * 1000;

	while (out->fd >= 0 || err->fd >= 0) {
		/* A negative descriptor is ignored by poll(). */
		struct pollfd fds[2] = {
			{ .fd = out->fd, .events = POLLIN },
			{ .fd = err->fd, .events = POLLIN },
		};

		if (poll(fds, 2, TICK_MS) < 0 && errno != EINTR)
			return hw_errno("cannot wait for a program");
		if (fds[0].revents && sink_read(out) < 0)
			return -1;
		if (fds[1].revents && sink_read(err) < 0)
			return -1;
		if (o->tick)
			o->tick(o->tick_arg);
		if (o->timeout && now_ms() > end)
			return 1;
	}
	return 0;
}

static int report_failure(const struct child_failure *f,
			  const char *const argv[], const char *dir)
{
	errno = f->err;
	hw_set_exit(HW_ENV);
	if (!strcmp(f->what, "chdir"))
		return hw_errno("cannot run %s in %s", argv[0], dir);
	hw_errno("cannot run %s", argv[0]);
	if (f->err == ENOENT)
		hw_hint("install the package that has %s ('make deps')", argv[0]);
	return -1;
}

static int run_forked(const char *const argv[], const struct run_options *o,
		      struct run_result *res, char **env, int pipes[3][2])
{
	struct sink out = { .fd = -1 }, err = { .fd = -1 };
	struct child_failure failure;
	pid_t parent = getpid(), pid;
	int status = 0, ret;

	pid = fork();
	if (pid < 0)
		return hw_errno("cannot start %s", argv[0]);
	if (!pid)
		child_main(argv, env, o, parent, pipes[0][1], pipes[1][1],
			   pipes[2][1]);

	for (int i = 0; i < 3; i++)
		close_fd(&pipes[i][1]);
	/* Ends at once: exec() closes the other side. */
	while ((ret = read(pipes[2][0], &failure, sizeof(failure))) < 0 &&
	       errno == EINTR)
		;
	if (ret == (int)sizeof(failure)) {
		while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
			;
		return report_failure(&failure, argv, o->dir);
	}

	out.fd = pipes[0][0];
	err.fd = pipes[1][0];
	ret = pump(&out, &err, o);
	pipes[0][0] = out.fd;
	pipes[1][0] = err.fd;
	if (ret) {
		stop_child(pid, &status);
		if (ret > 0) {
			hw_set_exit(HW_ENV);
			hw_error("%s did not end within %u seconds", argv[0],
				 o->timeout);
		}
		ret = -1;
		goto out;
	}
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	res->status = WIFSIGNALED(status) ? 128 + WTERMSIG(status)
					  : WEXITSTATUS(status);
	ret = sink_finish(&out, &res->out, &res->out_len);
	if (!ret)
		ret = sink_finish(&err, &res->err, &res->err_len);
out:
	free(out.data);
	free(err.data);
	return ret;
}

int run_child(const char *const argv[], const struct run_options *opts,
	      struct run_result *res)
{
	static const struct run_options defaults;
	int pipes[3][2] = { { -1, -1 }, { -1, -1 }, { -1, -1 } };
	char **env = NULL;
	int ret = -1;

	if (!opts)
		opts = &defaults;
	memset(res, 0, sizeof(*res));
	for (int i = 0; i < 3; i++) {
		if (pipe2(pipes[i], O_CLOEXEC) < 0) {
			hw_errno("cannot make a pipe for %s", argv[0]);
			goto out;
		}
	}
	env = env_make(opts->env);
	if (!env) {
		hw_error("out of memory starting %s", argv[0]);
		goto out;
	}
	ret = run_forked(argv, opts, res, env, pipes);
	if (ret)
		run_result_free(res);
out:
	for (int i = 0; i < 3; i++) {
		close_fd(&pipes[i][0]);
		close_fd(&pipes[i][1]);
	}
	free(env);
	return ret;
}

void run_result_free(struct run_result *res)
{
	free(res->out);
	free(res->err);
	memset(res, 0, sizeof(*res));
}

int run_capture(const char *const argv[], const char *dir, char **out)
{
	const struct run_options opts = { .dir = dir };
	struct run_result res;

	*out = NULL;
	if (run_child(argv, &opts, &res))
		return -1;
	if (res.status) {
		/* git's second word says more than its name: "git merge-tree". */
		hw_error("%s%s%s failed (%d): %.*s", argv[0], argv[1] ? " " : "",
			 argv[1] ? argv[1] : "", res.status,
			 (int)strcspn(res.err, "\n"), res.err);
		run_result_free(&res);
		return -1;
	}
	*out = res.out;
	res.out = NULL;
	run_result_free(&res);
	return 0;
}

int run_quiet(const char *const argv[], const char *dir)
{
	char *out;
	int ret = run_capture(argv, dir, &out);

	free(out);
	return ret;
}
