/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The one module that starts child processes: argument vectors, never a shell.
 */
#ifndef HEADWAY_RUN_H
#define HEADWAY_RUN_H

#include <stddef.h>

struct run_options {
	const char *dir;	/* working directory; NULL: ours */
	const char *input;	/* file to read as stdin; NULL: /dev/null */
	const char *const *env;	/* "NAME=value" to add, NULL at the end; may be NULL */
	unsigned int timeout;	/* seconds; 0: no limit */
	void (*tick)(void *arg);	/* called about five times a second; may be NULL */
	void *tick_arg;
};

struct run_result {
	int status;	/* exit code; 128 + number if a signal ended it */
	char *out;	/* what it wrote to stdout, NUL at the end */
	size_t out_len;
	char *err;	/* what it wrote to stderr, NUL at the end */
	size_t err_len;
};

/**
 * run_child() - start a program, wait for it, keep what it wrote
 * @argv: program (searched in PATH) and arguments, NULL at the end
 * @opts: how to run it; NULL for the defaults
 * @res: what came out; free it with run_result_free()
 *
 * The child gets LC_ALL=C; it is told to end if we die.
 * A program that ran is a success of this function whatever its exit code is.
 *
 * Return: 0, or -1 after an hw_error(): it could not be started, or the time
 * limit passed.
 */
int run_child(const char *const argv[], const struct run_options *opts,
	      struct run_result *res);

/** run_result_free() - free what run_child() allocated; @res may be reused */
void run_result_free(struct run_result *res);

/**
 * run_capture() - run a program and hand out its stdout
 * @argv: as for run_child()
 * @dir: working directory, or NULL
 * @out: set to the NUL-terminated output, to be freed; NULL on failure
 *
 * Return: 0; -1 after an error that quotes the program's stderr if it could not
 * be run or its exit code is not 0.
 */
int run_capture(const char *const argv[], const char *dir, char **out);

/** run_quiet() - as run_capture(), throwing the output away */
int run_quiet(const char *const argv[], const char *dir);

#endif /* HEADWAY_RUN_H */
