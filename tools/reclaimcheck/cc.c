// SPDX-License-Identifier: GPL-2.0-only
/*
 * reclaimcheck-cc: the compiler of a kernel build that is to be analysed.
 *
 * "make LLVM=-19 CC=reclaimcheck-cc": a compilation of a C file of the kernel
 * proper gives a skeleton in place of the object; everything else is clang's
 * own. The skeleton being the object, make, ccache, distcc and icecream treat
 * it as one: nothing but the compiler's output travels.
 */
#include <errno.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ir.h"

#ifndef RC_CLANG
#define RC_CLANG "clang-19"
#endif

struct job {
	const char *out, *in;
	bool compile, other;
};

static bool ends(const char *s, const char *tail)
{
	size_t n = strlen(s), t = strlen(tail);

	return n >= t && !strcmp(s + n - t, tail);
}

/* Code that does not run as part of the kernel, or is copied out of objects. */
static bool foreign(const char *out)
{
	static const char *const dirs[] = {
		"/vdso", "scripts/", "/libstub/", "/pi/", "/hyp/nvhe/",
		".tmp_", "/purgatory/", "/boot/",
	};

	for (size_t i = 0; i < sizeof(dirs) / sizeof(*dirs); i++)
		if (strstr(out, dirs[i]))
			return true;
	return false;
}

static bool takes_argument(const char *a)
{
	static const char *const opt[] = {
		"-I", "-D", "-U", "-include", "-isystem", "-x", "-Xclang",
		"-mllvm", "-target", "-MF", "-MT", "-MQ", "-idirafter",
		"-iquote", "-arch",
	};

	for (size_t i = 0; i < sizeof(opt) / sizeof(*opt); i++)
		if (!strcmp(a, opt[i]))
			return true;
	return false;
}

static void look(int argc, char **argv, struct job *job)
{
	for (int i = 1; i < argc; i++) {
		const char *a = argv[i];

		if (!strcmp(a, "-c"))
			job->compile = true;
		else if (!strcmp(a, "-S") || !strcmp(a, "-E") || !strcmp(a, "-emit-llvm"))
			job->other = true;
		else if (!strcmp(a, "-o") && i + 1 < argc)
			job->out = argv[++i];
		else if (takes_argument(a))
			i++;
		else if (*a != '-' && (job->in || !(ends(a, ".c") || ends(a, ".i"))))
			job->other = true;
		else if (*a != '-')
			job->in = a;
	}
}

static int read_all(int fd, char **data, size_t *len)
{
	size_t cap = 0;
	ssize_t n;

	*data = NULL;
	*len = 0;
	do {
		if (cap - *len < 65536)
			*data = rc_grow(*data, &cap, *len + 65536, 1);
		n = read(fd, *data + *len, cap - *len);
		if (n > 0)
			*len += (size_t)n;
	} while (n > 0 || (n < 0 && errno == EINTR));
	return n < 0 ? rc_errno("reading the compiler's output") : 0;
}

/* Runs clang for bitcode and gives its exit status and what it wrote. */
static int compile(int argc, char **argv, char **data, size_t *len)
{
	char **args = rc_alloc((size_t)(argc + 8) * sizeof(*args));
	posix_spawn_file_actions_t fa;
	int fds[2], n = 0, status, err;
	pid_t pid;

	args[n++] = RC_CLANG;
	for (int i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "-o"))
			i++;
		else
			args[n++] = argv[i];
	}
	args[n++] = "-emit-llvm";
	args[n++] = "-Xclang";
	args[n++] = "-disable-llvm-passes";
	args[n++] = "-o";
	args[n++] = "-";
	if (pipe(fds)) {
		free(args);
		return rc_errno("pipe");
	}
	posix_spawn_file_actions_init(&fa);
	posix_spawn_file_actions_adddup2(&fa, fds[1], 1);
	posix_spawn_file_actions_addclose(&fa, fds[0]);
	posix_spawn_file_actions_addclose(&fa, fds[1]);
	err = posix_spawnp(&pid, RC_CLANG, &fa, NULL, args, environ);
	posix_spawn_file_actions_destroy(&fa);
	free(args);
	close(fds[1]);
	if (err) {
		close(fds[0]);
		errno = err;
		return rc_errno("%s", RC_CLANG);
	}
	err = read_all(fds[0], data, len);
	close(fds[0]);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (err)
		return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : RC_ENV;
}

/* For work on reclaimcheck itself: the bitcode beside the skeleton. */
static int keep_bitcode(const char *out, const char *data, size_t len)
{
	char *path;
	int ret;

	if (!getenv("RECLAIMCHECK_KEEP_BITCODE"))
		return 0;
	path = rc_printf("%s.bc", out);
	ret = rc_write_file(path, data, len);
	free(path);
	return ret;
}

static int extract(const char *name, const char *out, const char *data, size_t len)
{
	size_t size = 0;
	char *sk = ir_extract(name, data, len, &size);
	int ret = RC_ENV;

	if (sk && !rc_write_file(out, sk, size))
		ret = RC_OK;
	free(sk);
	return ret;
}

/* "reclaimcheck-cc --extract IN.bc OUT": the second half alone. */
static int extract_file(const char *in, const char *out)
{
	char *data = NULL;
	size_t len = 0;
	int ret = RC_INPUT;

	if (!rc_read_file(in, &data, &len))
		ret = extract(in, out, data, len);
	free(data);
	return ret;
}

int main(int argc, char **argv)
{
	struct job job = {};
	char *data = NULL;
	size_t len = 0;
	int ret;

	if (argc == 4 && !strcmp(argv[1], "--extract"))
		return extract_file(argv[2], argv[3]);
	look(argc, argv, &job);
	if (!job.compile || job.other || !job.in || !job.out || foreign(job.out) ||
	    !strcmp(job.out, "/dev/null")) {
		argv[0] = RC_CLANG;
		execvp(RC_CLANG, argv);
		rc_errno("%s", RC_CLANG);
		return RC_ENV;
	}
	ret = compile(argc, argv, &data, &len);
	if (ret < 0)
		ret = RC_ENV;
	if (!ret && keep_bitcode(job.out, data, len))
		ret = RC_ENV;
	if (!ret)
		ret = extract(job.in, job.out, data, len);
	free(data);
	rc_arena_free();
	return ret;
}
