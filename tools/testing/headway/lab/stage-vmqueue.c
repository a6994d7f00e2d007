// SPDX-License-Identifier: GPL-2.0-only
/*
 * Stages: what a process says that is not so when it binds; two of its queues that
 * bind at a time; and queues and files that go while something waits in them.
 */

#include <errno.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <drm/drm.h>
#include <drm/msm_drm.h>

#include "lab.h"
#include "vm.h"

#ifdef MSM_PARAM_EN_VM_BIND

#define SHRINK		"/sys/kernel/debug/dri/0/shrink"
#define QUARTER		(BO_SIZE / 4)
/* So long the others have for what they do before the fence is signalled. */
#define HEAD_START_US	300000

static int skip(struct lab *lab)
{
	struct vm vm;
	int ret = vm_new(&vm);

	if (ret == SKIPPED)
		return one_for_all(lab);
	check(!ret);
	close(vm.fd);
	return 0;
}

static struct drm_msm_vm_bind_op map_op(uint32_t handle)
{
	return (struct drm_msm_vm_bind_op){
		.op = MSM_VM_BIND_OP_MAP, .handle = handle,
		.iova = DATA_IOVA, .range = BO_SIZE,
	};
}

static int second_queue(struct vm *vm, struct vm *second)
{
	struct drm_msm_submitqueue queue = { .flags = MSM_SUBMITQUEUE_VM_BIND };

	check(!gpu_ioctl(vm->fd, DRM_IOCTL_MSM_SUBMITQUEUE_NEW, &queue));
	*second = *vm;
	second->queue = queue.id;
	return 0;
}

/* What is refused leaves no buffer, and a VM that works. */
static int refused(struct vm *vm, struct drm_msm_vm_bind_op *ops, uint32_t n)
{
	int fence_fd;

	check(vm_bind(vm, ops, n, -1, NULL) == -EINVAL);
	check(!vm_bind(vm, ops, 1, -1, &fence_fd));
	return vm_fence_done(fence_fd);
}

/** stage_vm_bind_bad() - buffers that there are not, and ranges outside of them */
int stage_vm_bind_bad(struct lab *lab)
{
	struct drm_msm_vm_bind_op ops[3], bad;
	int64_t before;
	uint32_t handle;
	struct vm vm;
	int i, ret;

	ret = skip(lab);
	if (ret)
		return ret;
	check(!vm_new(&vm));
	check(!nr_objects(&before));
	check(!vm_new_handle(&vm, &handle));
	for (i = 0; i < 3; i++)
		ops[i] = map_op(handle);

	/* The handle, of one op and among others. */
	bad = map_op(handle + 1000);
	check(vm_bind(&vm, &bad, 1, -1, NULL) == -EINVAL);
	ops[1] = bad;
	check(!refused(&vm, ops, 3));

	/* The range, and the offset that makes it small again by going around. */
	ops[1] = map_op(handle);
	ops[1].range *= 2;
	check(!refused(&vm, ops, 3));
	ops[1].obj_offset = -(uint64_t)BO_SIZE;
	check(!refused(&vm, ops, 3));
	close(vm.fd);
	return count_becomes(before);
}

/*
 * One queue maps, when a fence is signalled; another unmaps all or a part of that.
 * Nothing is there then: something else can be mapped, and the VM goes on.
 */
static int map_then_unmap(uint64_t range)
{
	int timeline = timeline_open(), turn, mapped, unmapped, fence_fd;
	struct drm_msm_vm_bind_op op, unmap = {
		.op = MSM_VM_BIND_OP_UNMAP, .iova = DATA_IOVA, .range = range,
	};
	struct vm vm, second;
	uint32_t handle;

	check(timeline >= 0);
	check(!vm_new(&vm));
	check(!second_queue(&vm, &second));
	check(!vm_new_handle(&vm, &handle));
	turn = timeline_fence(timeline, 1);
	check(turn >= 0);
	op = map_op(handle);
	check(!vm_bind(&vm, &op, 1, turn, &mapped));
	close(turn);
	check(!vm_bind(&second, &unmap, 1, -1, &unmapped));
	sleep_us(HEAD_START_US);
	check(!timeline_step(timeline));
	close(timeline);
	check(!vm_fence_done(mapped));
	check(!vm_fence_done(unmapped));

	op.range = range;
	check(!vm_bind(&second, &op, 1, -1, &fence_fd));
	check(!vm_fence_done(fence_fd));
	check(!vm_bind(&vm, &op, 1, -1, &fence_fd));
	check(!vm_fence_done(fence_fd));
	close(vm.fd);
	return 0;
}

/* What waits to be unmapped is not evicted meanwhile. */
static int unmap_then_evict(void)
{
	int timeline = timeline_open(), turn, fence_fd;
	struct drm_msm_vm_bind_op op;
	uint32_t handle;
	int64_t before;
	struct vm vm;

	check(timeline >= 0);
	check(!vm_new(&vm));
	check(!vm_new_handle(&vm, &handle));
	check(!write_file(SHRINK, "64"));
	before = nr_resident();
	op = map_op(handle);
	check(!vm_bind(&vm, &op, 1, -1, &fence_fd));
	check(!vm_fence_done(fence_fd));
	check(nr_resident() == before + 1);

	turn = timeline_fence(timeline, 1);
	check(turn >= 0);
	op.op = MSM_VM_BIND_OP_UNMAP;
	op.handle = 0;
	check(!vm_bind(&vm, &op, 1, turn, &fence_fd));
	close(turn);
	check(!write_file(SHRINK, "64"));
	check(nr_resident() == before + 1);
	check(!timeline_step(timeline));
	close(timeline);
	check(!vm_fence_done(fence_fd));
	check(!write_file(SHRINK, "64"));
	check(nr_resident() == before);
	close(vm.fd);
	return 0;
}

/** stage_vm_queues() - what waits for a fence, and what others do meanwhile */
int stage_vm_queues(struct lab *lab)
{
	int ret = skip(lab);

	if (ret)
		return ret;
	check(!make_swap());
	check(!unmap_then_evict());
	check(!map_then_unmap(BO_SIZE));
	return map_then_unmap(QUARTER);
}

/*
 * A queue is removed, and the file closed, while a job waits for a fence in it. That
 * job is done all the same: its own fence is signalled.
 */
static int remove_busy(void)
{
	int timeline = timeline_open(), turn, fence_fd, status;
	struct drm_msm_vm_bind_op op;
	struct vm vm, second;
	uint32_t handle;
	int64_t before;
	pid_t pid;

	check(timeline >= 0);
	check(!vm_new(&vm));
	check(!nr_objects(&before));
	check(!second_queue(&vm, &second));
	check(!vm_new_handle(&vm, &handle));
	turn = timeline_fence(timeline, 1);
	check(turn >= 0);
	op = map_op(handle);
	check(!vm_bind(&second, &op, 1, turn, &fence_fd));
	close(turn);
	pid = fork();
	check(pid >= 0);
	if (!pid) {
		close(vm.fd);
		sleep_us(HEAD_START_US);
		_exit(timeline_step(timeline) ? 1 : 0);
	}
	check(!gpu_queue_free(vm.fd, second.queue));
	close(vm.fd);
	check(waitpid(pid, &status, 0) == pid && !status);
	close(timeline);
	check(!vm_fence_done(fence_fd));
	return count_becomes(before);
}

/* In a process of its own: bind when the fence is signalled, and do not wait for it. */
static int bind_and_leave(int turn, int done)
{
	struct drm_msm_vm_bind_op op;
	uint32_t handle;
	struct vm vm;

	check(!vm_new(&vm));
	check(!vm_new_handle(&vm, &handle));
	op = map_op(handle);
	check(!vm_bind(&vm, &op, 1, turn, NULL));
	check(write(done, "", 1) == 1);
	return 0;
}

/*
 * A process exits, or is killed, while its job waits for a fence. When that is
 * signalled, nothing is left of either.
 */
static int exit_busy(bool killed)
{
	int timeline = timeline_open(), turn, status, done[2];
	int64_t before;
	char c;
	pid_t pid;

	check(timeline >= 0);
	check(!nr_objects(&before));
	turn = timeline_fence(timeline, 1);
	check(turn >= 0);
	check(!pipe(done));
	pid = fork();
	check(pid >= 0);
	if (!pid) {
		status = bind_and_leave(turn, done[1]);
		while (killed && !status)
			pause();
		_exit(status ? 1 : 0);
	}
	close(done[1]);
	check(read(done[0], &c, 1) == 1);
	close(done[0]);
	if (killed)
		check(!kill(pid, SIGKILL));
	check(waitpid(pid, &status, 0) == pid);
	check(killed ? WIFSIGNALED(status) : !status);
	close(turn);
	check(!timeline_step(timeline));
	close(timeline);
	return count_becomes(before);
}

/** stage_vm_closed() - queues and files that go while a job waits in them */
int stage_vm_closed(struct lab *lab)
{
	int ret = skip(lab);

	if (ret)
		return ret;
	check(!exit_busy(false));
	check(!exit_busy(true));
	return remove_busy();
}

#else

/** stage_vm_bind_bad() - this kernel has no VM_BIND */
int stage_vm_bind_bad(struct lab *lab)
{
	(void)lab;
	return no_vm_bind();
}

/** stage_vm_queues() - this kernel has no VM_BIND */
int stage_vm_queues(struct lab *lab)
{
	(void)lab;
	return no_vm_bind();
}

/** stage_vm_closed() - this kernel has no VM_BIND */
int stage_vm_closed(struct lab *lab)
{
	(void)lab;
	return no_vm_bind();
}

#endif
