// SPDX-License-Identifier: GPL-2.0-only
/* A process that says itself which buffer is where: the ioctls for it. */

#include <errno.h>
#include <stddef.h>
#include <sys/mman.h>
#include <unistd.h>

#include "vm.h"

#ifdef MSM_PARAM_EN_VM_BIND

/**
 * vm_bind() - bind or unbind
 * @vm: the VM
 * @ops: what to
 * @n: how many of these
 * @in: a fence that is waited for, or -1
 * @out: where to put the one of this, or NULL
 *
 * Return: 0 or -errno.
 */
int vm_bind(struct vm *vm, struct drm_msm_vm_bind_op *ops, uint32_t n,
	    int in, int *out)
{
	struct drm_msm_vm_bind bind = {
		.flags = (in < 0 ? 0 : MSM_VM_BIND_FENCE_FD_IN) |
			 (out ? MSM_VM_BIND_FENCE_FD_OUT : 0),
		.nr_ops = n,
		.fence_fd = in,
		.queue_id = vm->queue,
		.op_stride = sizeof(*ops),
	};
	int ret;

	if (n == 1)
		bind.op = *ops;
	else
		bind.ops = (uintptr_t)ops;
	ret = gpu_ioctl(vm->fd, DRM_IOCTL_MSM_VM_BIND, &bind);
	if (!ret && out)
		*out = bind.fence_fd;
	return ret;
}

/**
 * vm_fence_done() - wait for a fence and close its file
 * @fence_fd: the file
 */
int vm_fence_done(int fence_fd)
{
	int ret = fence_fd_wait(fence_fd, 5000);

	close(fence_fd);
	return ret;
}

/**
 * vm_new_handle() - make a buffer that is bound nowhere
 * @vm: the VM
 * @handle: where to put its handle
 */
int vm_new_handle(struct vm *vm, uint32_t *handle)
{
	struct drm_msm_gem_new new = { .size = BO_SIZE, .flags = MSM_BO_WC };

	check(!gpu_ioctl(vm->fd, DRM_IOCTL_MSM_GEM_NEW, &new));
	*handle = new.handle;
	return 0;
}

/**
 * vm_close_handle() - let a handle go
 * @vm: the VM
 * @handle: the handle
 */
int vm_close_handle(struct vm *vm, uint32_t handle)
{
	struct drm_gem_close req = { .handle = handle };

	check(!gpu_ioctl(vm->fd, DRM_IOCTL_GEM_CLOSE, &req));
	return 0;
}

/* A buffer of the VM at an address, bound before this returns. */
static int bind_new(struct vm *vm, struct bo *bo, uint64_t iova)
{
	struct drm_msm_gem_info offset = { .info = MSM_INFO_GET_OFFSET };
	struct drm_msm_vm_bind_op op = {
		.op = MSM_VM_BIND_OP_MAP, .iova = iova, .range = BO_SIZE,
	};
	int fence_fd;

	check(!vm_new_handle(vm, &bo->handle));
	bo->size = BO_SIZE;
	bo->iova = iova;
	offset.handle = bo->handle;
	check(!gpu_ioctl(vm->fd, DRM_IOCTL_MSM_GEM_INFO, &offset));
	bo->map = mmap(NULL, BO_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, vm->fd,
		       offset.value);
	check(bo->map != MAP_FAILED);
	op.handle = bo->handle;
	check(!vm_bind(vm, &op, 1, -1, &fence_fd));
	check(!vm_fence_done(fence_fd));
	return 0;
}

/**
 * vm_submit() - hand the job in
 * @vm: the VM
 * @fence: where to put its fence's number
 *
 * Return: 0 or -errno.
 */
int vm_submit(struct vm *vm, uint32_t *fence)
{
	struct drm_msm_gem_submit_cmd cmd = {
		.type = MSM_SUBMIT_CMD_BUF,
		.size = vm->size,
		.iova = vm->cmds.iova,
	};
	struct drm_msm_gem_submit req = {
		.flags = MSM_PIPE_3D0,
		.nr_cmds = 1,
		.cmds = (uintptr_t)&cmd,
		.fence_fd = -1,
	};
	int ret = gpu_ioctl(vm->fd, DRM_IOCTL_MSM_GEM_SUBMIT, &req);

	*fence = req.fence;
	return ret;
}

/**
 * vm_new() - a file with a VM of its own
 * @vm: filled in
 *
 * Return: SKIPPED if the GPU has no page tables for each file.
 */
int vm_new(struct vm *vm)
{
	struct drm_msm_param on = {
		.pipe = MSM_PIPE_3D0, .param = MSM_PARAM_EN_VM_BIND, .value = 1,
	};
	struct drm_msm_submitqueue queue = { .flags = MSM_SUBMITQUEUE_VM_BIND };

	vm->fd = gpu_open();
	check(vm->fd >= 0);
	if (gpu_ioctl(vm->fd, DRM_IOCTL_MSM_SET_PARAM, &on) == -EINVAL) {
		close(vm->fd);
		return SKIPPED;
	}
	check(!gpu_ioctl(vm->fd, DRM_IOCTL_MSM_SUBMITQUEUE_NEW, &queue));
	vm->queue = queue.id;
	return 0;
}

/**
 * vm_open() - the same with buffers for a job
 * @vm: filled in
 * @busy_us: how long the job keeps the GPU busy
 */
int vm_open(struct vm *vm, uint32_t busy_us)
{
	struct job job = {
		.busy_us = busy_us, .target = &vm->data, .value = 42,
	};
	int ret = vm_new(vm);

	if (ret)
		return ret;
	check(!bind_new(vm, &vm->cmds, CMDS_IOVA));
	check(!bind_new(vm, &vm->data, DATA_IOVA));
	vm->size = gpu_compose(vm->cmds.map, &job);
	munmap(vm->cmds.map, BO_SIZE);
	return 0;
}

#endif
