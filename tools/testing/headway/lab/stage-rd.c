// SPDX-License-Identifier: GPL-2.0-only
/*
 * Stages: who reads the dump of a hang, or of each job, or does not, and what recovery
 * and jobs make of it.
 */

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <drm/drm.h>
#include <drm/msm_drm.h>
#include <linux/dma-buf.h>

#include "lab.h"

#define HANGRD		"/sys/kernel/debug/dri/*/hangrd"
#define RD		"/sys/kernel/debug/dri/*/rd"
#define GEM		"/sys/kernel/debug/dri/0/gem"
#define RECLAIM_MODE	"/sys/kernel/debug/vadreno_reclaim/mode"
/* What the driver keeps until it is read. */
#define RD_FIFO		512
/* Detecting the hang, one second for the reader, and some. */
#define PATIENCE_MS	12000

/**
 * open_dump() - open a file of debugfs that the driver dumps jobs to
 * @pattern: its path, whatever the number of the device
 *
 * Return: the file, or -1.
 */
int open_dump(const char *pattern)
{
	int fd = -1;
	glob_t g;

	if (!glob(pattern, 0, NULL, &g)) {
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
	int rd = open_dump(HANGRD), ret;
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
	int rd = open_dump(HANGRD), ret;
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

/*
 * What is known of a job that is handed in while its dump waits for the reader.
 */
struct handing_in {
	int fd;
	struct bo cmds;
	struct bo data;
	uint32_t fence;
	bool done;
	int ret;
};

static void *hand_in(void *arg)
{
	struct handing_in *h = arg;
	struct job job = { .bos = &h->data, .nr_bos = 1 };

	h->ret = gpu_submit(h->fd, 0, &h->cmds, &job, &h->fence, NULL);
	__atomic_store_n(&h->done, true, __ATOMIC_SEQ_CST);
	return NULL;
}

/* Export a buffer, and do something with that. 0 or -errno. */
static int with_export(int fd, const struct bo *bo, unsigned long req, void *arg)
{
	struct drm_prime_handle prime = { .handle = bo->handle, .flags = DRM_CLOEXEC };
	int ret = gpu_ioctl(fd, DRM_IOCTL_PRIME_HANDLE_TO_FD, &prime);

	if (ret)
		return ret;
	ret = gpu_ioctl(prime.fd, req, arg);
	close(prime.fd);
	return ret;
}

/* Is there a fence in a buffer that has not signalled? 1, 0, or -errno. */
static int in_use(int fd, const struct bo *bo)
{
	struct dma_buf_export_sync_file sync = { .flags = DMA_BUF_SYNC_RW, .fd = -1 };
	int ret = with_export(fd, bo, DMA_BUF_IOCTL_EXPORT_SYNC_FILE, &sync);

	if (ret)
		return ret;
	ret = fence_fd_status(sync.fd);
	close(sync.fd);
	return ret < 0 ? ret : !ret;
}

/**
 * stage_rd() - nobody waits for a job whose dump waits for the reader
 *
 * Its fence is in no buffer yet: the shrinker could find it there.
 */
int stage_rd(struct lab *lab)
{
	struct handing_in h = { .fd = gpu_open() };
	pthread_t thread;
	int rd, used;
	bool done;

	(void)lab;
	check(h.fd >= 0);
	check(!gpu_bo_new(h.fd, &h.cmds, 4096));
	check(!gpu_bo_new(h.fd, &h.data, 4096));
	check(!run_prompt(h.fd));
	rd = open_dump(RD);
	check(rd >= 0);
	check(!pthread_create(&thread, NULL, hand_in, &h));
	sleep_us(200000);
	done = __atomic_load_n(&h.done, __ATOMIC_SEQ_CST);
	used = in_use(h.fd, &h.data);
	close(rd);
	pthread_join(thread, NULL);
	check(!h.ret);
	check(!gpu_wait(h.fd, 0, h.fence, 5000000));
	gpu_bo_free(h.fd, &h.data);
	gpu_bo_free(h.fd, &h.cmds);
	close(h.fd);
	check(!done);
	check(!used);
	return 0;
}

/* A buffer that may go, with a fence of another device, which does not come. */
static int waited_for(int fd, int timeline, struct bo *bo)
{
	struct dma_buf_import_sync_file sync = { .flags = DMA_BUF_SYNC_WRITE };
	bool retained;

	check(!gpu_bo_new(fd, bo, 4096));
	bo->map[0] = 1;
	sync.fd = timeline_fence(timeline, 1);
	check(sync.fd >= 0);
	check(!with_export(fd, bo, DMA_BUF_IOCTL_IMPORT_SYNC_FILE, &sync));
	close(sync.fd);
	check(!gpu_bo_madvise(fd, bo, false, &retained));
	/* Who has mapped it holds it. */
	munmap(bo->map, bo->size);
	bo->map = NULL;
	return 0;
}

/* An allocation that enters the shrinkers; @arg is the file that makes them all do. */
static void *allocate(void *arg)
{
	if (write(*(int *)arg, "2", 1) != 1)
		lab_say("%s cannot be written", RECLAIM_MODE);
	close(open("/dev/null", O_RDONLY | O_CLOEXEC));
	return NULL;
}

/**
 * stage_gem_list() - buffers are listed, and it was reclaim that freed one
 *
 * While the shrinker waits for it, everybody else lets it go.
 */
int stage_gem_list(struct lab *lab)
{
	int fd = gpu_open(), timeline = timeline_open();
	int mode = open(RECLAIM_MODE, O_WRONLY | O_CLOEXEC);
	static char buf[1 << 16];
	pthread_t thread;
	struct bo bo, other;
	int64_t before;
	int after;

	(void)lab;
	check(fd >= 0 && timeline >= 0 && mode >= 0);
#ifdef MSM_PARAM_EN_VM_BIND
	lab_say("to close a handle waits for the buffer");
	close(mode);
	close(timeline);
	close(fd);
	return SKIPPED;
#endif
	/* One that the list says whose it is, if the process has page tables of its own. */
	check(!gpu_bo_new(fd, &other, 4096));
	/* What the stage before has had is dropped by now. */
	sleep_us(100000);
	check(!nr_objects(&before));
	check(!waited_for(fd, timeline, &bo));
	check(!pthread_create(&thread, NULL, allocate, &mode));
	sleep_us(30000);
	gpu_bo_free(fd, &bo);
	sleep_us(1000);
	check(write(mode, "0", 1) == 1);
	pthread_join(thread, NULL);
	check(read_file(GEM, buf, sizeof(buf)) > 0);
	after = count_becomes(before);
	gpu_bo_free(fd, &other);
	close(mode);
	close(timeline);
	close(fd);
	return after;
}
