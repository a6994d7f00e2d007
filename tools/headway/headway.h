/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What every command of headway shares: exit codes, messages, the commands.
 */
#ifndef HEADWAY_H
#define HEADWAY_H

#include <stdbool.h>
#include <stddef.h>

/* Exit codes, documented in headway(1). Keep the two in step. */
enum hw_exit {
	HW_OK = 0,	/* all is well */
	HW_FINDING = 1,	/* it ran; a change fails, an id differs, a patch conflicts */
	HW_USAGE = 2,	/* the command line is wrong */
	HW_BAD_INPUT = 3, /* a topic, base, tarball or repository is malformed */
	HW_ENV = 4,	/* the machine: disk full, no network, missing program */
	HW_BUSY = 5,	/* another headway holds the repository */
};

/* Set by the global options -q and --porcelain before a command runs. */
extern bool hw_quiet;
extern bool hw_porcelain;

/*
 * Messages go to stderr as "headway: error: ...", one line each. hw_error()
 * and hw_errno() return -1, so that callers may "return hw_error(...)".
 * hw_errno() appends strerror(errno). hw_git_error() appends libgit2's last
 * message. hw_hint() says what to do next.
 */
int hw_error(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
int hw_errno(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
int hw_git_error(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void hw_hint(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* A line for people on stdout; silent with -q or --porcelain. */
void hw_say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Exit code to use for the failure that hw_error() and friends reported last. */
void hw_set_exit(enum hw_exit code);
enum hw_exit hw_exit_code(void);

/* Where things are, found from the environment or the working directory. */
struct hw_paths {
	char *top;	/* the checkout: holds topics/ and bases/ */
	char *repo;	/* the fork's repository: <top>/build/linux.git */
	char *build;	/* <top>/build */
};

extern struct hw_paths hw_paths;

/* One function a command; argv[0] is the command's name. Returns an exit code. */
int cmd_import(int argc, char **argv);
int cmd_build(int argc, char **argv);
int cmd_status(int argc, char **argv);
int cmd_checkout(int argc, char **argv);
int cmd_save(int argc, char **argv);
int cmd_apply(int argc, char **argv);
int cmd_verify(int argc, char **argv);
int cmd_series(int argc, char **argv);
int cmd_send(int argc, char **argv);
int cmd_trailers(int argc, char **argv);
int cmd_export(int argc, char **argv);
int cmd_lint(int argc, char **argv);
int cmd_abi(int argc, char **argv);

#endif /* HEADWAY_H */
