// SPDX-License-Identifier: GPL-2.0-only
/* What headway tells its user: errors, hints, lines for people. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <git2.h>

#include "headway.h"

bool hw_quiet;
bool hw_porcelain;

static enum hw_exit failure = HW_BAD_INPUT;

void hw_set_exit(enum hw_exit code)
{
	failure = code;
}

enum hw_exit hw_exit_code(void)
{
	return failure;
}

static void complain(const char *kind, const char *fmt, va_list ap,
		     const char *why)
{
	fflush(stdout);
	fprintf(stderr, "headway: %s: ", kind);
	vfprintf(stderr, fmt, ap);
	if (why)
		fprintf(stderr, ": %s", why);
	fputc('\n', stderr);
}

int hw_error(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	complain("error", fmt, ap, NULL);
	va_end(ap);
	return -1;
}

int hw_errno(const char *fmt, ...)
{
	int saved = errno;
	va_list ap;

	va_start(ap, fmt);
	complain("error", fmt, ap, strerror(saved));
	va_end(ap);
	hw_set_exit(HW_ENV);
	errno = saved;
	return -1;
}

int hw_git_error(const char *fmt, ...)
{
	const git_error *e = git_error_last();
	va_list ap;

	va_start(ap, fmt);
	complain("error", fmt, ap,
		 e && e->message ? e->message : "no reason given");
	va_end(ap);
	/* libgit2 says what the system said when a file could not be written. */
	if (e && (e->klass == GIT_ERROR_OS || e->klass == GIT_ERROR_NOMEMORY))
		hw_set_exit(HW_ENV);
	return -1;
}

void hw_hint(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	complain("hint", fmt, ap, NULL);
	va_end(ap);
}

void hw_say(const char *fmt, ...)
{
	va_list ap;

	if (hw_quiet || hw_porcelain)
		return;
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
}
