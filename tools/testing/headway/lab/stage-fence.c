// SPDX-License-Identifier: GPL-2.0-only
/* Stage: a fence that outlives its queue, its file and its device. */

#include <errno.h>
#include <unistd.h>

#include "lab.h"

#define BUSY_US		200000

/* A job's fence, as a file; what it came from is gone on return. */
static int orphan(bool keep_file, int *fence_fd, int *gpu_fd)
{
	struct job job = { .busy_us = BUSY_US };
	int fd = gpu_open();
	uint32_t queue, fence;
	struct bo cmds;

	check(fd >= 0);
	check(!gpu_queue_new(fd, 0, &queue));
	check(!gpu_bo_new(fd, &cmds, 4096));
	check(!gpu_submit(fd, queue, &cmds, &job, &fence, fence_fd));
	check(!gpu_queue_free(fd, queue));
	gpu_bo_free(fd, &cmds);
	if (keep_file)
		*gpu_fd = fd;
	else
		close(fd);
	return 0;
}

/** stage_fence() - fences wait, signal and can be asked, whatever went */
int stage_fence(struct lab *lab)
{
	int without_queue, without_file, fd;

	(void)lab;
	check(!orphan(true, &without_queue, &fd));
	check(!orphan(false, &without_file, NULL));
	/* Later drivers may wait for the jobs of a queue that is closed. */
	lab_say("fence was %s when its queue was gone",
		fence_fd_wait(without_queue, 0) ? "pending" : "signalled");
	check(!fence_fd_wait(without_queue, 5000));
	lab_say("fence status %d", fence_fd_status(without_queue));
	check(fence_fd_status(without_queue) != 0);
	close(fd);
	check(!fence_fd_wait(without_file, 5000));
	check(fence_fd_status(without_file) != 0);
	/* Once more, when the job that it belongs to is long freed. */
	sleep_us(100000);
	check(fence_fd_status(without_queue) != 0);
	close(without_queue);
	close(without_file);
	return 0;
}
