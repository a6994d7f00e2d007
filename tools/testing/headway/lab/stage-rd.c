// SPDX-License-Identifier: GPL-2.0-only
/* Stage: who reads the dump of a hang, or does not, and what recovery makes of it. */

#include <fcntl.h>
#include <glob.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lab.h"

#define HANGRD		"/sys/kernel/debug/dri/*/hangrd"
/* What the driver keeps until it is read. */
#define RD_FIFO		512
/* Detecting the hang, one second for the reader, and some. */
#define PATIENCE_MS	12000

static int open_hangrd(void)
{
	int fd = -1;
	glob_t g;

	if (!glob(HANGRD, 0, NULL, &g)) {
		fd = open(g.gl_pathv[0], O_RDONLY | O_CLOEXEC);
		globfree(&g);
	}
	return fd;
}

/* A job that hangs; 0 if its fence was signalled in time. */
static int hang_once(void)
{
	struct job hang = { .hang = true };
	int fd = gpu_open(), fence_fd, ret;
	char dump[256];
	struct bo cmds;
	uint32_t fence;
	int64_t start;

	check(fd >= 0);
	check(!gpu_bo_new(fd, &cmds, 4096));
	start = now_us();
	check(!gpu_submit(fd, 0, &cmds, &hang, &fence, &fence_fd));
	ret = fence_fd_wait(fence_fd, PATIENCE_MS);
	lab_say("recovery took %lld us", (long long)(now_us() - start));
	close(fence_fd);
	gpu_bo_free(fd, &cmds);
	close(fd);
	/* The coredump is nothing that we want. */
	if (!ret)
		check(!find_coredump(dump, sizeof(dump)) && !write_file(dump, "0"));
	return ret;
}

/* Reads all there is, as "cat" does; counts what it got where the parent sees it. */
static pid_t reader(int rd, atomic_long *got)
{
	pid_t pid = fork();
	char buf[256];
	ssize_t n;

	if (pid)
		return pid;
	while ((n = read(rd, buf, sizeof(buf))) > 0)
		atomic_fetch_add(got, n);
	_exit(0);
}

/* He who does not read holds up nobody, gets what was kept, and then the end. */
static int not_read(void)
{
	int rd = open_hangrd(), ret;
	char buf[2 * RD_FIFO];
	ssize_t n, got = 0;

	check(rd >= 0);
	ret = hang_once();
	/* Closing it lets a driver go on that has not: */
	if (ret) {
		close(rd);
		return fail("the fence waits for who has %s open", HANGRD);
	}
	while ((n = read(rd, buf, sizeof(buf))) > 0)
		got += n;
	close(rd);
	check(!n);
	lab_say("not read in time: %zd bytes", got);
	check(got > 0 && got < RD_FIFO);
	return 0;
}

/* He who reads gets all. */
static int read_whole(void)
{
	atomic_long *got = mmap(NULL, sizeof(*got), PROT_READ | PROT_WRITE,
				MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int rd = open_hangrd(), ret;
	pid_t pid;

	check(got != MAP_FAILED && rd >= 0);
	pid = reader(rd, got);
	check(pid > 0);
	ret = hang_once();
	/* All was written when the fence was signalled; let him take the rest. */
	sleep_us(100000);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	close(rd);
	check(!ret);
	lab_say("read in time: %ld bytes", atomic_load(got));
	check(atomic_load(got) > RD_FIFO);
	munmap(got, sizeof(*got));
	return 0;
}

/** stage_hang_reader() - recovery does not wait for who reads the dump */
int stage_hang_reader(struct lab *lab)
{
	(void)lab;
	check(!read_whole());
	return not_read();
}
