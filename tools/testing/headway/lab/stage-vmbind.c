// SPDX-License-Identifier: GPL-2.0-only
/*
 * Stages: a process that says itself which buffer is where (VM_BIND), and whose
 * buffers were evicted when there is no memory to bring them back for a job; whose
 * last reference to a buffer goes with an unmap; and whose binding fails.
 */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <drm/drm.h>
#include <drm/msm_drm.h>
#include <linux/dma-heap.h>

#include "lab.h"
#include "vm.h"

#ifdef MSM_PARAM_EN_VM_BIND

#define SHRINK		"/sys/kernel/debug/dri/0/shrink"
/* How many buffers lose their last reference at a time. */
#define NR_FLIGHT	8
#define QUARTER		(BO_SIZE / 4)
/* All of the stage takes a second; what waits for good is told from that. */
#define PATIENCE_MS	20000
/* How long a job has the GPU whose file is closed. */
#define BUSY_US		100000
/* A range of nothing at all, which wants a page table for each 2 MiB. */
#define NULL_IOVA	0x140000000ULL
#define NULL_SIZE	(512 << 20)
#define NULL_TRIES	5

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

	check(!vm_open(&vm, 0));
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

/* Wait until the jobs are in the ring: what is not when a file is closed does nothing. */
static int in_ring(int64_t before)
{
	int64_t start = now_us();

	while (vadreno_stat("wptr") == before)
		check(now_us() - start < 5000000);
	return 0;
}

/*
 * A job behind another, while the n-th allocation fails, and then the file is closed.
 * Whatever the driver made of it, it does not let the buffers go before the jobs are
 * done, and no job finds that they are gone.
 */
static int close_busy(int n, bool *failed)
{
	int64_t faults = vadreno_stat("iommu-faults"), wptr, start, took;
	uint32_t fence[2];
	struct vm vm;
	int ret;

	check(!vm_open(&vm, BUSY_US));
	munmap(vm.data.map, BO_SIZE);
	wptr = vadreno_stat("wptr");
	start = now_us();
	check(!vm_submit(&vm, &fence[0]));
	check(!in_ring(wptr));
	wptr = vadreno_stat("wptr");
	check(!fail_nth(n));
	ret = vm_submit(&vm, &fence[1]);
	*failed = failed_yet();
	check(!fail_nth(0));
	if (!ret)
		check(!in_ring(wptr));
	close(vm.fd);
	took = now_us() - start;
	/* Until both are done, if the driver did not wait for them. */
	if (took < 3 * BUSY_US)
		sleep_us(3 * BUSY_US - took);
	check(faults >= 0 && vadreno_stat("iommu-faults") == faults);
	check(took >= (ret ? BUSY_US : 2 * BUSY_US));
	return 0;
}

static int sweep_close(void)
{
	bool failed = true;
	int n;

	for (n = 1; n < MAX_NTH && failed; n++)
		check(!close_busy(n, &failed));
	lab_say("close: %d allocations", n - 2);
	check(n > 2 && !failed);
	return 0;
}

static int sweep_submits(void)
{
	return sweep() ?: sweep_close();
}

/* In a process of its own: what waits for good cannot be killed. */
static int run_child(int (*what)(void))
{
	int status, ms;
	pid_t pid = fork();

	check(pid >= 0);
	if (!pid)
		_exit(what() ? 1 : 0);
	for (ms = 0; ms < PATIENCE_MS; ms += 10) {
		if (waitpid(pid, &status, WNOHANG) == pid)
			return status ? fail("status %d", status) : 0;
		sleep_us(10000);
	}
	return fail("it waits for more than %d seconds", PATIENCE_MS / 1000);
}

/**
 * one_for_all() - say that there is no VM for each file
 * @lab: what to say it of
 */
int one_for_all(struct lab *lab)
{
	lab_say("%s has one VM for all", lab->gpu);
	return SKIPPED;
}

/** stage_vm_bind() - jobs that need evicted buffers back, when there is no memory */
int stage_vm_bind(struct lab *lab)
{
	struct vm vm;
	int ret;

	check(!make_swap());
	ret = vm_open(&vm, 0);
	if (ret == SKIPPED)
		return one_for_all(lab);
	check(!ret);
	ret = run(&vm);
	munmap(vm.data.map, BO_SIZE);
	close(vm.fd);
	return ret ? ret : run_child(sweep_submits);
}

/* A buffer of another device, whose lock is the other device's. */
static int import_handle(struct vm *vm, uint32_t *handle)
{
	struct dma_heap_allocation_data heap = {
		.len = BO_SIZE, .fd_flags = O_RDWR | O_CLOEXEC,
	};
	struct drm_prime_handle prime = { 0 };
	int fd = open("/dev/dma_heap/system", O_RDWR | O_CLOEXEC);

	check(fd >= 0);
	check(!gpu_ioctl(fd, DMA_HEAP_IOCTL_ALLOC, &heap));
	close(fd);
	prime.fd = heap.fd;
	check(!gpu_ioctl(vm->fd, DRM_IOCTL_PRIME_FD_TO_HANDLE, &prime));
	close(heap.fd);
	*handle = prime.handle;
	return 0;
}

/*
 * Buffers that only the VM has any more are unbound all at once, when a fence is
 * signalled. Then they are gone, and not only when the file is closed.
 */
static int unbind_last(bool import)
{
	struct drm_msm_vm_bind_op op = { .range = BO_SIZE };
	int timeline = timeline_open(), turn, fence_fd, i;
	int64_t before;
	struct vm vm;

	check(timeline >= 0);
	check(!vm_new(&vm));
	check(!nr_objects(&before));
	for (i = 0; i < NR_FLIGHT; i++) {
		check(!(import ? import_handle : vm_new_handle)(&vm, &op.handle));
		op.op = MSM_VM_BIND_OP_MAP;
		op.iova = DATA_IOVA + i * BO_SIZE;
		check(!vm_bind(&vm, &op, 1, -1, NULL));
		check(!vm_close_handle(&vm, op.handle));
	}
	turn = timeline_fence(timeline, 1);
	check(turn >= 0);
	op.op = MSM_VM_BIND_OP_UNMAP;
	op.handle = 0;
	for (i = 0; i < NR_FLIGHT; i++) {
		op.iova = DATA_IOVA + i * BO_SIZE;
		check(!vm_bind(&vm, &op, 1, turn, &fence_fd));
		if (i < NR_FLIGHT - 1)
			close(fence_fd);
	}
	close(turn);
	check(!count_becomes(before + NR_FLIGHT));
	check(!timeline_step(timeline));
	check(!vm_fence_done(fence_fd));
	close(timeline);
	check(!count_becomes(before));
	close(vm.fd);
	return 0;
}

/** stage_vm_unbind() - the last reference to a buffer goes with an unmap */
int stage_vm_unbind(struct lab *lab)
{
	struct vm vm;
	int ret;

	ret = vm_open(&vm, 0);
	if (ret == SKIPPED)
		return one_for_all(lab);
	check(!ret);
	/* Buffers that go and come back, so that lockdep has seen their locks. */
	check(!make_swap());
	check(!run(&vm));
	check(!evict());
	check(!run(&vm));
	munmap(vm.data.map, BO_SIZE);
	close(vm.fd);
	check(!unbind_last(false));
	return unbind_last(true);
}

/*
 * A buffer that only the VM has, of which the second quarter is unbound, while the
 * last is replaced by another buffer's, and the n-th allocation fails. Whatever came
 * of it, nothing is left when the file is closed.
 */
static int bind_failing(int n, bool *failed, bool *refused)
{
	struct drm_msm_vm_bind_op ops[] = {
		{ .op = MSM_VM_BIND_OP_UNMAP, .iova = DATA_IOVA + QUARTER,
		  .range = QUARTER },
		{ .op = MSM_VM_BIND_OP_MAP, .iova = DATA_IOVA + 3 * QUARTER,
		  .range = QUARTER },
	};
	struct drm_msm_vm_bind_op whole = {
		.op = MSM_VM_BIND_OP_MAP, .iova = DATA_IOVA, .range = BO_SIZE,
	};
	int64_t before;
	struct vm vm;
	int fence_fd, ret;

	check(!vm_new(&vm));
	check(!nr_objects(&before));
	check(!vm_new_handle(&vm, &whole.handle));
	check(!vm_bind(&vm, &whole, 1, -1, &fence_fd));
	check(!vm_fence_done(fence_fd));
	check(!vm_close_handle(&vm, whole.handle));
	check(!vm_new_handle(&vm, &ops[1].handle));
	check(!fail_nth(n));
	ret = vm_bind(&vm, ops, ARRAY_SIZE(ops), -1, &fence_fd);
	*failed = failed_yet();
	check(!fail_nth(0));
	*refused = ret != 0;
	if (!ret)
		check(!vm_fence_done(fence_fd));
	close(vm.fd);
	return count_becomes(before);
}

/*
 * The driver lets so many page tables be asked for at a time, and then waits. Where the
 * n-th allocation fails, it does so until all these would be in flight, if it forgot
 * those of one that fails.
 */
static int tables_failing(struct vm *vm, struct drm_msm_vm_bind_op *op, int n,
			  bool *failed)
{
	int i, ret, fence_fd;

	for (i = 0; i < NULL_TRIES; i++) {
		check(!fail_nth(n));
		ret = vm_bind(vm, op, 1, -1, &fence_fd);
		*failed = failed_yet();
		check(!fail_nth(0));
		if (!ret)
			return vm_fence_done(fence_fd);
	}
	return 1;
}

static int sweep_tables(void)
{
	struct drm_msm_vm_bind_op op = {
		.op = MSM_VM_BIND_OP_MAP_NULL, .iova = NULL_IOVA, .range = NULL_SIZE,
	};
	int n, ret, fence_fd, errors = 0;
	bool failed = true;
	struct vm vm;

	check(!vm_new(&vm));
	for (n = 1; n < MAX_NTH && failed; n++) {
		ret = tables_failing(&vm, &op, n, &failed);
		check(ret >= 0);
		errors += ret;
	}
	lab_say("page tables: %d allocations, %d errors", n - 2, errors);
	check(n > 2 && !failed && errors > 0);
	check(!vm_bind(&vm, &op, 1, -1, &fence_fd));
	check(!vm_fence_done(fence_fd));
	close(vm.fd);
	return 0;
}

/** stage_vm_bind_fail() - what a VM_BIND has begun when there is no memory for it */
int stage_vm_bind_fail(struct lab *lab)
{
	bool failed = true, refused;
	int n, ret, errors = 0;
	struct vm vm;

	ret = vm_new(&vm);
	if (ret == SKIPPED)
		return one_for_all(lab);
	check(!ret);
	close(vm.fd);
	check(!quiet_injection());
	for (n = 1; n < MAX_NTH && failed; n++) {
		check(!bind_failing(n, &failed, &refused));
		errors += refused;
	}
	lab_say("bind: %d allocations, %d errors", n - 2, errors);
	check(n > 2 && !failed);
	check(errors > 0);
	return run_child(sweep_tables);
}

#else

/** no_vm_bind() - say that this kernel has none */
int no_vm_bind(void)
{
	lab_say("this kernel has no VM_BIND");
	return SKIPPED;
}

/** stage_vm_bind() - this kernel has no VM_BIND */
int stage_vm_bind(struct lab *lab)
{
	(void)lab;
	return no_vm_bind();
}

/** stage_vm_unbind() - this kernel has no VM_BIND */
int stage_vm_unbind(struct lab *lab)
{
	(void)lab;
	return no_vm_bind();
}

/** stage_vm_bind_fail() - this kernel has no VM_BIND */
int stage_vm_bind_fail(struct lab *lab)
{
	(void)lab;
	return no_vm_bind();
}

#endif
