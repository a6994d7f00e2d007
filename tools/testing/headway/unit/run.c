// SPDX-License-Identifier: GPL-2.0-only
/* Child processes and the writer's lock. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "file.h"
#include "lock.h"
#include "run.h"
#include "unit.h"
#include "xalloc.h"

static void captures(void **state)
{
	const char *const argv[] = { "printf", "%s|", "a b", "$HOME", "", "*", NULL };
	char *out;

	(void)state;
	assert_int_equal(run_capture(argv, NULL, &out), 0);
	assert_string_equal(out, "a b|$HOME||*|");
	free(out);
}

static void much_output(void **state)
{
	const char *const argv[] = {
		"sh", "-c", "head -c 3000000 /dev/zero; head -c 2000000 /dev/zero >&2; exit 3",
		NULL
	};
	struct run_result res;

	(void)state;
	assert_int_equal(run_child(argv, NULL, &res), 0);
	assert_int_equal(res.status, 3);
	assert_int_equal(res.out_len, 3000000);
	assert_int_equal(res.err_len, 2000000);
	run_result_free(&res);
}

/* Descriptors that a child inherits from whoever runs the test. */
static int count_inherited(void)
{
	int n = 0;

	for (int fd = 0; fd < 1024; fd++) {
		int flags = fcntl(fd, F_GETFD);

		n += flags >= 0 && !(flags & FD_CLOEXEC);
	}
	return n;
}

static void surroundings(void **state)
{
	const char *const argv[] = {
		"sh", "-c", "pwd; echo $LC_ALL $MORE; wc -c; ls /proc/self/fd | wc -l", NULL
	};
	char *want;
	const char *const env[] = { "MORE=x", NULL };
	const struct run_options opts = { .dir = "/", .env = env };
	struct run_result res;

	(void)state;
	assert_int_equal(run_child(argv, &opts, &res), 0);
	/* What we give to every child, and the folder that ls reads: no pipe of ours. */
	want = xasprintf("/\nC x\n0\n%d\n", count_inherited() + 1);
	assert_string_equal(res.out, want);
	free(want);
	run_result_free(&res);
}

static void failures(void **state)
{
	const char *const missing[] = { "no-such-program", "x", NULL };
	const char *const fails[] = {
		"sh", "-c", "echo reason >&2; echo more >&2; exit 7", NULL
	};
	const char *const killed[] = { "sh", "-c", "kill -9 $$", NULL };
	const char *const ok[] = { "true", NULL };
	struct run_result res;
	char *out;

	(void)state;
	hw_set_exit(HW_OK);
	unit_catch();
	assert_int_equal(run_quiet(missing, NULL), -1);
	unit_assert_has(unit_caught(), "cannot run no-such-program: No such file");
	assert_int_equal(hw_exit_code(), HW_ENV);
	unit_catch();
	assert_int_equal(run_quiet(ok, "/no/such/folder"), -1);
	unit_assert_has(unit_caught(), "cannot run true in /no/such/folder: No such file");
	unit_catch();
	assert_int_equal(run_capture(fails, NULL, &out), -1);
	unit_assert_has(unit_caught(), "sh -c failed (7): reason\n");
	assert_null(out);
	assert_int_equal(run_child(killed, NULL, &res), 0);
	assert_int_equal(res.status, 128 + SIGKILL);
	run_result_free(&res);
}

static void count(void *arg)
{
	*(int *)arg += 1;
}

static void time_limit(void **state)
{
	const char *const argv[] = { "sleep", "60", NULL };
	int ticks = 0;
	const struct run_options opts = {
		.timeout = 1, .tick = count, .tick_arg = &ticks,
	};
	struct run_result res;
	time_t start = time(NULL);

	(void)state;
	unit_catch();
	assert_int_equal(run_child(argv, &opts, &res), -1);
	unit_assert_has(unit_caught(), "sleep did not end within 1 seconds");
	assert_true(time(NULL) - start < 10);
	assert_true(ticks >= 3);
}

/* A killed headway leaves no child behind. */
static void dies_with_us(void **state)
{
	const char *mark = unit_path("pid"), *text;
	char *script;
	const struct timespec nap = { .tv_nsec = 20000000 };
	int status, alive = 1;
	pid_t pid, child;

	(void)state;
	script = xasprintf("echo $$ > %s.new; mv %s.new %s; exec sleep 60", mark, mark, mark);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	pid = fork();
	if (!pid) {
		const char *const argv[] = { "sh", "-c", script, NULL };

		run_quiet(argv, NULL);
		_exit(1);
	}
	for (int i = 0; i < 500 && !file_exists(mark); i++)
		nanosleep(&nap, NULL);
	text = unit_read("pid");
	assert_non_null(text);
	child = atoi(text);
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	for (int i = 0; i < 250 && alive; i++) {
		alive = waitpid(child, &status, WNOHANG) != child;
		nanosleep(&nap, NULL);
	}
	if (alive)
		kill(child, SIGKILL);
	assert_false(alive);
	prctl(PR_SET_CHILD_SUBREAPER, 0);
	free(script);
}

static void lock_excludes(void **state)
{
	struct hw_lock a = HW_LOCK_INIT, b = HW_LOCK_INIT;
	char pid[32];

	(void)state;
	snprintf(pid, sizeof(pid), "process %d", (int)getpid());
	assert_int_equal(hw_lock_take(&a, unit_dir), 0);
	unit_catch();
	assert_int_equal(hw_lock_take(&b, unit_dir), -1);
	unit_assert_has(unit_caught(), pid);
	assert_int_equal(hw_exit_code(), HW_BUSY);
	hw_lock_drop(&b);
	hw_lock_drop(&a);
	assert_int_equal(hw_lock_take(&b, unit_dir), 0);
	hw_lock_drop(&b);
	hw_lock_drop(&b);
	unit_catch();
	assert_int_equal(hw_lock_take(&a, "/no/such/folder"), -1);
	unit_assert_has(unit_caught(), "/no/such/folder/headway.lock");
	assert_int_equal(hw_exit_code(), HW_ENV);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(captures),
		UNIT(much_output),
		UNIT(surroundings),
		UNIT(failures),
		UNIT(time_limit),
		UNIT(dies_with_us),
		UNIT(lock_excludes),
	};

	return cmocka_run_group_tests_name("run", tests, NULL, NULL);
}
