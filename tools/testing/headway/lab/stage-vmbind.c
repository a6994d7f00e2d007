// SPDX-License-Identifier: GPL-2.0-only
/*
 * Stage: a process that says itself which buffer is where (VM_BIND), and whose
 * buffers were evicted when there is no memory to bring them back for a job.
 */

#include <errno.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <drm/drm.h>
#include <drm/msm_drm.h>

#include "lab.h"

#ifdef MSM_PARAM_EN_VM_BIND

#define SHRINK		"/sys/kernel/debug/dri/0/shrink"
#define BO_SIZE		65536
/* The driver has 4 GiB of all VMs for itself. */
#define CMDS_IOVA	0x101000000ULL
#define DATA_IOVA	0x102000000ULL
/* All of the stage takes a second; what waits for good is told from that. */
#define PATIENCE_MS	20000

/**
 * struct vm - a file with a VM of its own
 * @fd: the file
 * @queue: where buffers are bound
 * @cmds: the packets of its only job; gone from here once they are written
 * @size: of the packets, in bytes
 * @data: what the job writes to
 */
struct vm {
	int fd;
	uint32_t queue;
	struct bo cmds;
	uint32_t size;
	struct bo data;
};

/* A buffer of the VM at an address, bound before this returns. */
static int bind_new(struct vm *vm, struct bo *bo, uint64_t iova)
{
	struct drm_msm_gem_new new = { .size = BO_SIZE, .flags = MSM_BO_WC };
	struct drm_msm_gem_info offset = { .info = MSM_INFO_GET_OFFSET };
	struct drm_msm_vm_bind bind = {
		.flags = MSM_VM_BIND_FENCE_FD_OUT,
		.nr_ops = 1,
		.queue_id = vm->queue,
		.op_stride = sizeof(bind.op),
		.op = { .op = MSM_VM_BIND_OP_MAP, .iova = iova, .range = BO_SIZE },
	};

	check(!gpu_ioctl(vm->fd, DRM_IOCTL_MSM_GEM_NEW, &new));
	bo->handle = new.handle;
	bo->size = BO_SIZE;
	bo->iova = iova;
	offset.handle = new.handle;
	check(!gpu_ioctl(vm->fd, DRM_IOCTL_MSM_GEM_INFO, &offset));
	bo->map = mmap(NULL, BO_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, vm->fd,
		       offset.value);
	check(bo->map != MAP_FAILED);
	bind.op.handle = new.handle;
	check(!gpu_ioctl(vm->fd, DRM_IOCTL_MSM_VM_BIND, &bind));
	check(!fence_fd_wait(bind.fence_fd, 5000));
	close(bind.fence_fd);
	return 0;
}

static int vm_submit(struct vm *vm, uint32_t *fence)
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

/* SKIPPED if the GPU has no page tables for each file. */
static int vm_open(struct vm *vm)
{
	struct drm_msm_param on = {
		.pipe = MSM_PIPE_3D0, .param = MSM_PARAM_EN_VM_BIND, .value = 1,
	};
	struct drm_msm_submitqueue queue = { .flags = MSM_SUBMITQUEUE_VM_BIND };
	struct job job = { .target = &vm->data, .value = 42 };

	vm->fd = gpu_open();
	check(vm->fd >= 0);
	if (gpu_ioctl(vm->fd, DRM_IOCTL_MSM_SET_PARAM, &on) == -EINVAL) {
		close(vm->fd);
		return SKIPPED;
	}
	check(!gpu_ioctl(vm->fd, DRM_IOCTL_MSM_SUBMITQUEUE_NEW, &queue));
	vm->queue = queue.id;
	check(!bind_new(vm, &vm->cmds, CMDS_IOVA));
	check(!bind_new(vm, &vm->data, DATA_IOVA));
	vm->size = gpu_compose(vm->cmds.map, &job);
	munmap(vm->cmds.map, BO_SIZE);
	return 0;
}

static int run(struct vm *vm)
{
	uint32_t fence;

	vm->data.map[0] = 0;
	check(!vm_submit(vm, &fence));
	check(!gpu_wait(vm->fd, 0, fence, 5000000));
	check(vm->data.map[0] == 42);
	return 0;
}

static int evict(void)
{
	int64_t before = nr_resident();

	check(!write_file(SHRINK, "64"));
	check(nr_resident() <= before - 2);
	return 0;
}

/*
 * A job whose buffers have to come back, while the n-th allocation fails. What was
 * refused has left nothing: least of all a fence, for which the close would wait.
 */
static int submit_evicted(int n, bool *failed, bool *refused)
{
	struct vm vm;
	uint32_t fence;
	int ret;

	check(!vm_open(&vm));
	check(!run(&vm));
	check(!evict());
	check(!fail_nth(n));
	ret = vm_submit(&vm, &fence);
	*failed = failed_yet();
	check(!fail_nth(0));
	*refused = ret != 0;
	if (!ret) {
		check(!gpu_wait(vm.fd, 0, fence, 5000000));
		check(!run(&vm));
	}
	munmap(vm.data.map, BO_SIZE);
	close(vm.fd);
	return 0;
}

static int sweep(void)
{
	bool failed = true, refused;
	int n, errors = 0;

	check(!quiet_injection());
	for (n = 1; n < MAX_NTH && failed; n++) {
		check(!submit_evicted(n, &failed, &refused));
		errors += refused;
	}
	lab_say("submit: %d allocations, %d errors", n - 2, errors);
	check(n > 2 && !failed);
	check(errors > 0);
	return 0;
}

/* In a process of its own: a close that waits for good cannot be killed. */
static int run_child(void)
{
	int status, ms;
	pid_t pid = fork();

	check(pid >= 0);
	if (!pid)
		_exit(sweep() ? 1 : 0);
	for (ms = 0; ms < PATIENCE_MS; ms += 10) {
		if (waitpid(pid, &status, WNOHANG) == pid)
			return status ? fail("status %d", status) : 0;
		sleep_us(10000);
	}
	return fail("a file is being closed for %d seconds", PATIENCE_MS / 1000);
}

/** stage_vm_bind() - jobs that need evicted buffers back, when there is no memory */
int stage_vm_bind(struct lab *lab)
{
	struct vm vm;
	int ret;

	check(!make_swap());
	ret = vm_open(&vm);
	if (ret == SKIPPED) {
		lab_say("%s has one VM for all", lab->gpu);
		return SKIPPED;
	}
	check(!ret);
	ret = run(&vm);
	munmap(vm.data.map, BO_SIZE);
	close(vm.fd);
	return ret ? ret : run_child();
}

#else

/** stage_vm_bind() - this kernel has no VM_BIND */
int stage_vm_bind(struct lab *lab)
{
	(void)lab;
	lab_say("this kernel has no VM_BIND");
	return SKIPPED;
}

#endif
