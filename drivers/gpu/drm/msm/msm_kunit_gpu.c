// SPDX-License-Identifier: GPL-2.0-only
/*
 * A GPU for KUnit tests that is nothing but memory: its submit function does
 * nothing, and the test plays the hardware by writing the sequence number.
 */

#include <linux/fdtable.h>
#include <linux/file.h>
#include <linux/kernel.h>
#include <linux/lockdep.h>
#include <linux/pm_domain.h>
#include <linux/sync_file.h>

#include <drm/drm_drv.h>
#include <drm/drm_file.h>

#include "msm_kunit_gpu.h"
#include "msm_mmu.h"

/* The scheduler's ops have no room for a pointer to the test: */
static struct submit_test *cur_test;

static const struct drm_driver submit_test_driver = {
	.driver_features = DRIVER_GEM | DRIVER_RENDER,
	.name = "msm-submit-test",
	.desc = "msm submit test",
	.major = 1,
};

/*
 * As the scheduler would call it with the annotation on: lockdep complains if
 * the real run_job allocates, or takes a lock under which others do.
 */
static struct dma_fence *submit_test_run_job(struct drm_sched_job *job)
{
	bool powered = pm_runtime_active(&cur_test->pdev->dev);
	bool cookie = dma_fence_begin_signalling();
	struct dma_fence *fence = msm_sched_ops.run_job(job);
	int n = atomic_read(&cur_test->nr_run);

	dma_fence_end_signalling(cookie);

	if (powered)
		atomic_inc(&cur_test->nr_run_powered);

	if (!IS_ERR_OR_NULL(fence) && n < TEST_MAX_JOBS)
		cur_test->hw[n] = dma_fence_get(fence);
	atomic_inc(&cur_test->nr_run);

	return fence;
}

/* The same for what the ring's next job has to wait for. */
static void submit_test_free_job(struct drm_sched_job *job)
{
	bool cookie = dma_fence_begin_signalling();

	msm_sched_ops.free_job(job);
	dma_fence_end_signalling(cookie);
}

static void submit_test_gpu_submit(struct msm_gpu *gpu,
				   struct msm_gem_submit *submit)
{
}

static const struct msm_gpu_funcs submit_test_funcs = {
	.submit = submit_test_gpu_submit,
};

#if LINUX_VERSION_CODE >= KERNEL_VERSION(7, 0, 0)
static void submit_test_mmu_nop(struct msm_mmu *mmu)
{
}

static const struct msm_mmu_funcs submit_test_mmu_funcs = {
	.detach = submit_test_mmu_nop,
	.destroy = submit_test_mmu_nop,
};

/* A context cannot submit without an address space here. */
static int submit_test_vm(struct kunit *test, struct submit_test *t)
{
	struct msm_mmu *mmu = kunit_kzalloc(test, sizeof(*mmu), GFP_KERNEL);

	if (!mmu)
		return -ENOMEM;
	mmu->funcs = &submit_test_mmu_funcs;
	t->ctx->vm = msm_gem_vm_create(t->drm, mmu, "test", SZ_1M, SZ_16M, true);

	return PTR_ERR_OR_ZERO(t->ctx->vm);
}
#else
static int submit_test_vm(struct kunit *test, struct submit_test *t)
{
	return 0;
}
#endif

static int submit_test_resume(struct device *dev)
{
	return cur_test->resume_error;
}

static int submit_test_suspend(struct device *dev)
{
	return 0;
}

static void submit_test_hangcheck(struct timer_list *timer)
{
}

static int submit_test_gpu(struct kunit *test, struct submit_test *t)
{
	struct msm_gpu *gpu = kunit_kzalloc(test, sizeof(*gpu), GFP_KERNEL);

	if (!gpu)
		return -ENOMEM;
	gpu->name = "submit-test";
	gpu->dev = t->drm;
	gpu->pdev = t->pdev;
	gpu->funcs = &submit_test_funcs;
	mutex_init(&gpu->lock);
	mutex_init(&gpu->active_lock);
	spin_lock_init(&gpu->power_lock);
	init_waitqueue_head(&gpu->power_event);
#if LINUX_VERSION_CODE < KERNEL_VERSION(7, 0, 0)
	spin_lock_init(&gpu->perf_lock);
#endif
	init_waitqueue_head(&gpu->retire_event);
	timer_setup(&gpu->hangcheck_timer, submit_test_hangcheck, 0);
	t->priv->hangcheck_period = 60 * MSEC_PER_SEC;
	t->priv->gpu = gpu;
	t->gpu = gpu;

	return 0;
}

/* As msm_ringbuffer_new(), less the ring: nothing is written to it. */
static int submit_test_ring(struct kunit *test, struct submit_test *t)
{
	struct drm_sched_init_args args = {
		.ops = &t->ops,
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 12, 0)
		.num_rqs = DRM_SCHED_PRIORITY_COUNT,
#endif
		.credit_limit = 1,
		.timeout = MAX_SCHEDULE_TIMEOUT,
		.name = "submit-test",
		.dev = t->drm->dev,
	};
	struct msm_ringbuffer *ring;
	int ret;

	t->ops = msm_sched_ops;
	t->ops.run_job = submit_test_run_job;
	t->ops.free_job = submit_test_free_job;
	t->memptrs = kunit_kzalloc(test, sizeof(*t->memptrs), GFP_KERNEL);
	ring = kzalloc(sizeof(*ring), GFP_KERNEL);
	if (!t->memptrs || !ring) {
		kfree(ring);
		return -ENOMEM;
	}

	ring->gpu = t->gpu;
	ring->memptrs = t->memptrs;
	INIT_LIST_HEAD(&ring->submits);
	spin_lock_init(&ring->submit_lock);
	spin_lock_init(&ring->preempt_lock);
	ring->fctx = msm_fence_context_alloc(t->drm, &t->memptrs->fence,
					     "test-ring");
	if (IS_ERR(ring->fctx)) {
		ret = PTR_ERR(ring->fctx);
		kfree(ring);
		return ret;
	}

	ret = drm_sched_init(&ring->sched, &args);
	if (ret)
		return ret;
	ring->sched_initialized = true;
	t->gpu->rb[0] = ring;
	t->gpu->nr_rings = 1;
	t->ring = ring;

	return 0;
}

/* As an open of the device file does it. */
static int submit_test_file(struct kunit *test, struct submit_test *t)
{
	struct msm_file_private *ctx;

	t->file = kunit_kzalloc(test, sizeof(*t->file), GFP_KERNEL);
	ctx = kzalloc(sizeof(*ctx), GFP_KERNEL);
	if (!t->file || !ctx) {
		kfree(ctx);
		return -ENOMEM;
	}

	spin_lock_init(&t->file->table_lock);
	idr_init(&t->file->object_idr);
	t->file->driver_priv = ctx;
	kref_init(&ctx->ref);
	rwlock_init(&ctx->queuelock);
	INIT_LIST_HEAD(&ctx->submitqueues);
	ctx->seqno = 1;
	t->ctx = ctx;

	return submit_test_vm(test, t) ?:
		msm_submitqueue_create(t->drm, ctx, 0, 0, &t->queue_id);
}

/**
 * submit_test_close - close the file, with its queues
 * @t: the GPU
 */
void submit_test_close(struct submit_test *t)
{
	if (!t->ctx)
		return;
	msm_submitqueue_close(t->ctx);
	msm_file_private_put(t->ctx);
	t->ctx = NULL;
}

/**
 * submit_test_stop - stop the scheduler, as adreno_unbind() does first
 * @t: the GPU
 */
void submit_test_stop(struct submit_test *t)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 12, 0)
	drm_sched_wqueue_stop(&t->ring->sched);
#else
	kthread_park(t->ring->sched.thread);
#endif
	t->stopped = true;
}

/**
 * submit_test_unbind - destroy the ring
 * @t: the GPU, whose file is closed
 */
void submit_test_unbind(struct submit_test *t)
{
	if (!t->stopped)
		submit_test_stop(t);
	/* As msm_gpu_cleanup() does it: */
	msm_ringbuffer_stop(t->ring);
	msm_submit_flush();
	msm_ringbuffer_destroy(t->ring);
	t->ring = NULL;
}

/**
 * submit_test_init - set up the GPU and open it
 * @test: the test, whose priv will be the struct submit_test
 *
 * Return: 0.
 */
int submit_test_init(struct kunit *test)
{
	const struct platform_device_info info = {
		.name = "msm-submit-test",
		.id = PLATFORM_DEVID_NONE,
	};
	struct submit_test *t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, t);
	test->priv = t;
	cur_test = t;
	t->tainted = test_taint(TAINT_WARN);
	t->locks_checked = debug_locks;

	t->pdev = platform_device_register_full(&info);
	KUNIT_ASSERT_FALSE(test, IS_ERR(t->pdev));
	t->pm_domain.ops.runtime_resume = submit_test_resume;
	t->pm_domain.ops.runtime_suspend = submit_test_suspend;
	dev_pm_domain_set(&t->pdev->dev, &t->pm_domain);
	pm_runtime_enable(&t->pdev->dev);
	t->drm = drm_dev_alloc(&submit_test_driver, &t->pdev->dev);
	KUNIT_ASSERT_FALSE(test, IS_ERR(t->drm));
	t->priv = kunit_kzalloc(test, sizeof(*t->priv), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, t->priv);
	t->drm->dev_private = t->priv;
#if LINUX_VERSION_CODE < KERNEL_VERSION(7, 0, 0)
	mutex_init(&t->priv->lru.lock);
#endif
	/* Only whether somebody has it open is looked at, and nobody has: */
	t->priv->rd = kunit_kzalloc(test, PAGE_SIZE, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, t->priv->rd);

	KUNIT_ASSERT_EQ(test, submit_test_gpu(test, t), 0);
	KUNIT_ASSERT_EQ(test, submit_test_ring(test, t), 0);
	KUNIT_ASSERT_EQ(test, submit_test_file(test, t), 0);

	return 0;
}

/**
 * submit_test_exit - take down what submit_test_init() has set up
 * @test: the test
 *
 * Expects that nothing is left that keeps the GPU powered, and that the kernel
 * had nothing to complain about.
 */
void submit_test_exit(struct kunit *test)
{
	struct submit_test *t = test->priv;
	int i;

	if (!t || IS_ERR_OR_NULL(t->drm))
		return;
	submit_test_close(t);
	for (i = 0; i < TEST_MAX_JOBS; i++)
		dma_fence_put(t->hw[i]);
	if (t->ring)
		submit_test_unbind(t);
	if (t->gpu)
		timer_delete_sync(&t->gpu->hangcheck_timer);
	/* What is freed late must not find the test's memory gone: */
	rcu_barrier();
	drm_dev_put(t->drm);
	/* Whatever became of the jobs, nothing keeps the GPU powered now: */
	KUNIT_EXPECT_EQ(test, atomic_read(&t->pdev->dev.power.usage_count), 0);
	pm_runtime_disable(&t->pdev->dev);
	dev_pm_domain_set(&t->pdev->dev, NULL);
	/* Warnings and sleeping in atomic context, and lockdep: */
	KUNIT_EXPECT_EQ(test, t->tainted, !!test_taint(TAINT_WARN));
	KUNIT_EXPECT_EQ(test, t->locks_checked, debug_locks);
	platform_device_unregister(t->pdev);
	cur_test = NULL;
}

/**
 * submit_test_submit - call the submit ioctl
 * @t: the GPU
 * @flags: MSM_SUBMIT_* flags
 * @args: the other arguments
 *
 * Return: what the ioctl returns.
 */
int submit_test_submit(struct submit_test *t, u32 flags,
		       struct drm_msm_gem_submit *args)
{
	args->flags = MSM_PIPE_3D0 | flags;
	args->queueid = t->queue_id;

	return msm_ioctl_gem_submit(t->drm, args, t->file);
}

/**
 * submit_test_fd - submit with a fence fd, and take the fence out of the fd
 * @test: the test
 *
 * Return: the fence, with a reference.
 */
struct dma_fence *submit_test_fd(struct kunit *test)
{
	struct drm_msm_gem_submit args = {};
	struct dma_fence *fence;

	KUNIT_ASSERT_EQ(test, submit_test_submit(test->priv,
						 MSM_SUBMIT_FENCE_FD_OUT,
						 &args), 0);
	fence = sync_file_get_fence(args.fence_fd);
	close_fd(args.fence_fd);
	/* The file is put by a work of the kernel thread that we are: */
	flush_delayed_fput();
	KUNIT_ASSERT_NOT_NULL(test, fence);

	return fence;
}

/**
 * submit_test_ran - wait until a number of jobs have been run
 * @t: the GPU
 * @nr: how many, since the beginning of the test
 *
 * Return: whether they have.
 */
bool submit_test_ran(struct submit_test *t, int nr)
{
	return submit_test_wait(atomic_read(&t->nr_run) == nr);
}

/**
 * submit_test_hw_done - play the GPU that has done all jobs in the ring
 * @t: the GPU
 *
 * Writes the sequence number of the last job and does what the IRQ leads to.
 */
void submit_test_hw_done(struct submit_test *t)
{
	t->memptrs->fence = t->ring->fctx->last_fence;
	msm_update_fence(t->ring->fctx, t->memptrs->fence);
	msm_gpu_retire_worker(&t->gpu->retire_work);
}

/**
 * submit_test_fence_held - wait until a fence has so many references
 * @fence: the fence
 * @nr: the number of references
 *
 * Return: whether it has.
 */
bool submit_test_fence_held(struct dma_fence *fence, unsigned int nr)
{
	return submit_test_wait(kref_read(&fence->refcount) == nr);
}

/**
 * submit_test_queue - get the file's queue
 * @t: the GPU
 *
 * Return: the queue, with a reference.
 */
struct msm_gpu_submitqueue *submit_test_queue(struct submit_test *t)
{
	return msm_submitqueue_get(t->ctx, t->queue_id);
}
