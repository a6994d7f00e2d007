// SPDX-License-Identifier: GPL-2.0-only
/* The msm driver's ioctls. */

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include <drm/drm.h>
#include <drm/msm_drm.h>
#include <linux/sync_file.h>

#include "lab.h"
#include "nop.h"

#define MAX_BOS		64

/* None is where a relocation may be. */
static const struct drm_msm_gem_submit_reloc bad_relocs[MAX_RELOCS] = {
	[0 ... MAX_RELOCS - 1] = { .submit_offset = 1 },
};

static int call(int fd, unsigned long req, void *arg)
{
	int ret;

	do {
		ret = ioctl(fd, req, arg);
	} while (ret && (errno == EINTR || errno == EAGAIN));

	return ret ? -errno : 0;
}

/**
 * gpu_open() - open the GPU's render node
 *
 * Return: file descriptor or -errno. The driver loads the GPU in the first one
 * that asks it for a parameter.
 */
int gpu_open(void)
{
	int fd = open("/dev/dri/renderD128", O_RDWR | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

/**
 * gpu_param() - ask for a parameter
 * @fd: of the GPU
 * @param: MSM_PARAM_*
 * @value: where to put it
 */
int gpu_param(int fd, uint32_t param, uint64_t *value)
{
	struct drm_msm_param req = { .pipe = MSM_PIPE_3D0, .param = param };
	int ret = call(fd, DRM_IOCTL_MSM_GET_PARAM, &req);

	*value = req.value;
	return ret;
}

static int info(int fd, uint32_t handle, uint32_t what, uint64_t *value)
{
	struct drm_msm_gem_info req = { .handle = handle, .info = what };
	int ret = call(fd, DRM_IOCTL_MSM_GEM_INFO, &req);

	*value = req.value;
	return ret;
}

/**
 * gpu_bo_new() - make a buffer object and map it
 * @fd: of the GPU
 * @bo: filled in
 * @size: in bytes
 */
int gpu_bo_new(int fd, struct bo *bo, uint32_t size)
{
	struct drm_msm_gem_new req = { .size = size, .flags = MSM_BO_WC };
	uint64_t offset;
	int ret;

	memset(bo, 0, sizeof(*bo));
	ret = call(fd, DRM_IOCTL_MSM_GEM_NEW, &req);
	if (ret)
		return ret;

	bo->handle = req.handle;
	bo->size = size;
	ret = info(fd, bo->handle, MSM_INFO_GET_IOVA, &bo->iova);
	if (!ret)
		ret = info(fd, bo->handle, MSM_INFO_GET_OFFSET, &offset);
	if (!ret) {
		bo->map = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED,
			       fd, offset);
		if (bo->map == MAP_FAILED) {
			bo->map = NULL;
			ret = -errno;
		}
	}
	if (ret)
		gpu_bo_free(fd, bo);
	return ret;
}

/**
 * gpu_bo_free() - let a buffer object go
 * @fd: of the GPU
 * @bo: may be one that was never made
 */
void gpu_bo_free(int fd, struct bo *bo)
{
	struct drm_gem_close req = { .handle = bo->handle };

	if (bo->map)
		munmap(bo->map, bo->size);
	if (bo->handle)
		call(fd, DRM_IOCTL_GEM_CLOSE, &req);
	memset(bo, 0, sizeof(*bo));
}

/**
 * gpu_bo_madvise() - say whether a buffer's content is still needed
 * @fd: of the GPU
 * @bo: the buffer
 * @needed: false: it may be purged
 * @retained: whether its content was still there
 */
int gpu_bo_madvise(int fd, struct bo *bo, bool needed, bool *retained)
{
	struct drm_msm_gem_madvise req = {
		.handle = bo->handle,
		.madv = needed ? MSM_MADV_WILLNEED : MSM_MADV_DONTNEED,
	};
	int ret = call(fd, DRM_IOCTL_MSM_GEM_MADVISE, &req);

	*retained = req.retained;
	return ret;
}

/**
 * gpu_queue_new() - make a queue
 * @fd: of the GPU
 * @prio: priority, 0 is the highest
 * @id: where to put its number
 */
int gpu_queue_new(int fd, uint32_t prio, uint32_t *id)
{
	struct drm_msm_submitqueue req = { .prio = prio };
	int ret = call(fd, DRM_IOCTL_MSM_SUBMITQUEUE_NEW, &req);

	*id = req.id;
	return ret;
}

/**
 * gpu_queue_free() - let a queue go
 * @fd: of the GPU
 * @id: its number
 */
int gpu_queue_free(int fd, uint32_t id)
{
	return call(fd, DRM_IOCTL_MSM_SUBMITQUEUE_CLOSE, &id);
}

static uint32_t pkt7(uint32_t op, uint32_t count)
{
	/* Bits 15 and 23: odd parity of the count and of the opcode. */
	return 7U << 28 | count | (!__builtin_parity(count) << 15) |
		op << 16 | ((uint32_t)!__builtin_parity(op) << 23);
}

/* Write the packets of a job. Return: their size in bytes. */
static uint32_t compose(uint32_t *dw, const struct job *job)
{
	uint32_t *start = dw;

	if (job->busy_us || job->hang) {
		*dw++ = pkt7(0x10, 3);			/* CP_NOP */
		*dw++ = VADRENO_NOP_MAGIC;
		*dw++ = job->hang ? VADRENO_NOP_HANG : VADRENO_NOP_BUSY;
		*dw++ = job->busy_us;
	}
	if (job->target) {
		uint64_t iova = job->target->iova + 4 * job->index;

		*dw++ = pkt7(0x3d, 3);			/* CP_MEM_WRITE */
		*dw++ = iova;
		*dw++ = iova >> 32;
		*dw++ = job->value;
	}
	if (dw == start) {
		*dw++ = pkt7(0x10, 1);
		*dw++ = 0;
	}
	return 4 * (dw - start);
}

static unsigned int name_bos(struct drm_msm_gem_submit_bo *list,
			     const struct bo *cmds, const struct job *job)
{
	unsigned int n = 0, i;

	list[n++] = (struct drm_msm_gem_submit_bo){
		.flags = MSM_SUBMIT_BO_READ | MSM_SUBMIT_BO_DUMP,
		.handle = cmds->handle,
		/* Only if it is not where it was, 6.1 looks at the relocations. */
		.presumed = job->bad_relocs ? 0 : cmds->iova,
	};
	if (job->target)
		list[n++] = (struct drm_msm_gem_submit_bo){
			.flags = MSM_SUBMIT_BO_WRITE,
			.handle = job->target->handle,
			.presumed = job->target->iova,
		};
	for (i = 0; i < job->nr_bos && n < MAX_BOS; i++)
		list[n++] = (struct drm_msm_gem_submit_bo){
			.flags = MSM_SUBMIT_BO_READ | MSM_SUBMIT_BO_WRITE,
			.handle = job->bos[i].handle,
			.presumed = job->bos[i].iova,
		};
	return n;
}

/**
 * gpu_submit() - hand a job to the GPU
 * @fd: of the GPU
 * @queue: where to
 * @cmds: buffer to write its packets to, not in use
 * @job: the job
 * @fence: where to put its fence's number
 * @fence_fd: where to put a file that stands for its fence, or NULL
 */
int gpu_submit(int fd, uint32_t queue, struct bo *cmds, const struct job *job,
	       uint32_t *fence, int *fence_fd)
{
	struct drm_msm_gem_submit_bo bos[MAX_BOS];
	struct drm_msm_gem_submit_cmd cmd = {
		.type = MSM_SUBMIT_CMD_BUF,
		.size = compose(cmds->map, job),
		.nr_relocs = job->bad_relocs,
		.relocs = (uintptr_t)bad_relocs,
	};
	struct drm_msm_gem_submit req = {
		.flags = MSM_PIPE_3D0 |
			 (job->after ? MSM_SUBMIT_FENCE_FD_IN : 0) |
			 (fence_fd ? MSM_SUBMIT_FENCE_FD_OUT : 0),
		.nr_bos = name_bos(bos, cmds, job),
		.bos = (uintptr_t)bos,
		.nr_cmds = 1,
		.cmds = (uintptr_t)&cmd,
		.queueid = queue,
		.fence_fd = job->after ?: -1,
	};
	int ret = call(fd, DRM_IOCTL_MSM_GEM_SUBMIT, &req);

	*fence = req.fence;
	if (fence_fd)
		*fence_fd = ret ? -1 : req.fence_fd;
	return ret;
}

/**
 * gpu_wait() - wait for a fence
 * @fd: of the GPU
 * @queue: where its job was handed in
 * @fence: its number
 * @timeout_us: how long
 *
 * Return: 0, -ETIMEDOUT, or another error.
 */
int gpu_wait(int fd, uint32_t queue, uint32_t fence, int64_t timeout_us)
{
	struct drm_msm_wait_fence req = { .fence = fence, .queueid = queue };
	int64_t end = now_us() + timeout_us;

	req.timeout.tv_sec = end / 1000000;
	req.timeout.tv_nsec = end % 1000000 * 1000;
	return call(fd, DRM_IOCTL_MSM_WAIT_FENCE, &req);
}

/**
 * fence_fd_wait() - wait for a fence that a file stands for
 * @fd: the file
 * @timeout_ms: how long
 *
 * Return: 0 or -ETIME.
 */
int fence_fd_wait(int fd, int timeout_ms)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	int ret = poll(&p, 1, timeout_ms);

	return ret < 0 ? -errno : ret ? 0 : -ETIME;
}

/**
 * fence_fd_status() - what became of a fence
 * @fd: the file that stands for it
 *
 * Return: 1: signalled, 0: not yet, or the error it was signalled with.
 */
int fence_fd_status(int fd)
{
	struct sync_file_info req = { .num_fences = 0 };
	int ret = call(fd, SYNC_IOC_FILE_INFO, &req);

	return ret ? ret : req.status;
}

/**
 * gpu_run() - run a job and wait for it
 * @fd: of the GPU
 * @queue: where to
 * @job: the job
 *
 * Return: 0 or -errno.
 */
int gpu_run(int fd, uint32_t queue, const struct job *job)
{
	uint32_t fence;
	struct bo cmds;
	int ret;

	ret = gpu_bo_new(fd, &cmds, 4096);
	if (ret)
		return ret;
	ret = gpu_submit(fd, queue, &cmds, job, &fence, NULL);
	if (!ret)
		ret = gpu_wait(fd, queue, fence, 5000000);
	gpu_bo_free(fd, &cmds);
	return ret;
}

/**
 * gpu_ioctl() - an ioctl that the functions above have no use for
 * @fd: of the GPU
 * @req: DRM_IOCTL_MSM_*
 * @arg: its argument
 */
int gpu_ioctl(int fd, unsigned long req, void *arg)
{
	return call(fd, req, arg);
}

/**
 * gpu_compose() - write the packets of a job
 * @dw: where to
 * @job: the job
 *
 * Return: their size in bytes.
 */
uint32_t gpu_compose(uint32_t *dw, const struct job *job)
{
	return compose(dw, job);
}

/* drivers/dma-buf/sw_sync.c has these for itself */
struct sw_sync_create_fence_data {
	uint32_t value;
	char name[32];
	int32_t fence;
};

#define SW_SYNC_IOC_CREATE_FENCE \
	_IOWR('W', 0, struct sw_sync_create_fence_data)
#define SW_SYNC_IOC_INC		_IOW('W', 1, uint32_t)

/**
 * timeline_open() - a device that has fences of its own, which the client signals
 *
 * Return: a file, or -errno.
 */
int timeline_open(void)
{
	int fd = open("/sys/kernel/debug/sync/sw_sync", O_RDWR | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

/**
 * timeline_fence() - a new fence
 * @timeline: the device
 * @turn: how many calls of timeline_step() it is signalled by
 *
 * Return: the fence's file, or -errno.
 */
int timeline_fence(int timeline, uint32_t turn)
{
	struct sw_sync_create_fence_data req = { .value = turn };
	int ret = call(timeline, SW_SYNC_IOC_CREATE_FENCE, &req);

	return ret ? ret : req.fence;
}

/**
 * timeline_step() - signal the next fence
 * @timeline: the device
 *
 * Return: 0 or -errno.
 */
int timeline_step(int timeline)
{
	uint32_t step = 1;

	return call(timeline, SW_SYNC_IOC_INC, &step);
}
