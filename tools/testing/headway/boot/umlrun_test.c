// SPDX-License-Identifier: GPL-2.0-only
/* Tests of umlrun with shell scripts in the kernel's place. */
#define _GNU_SOURCE
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

static char log_path[] = "/tmp/umlrun_test.XXXXXX";
static char text[4096];

/* Runs @script under umlrun, with "run" for a mark; its exit code, and the log in @text. */
static int umlrun(const char *seconds, const char *script)
{
	const char *prog = getenv("UMLRUN");
	FILE *f;
	int status;
	pid_t pid = fork();

	if (!pid) {
		execl(prog ? prog : "./umlrun", "umlrun", "-t", seconds, "-m", "run",
		      "-o", log_path, "/bin/sh", "-c", script, NULL);
		_exit(127);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	f = fopen(log_path, "r");
	assert_non_null(f);
	text[fread(text, 1, sizeof(text) - 1, f)] = '\0';
	fclose(f);
	return WEXITSTATUS(status);
}

static void keeps_output(void **state)
{
	(void)state;
	assert_int_equal(umlrun("20", "echo out; echo err >&2"), 0);
	assert_string_equal(text, "out\nerr\n");
}

static void an_old_log_is_gone(void **state)
{
	(void)state;
	assert_int_equal(umlrun("20", "echo a long line of the first run"), 0);
	assert_int_equal(umlrun("20", "echo short"), 0);
	assert_string_equal(text, "short\n");
}

static void kills_a_hang(void **state)
{
	(void)state;
	assert_int_equal(umlrun("1", "echo begin; exec sleep 600"), 1);
	assert_string_equal(text, "begin\n\numlrun: killed after 1 s\n");
}

/* The first process is gone at once; its child would stay, and hold the pipe. */
static void leaves_nobody_behind(void **state)
{
	pid_t pid;

	(void)state;
	assert_int_equal(umlrun("20", "sleep 600 & echo $!"), 0);
	pid = atoi(text);
	assert_true(pid > 1);
	assert_int_equal(kill(pid, 0), -1);
	assert_int_equal(errno, ESRCH);
}

/* The text comes in two parts, half a second before the end. */
static void says_when_the_mark_came(void **state)
{
	const char *said;

	(void)state;
	assert_int_equal(umlrun("20", "sleep .3; printf ru-ru; sleep .3; echo n; sleep .5; "
				      "echo run"), 0);
	said = strstr(text, "ru-run\nrun\n\numlrun: run after ");
	assert_ptr_equal(said, text);
	assert_in_range(atoi(strrchr(text, 'r') + 2), 600, 1099);
}

static void a_mark_that_did_not_come_is_not_there(void **state)
{
	(void)state;
	assert_int_equal(umlrun("20", "echo ru; echo n"), 0);
	assert_string_equal(text, "ru\nn\n");
}

static void says_how_it_crashed(void **state)
{
	(void)state;
	assert_int_equal(umlrun("20", "kill -SEGV $$"), 0);
	assert_string_equal(text, "\numlrun: killed by itself, signal 11\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keeps_output),
		cmocka_unit_test(an_old_log_is_gone),
		cmocka_unit_test(kills_a_hang),
		cmocka_unit_test(leaves_nobody_behind),
		cmocka_unit_test(says_when_the_mark_came),
		cmocka_unit_test(a_mark_that_did_not_come_is_not_there),
		cmocka_unit_test(says_how_it_crashed),
	};
	int fd = mkstemp(log_path), ret;

	if (fd < 0)
		return 99;
	close(fd);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	ret = cmocka_run_group_tests(tests, NULL, NULL);
	unlink(log_path);
	return ret;
}
