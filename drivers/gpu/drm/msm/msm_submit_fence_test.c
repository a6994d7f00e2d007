// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of the life of a submit and of its hardware fence.
 *
 * The real submit ioctl, scheduler, job ops and retire worker on a GPU that is
 * nothing but memory: its submit function does nothing, and the test plays the
 * hardware by writing the sequence number.
 */

#include <kunit/test.h>
#include <linux/delay.h>
#include <linux/fdtable.h>
#include <linux/file.h>
#include <linux/platform_device.h>
#include <linux/pm_runtime.h>
#include <linux/sync_file.h>
#include <linux/version.h>

#include <drm/drm_drv.h>
#include <drm/drm_file.h>

#include "msm_drv.h"
#include "msm_fence.h"
#include "msm_gem.h"
#include "msm_gpu.h"
#include "msm_mmu.h"
#include "msm_ringbuffer.h"

#if LINUX_VERSION_CODE >= KERNEL_VERSION(7, 0, 0)
#define msm_file_private msm_context
#define msm_file_private_get msm_context_get
#define msm_file_private_put msm_context_put
#endif

#define TEST_TIMEOUT (2 * HZ)
#define TEST_MAX_JOBS 8

/* Everything that a submit touches. What the ring holds is one submit deep. */
struct submit_test {
	struct platform_device *pdev;
	struct drm_device *drm;
	struct msm_drm_private *priv;
	struct msm_gpu *gpu;
	struct msm_ringbuffer *ring;
	struct msm_rbmemptrs *memptrs;
	struct drm_file *file;
	struct msm_file_private *ctx;
	struct drm_sched_backend_ops ops;
	u32 queue_id;

	/* What run_job returned, in order, with a reference of our own: */
	struct dma_fence *hw[TEST_MAX_JOBS];
	atomic_t nr_run, nr_run_powered;
};

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
	spin_lock_init(&gpu->perf_lock);
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

static void submit_test_close(struct submit_test *t)
{
	if (!t->ctx)
		return;
	msm_submitqueue_close(t->ctx);
	msm_file_private_put(t->ctx);
	t->ctx = NULL;
}

static void submit_test_unbind(struct submit_test *t)
{
	msm_ringbuffer_destroy(t->ring);
	t->ring = NULL;
}

static int submit_test_init(struct kunit *test)
{
	const struct platform_device_info info = {
		.name = "msm-submit-test",
		.id = PLATFORM_DEVID_NONE,
	};
	struct submit_test *t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, t);
	test->priv = t;
	cur_test = t;

	t->pdev = platform_device_register_full(&info);
	KUNIT_ASSERT_FALSE(test, IS_ERR(t->pdev));
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

static void submit_test_exit(struct kunit *test)
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
		del_timer_sync(&t->gpu->hangcheck_timer);
	/* What is freed late must not find the test's memory gone: */
	rcu_barrier();
	drm_dev_put(t->drm);
	/* Whatever became of the jobs, nothing keeps the GPU powered now: */
	KUNIT_EXPECT_EQ(test, atomic_read(&t->pdev->dev.power.usage_count), 0);
	pm_runtime_disable(&t->pdev->dev);
	platform_device_unregister(t->pdev);
	cur_test = NULL;
}

static int submit_test_submit(struct submit_test *t, u32 flags,
			      struct drm_msm_gem_submit *args)
{
	args->flags = MSM_PIPE_3D0 | flags;
	args->queueid = t->queue_id;

	return msm_ioctl_gem_submit(t->drm, args, t->file);
}

/* Submit with a fence fd, and take the fence out of the fd. */
static struct dma_fence *submit_test_fd(struct kunit *test)
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

/* Wait for what a thread of the scheduler or of RCU is to do. */
#define submit_test_wait(cond) ({					\
	unsigned long end_ = jiffies + TEST_TIMEOUT;			\
									\
	while (!(cond) && time_before(jiffies, end_))			\
		msleep(1);						\
	(cond);								\
})

static bool submit_test_ran(struct submit_test *t, int nr)
{
	return submit_test_wait(atomic_read(&t->nr_run) == nr);
}

/* The GPU has written the seqno of the last job in the ring, and the IRQ. */
static void submit_test_hw_done(struct submit_test *t)
{
	t->memptrs->fence = t->ring->fctx->last_fence;
	msm_update_fence(t->ring->fctx, t->memptrs->fence);
	msm_gpu_retire_worker(&t->gpu->retire_work);
}

static bool submit_test_fence_held(struct dma_fence *fence, unsigned int nr)
{
	return submit_test_wait(kref_read(&fence->refcount) == nr);
}

static struct msm_gpu_submitqueue *submit_test_queue(struct submit_test *t)
{
	return msm_submitqueue_get(t->ctx, t->queue_id);
}

/* One job from the ioctl to the end, and nothing is left over. */
static void submit_runs_and_goes(struct kunit *test)
{
	struct submit_test *t = test->priv;
	struct msm_gpu_submitqueue *queue = submit_test_queue(t);
	struct dma_fence *fence = submit_test_fd(test);

	KUNIT_ASSERT_TRUE(test, submit_test_ran(t, 1));
	KUNIT_ASSERT_NOT_NULL(test, t->hw[0]);
	KUNIT_EXPECT_FALSE(test, dma_fence_is_signaled(fence));

	submit_test_hw_done(t);
	KUNIT_EXPECT_GT(test, dma_fence_wait_timeout(fence, false,
						     TEST_TIMEOUT), 0L);

	/* List and us, but no submit: even though the fence is held. */
	KUNIT_EXPECT_TRUE(test, submit_test_wait(kref_read(&queue->ref) == 2));
	KUNIT_EXPECT_TRUE(test, idr_is_empty(&queue->fence_idr));

	/* The scheduler's fence has the hw fence, we have it: no one else. */
	KUNIT_EXPECT_TRUE(test, submit_test_fence_held(t->hw[0], 2));
	dma_fence_put(fence);
	/* The entity may remember its last job: */
	msm_submitqueue_put(queue);
	submit_test_close(t);
	KUNIT_EXPECT_TRUE(test, submit_test_fence_held(t->hw[0], 1));
}

/* run_job is on the fence signalling path: lockdep must have nothing to say. */
static void submit_run_job_does_not_allocate(struct kunit *test)
{
	struct submit_test *t = test->priv;
	struct dma_fence *fence;

	if (!IS_ENABLED(CONFIG_PROVE_LOCKING) || !debug_locks)
		kunit_skip(test, "needs a lockdep that has not reported yet");

	fence = submit_test_fd(test);
	KUNIT_ASSERT_TRUE(test, submit_test_ran(t, 1));
	KUNIT_EXPECT_TRUE(test, debug_locks);
	submit_test_hw_done(t);
	dma_fence_put(fence);
}

/* Nor is it run_job that powers up the GPU, or that is left powering it. */
static void submit_powered_before_run(struct kunit *test)
{
	struct submit_test *t = test->priv;
	struct device *dev = &t->pdev->dev;
	struct dma_fence *fence;
	int i;

	for (i = 0; i < 2; i++) {
		KUNIT_EXPECT_TRUE(test, submit_test_wait(!pm_runtime_active(dev)));
		fence = submit_test_fd(test);
		KUNIT_ASSERT_TRUE(test, submit_test_ran(t, i + 1));
		KUNIT_EXPECT_TRUE(test, pm_runtime_active(dev));
		submit_test_hw_done(t);
		KUNIT_EXPECT_GT(test, dma_fence_wait_timeout(fence, false,
							     TEST_TIMEOUT), 0L);
		dma_fence_put(fence);
	}
	KUNIT_EXPECT_EQ(test, atomic_read(&t->nr_run_powered), 2);
	KUNIT_EXPECT_TRUE(test, submit_test_wait(!pm_runtime_active(dev)));
}

/* Whoever holds the fence keeps neither queue nor file. */
static void submit_fence_outlives_file(struct kunit *test)
{
	struct submit_test *t = test->priv;
	struct msm_file_private *ctx = msm_file_private_get(t->ctx);
	struct dma_fence *fence = submit_test_fd(test);

	KUNIT_ASSERT_TRUE(test, submit_test_ran(t, 1));
	submit_test_hw_done(t);
	KUNIT_EXPECT_GT(test, dma_fence_wait_timeout(fence, false,
						     TEST_TIMEOUT), 0L);
	submit_test_close(t);
	KUNIT_EXPECT_TRUE(test, submit_test_wait(kref_read(&ctx->ref) == 1));

	KUNIT_EXPECT_TRUE(test, dma_fence_is_signaled(fence));
	KUNIT_EXPECT_TRUE(test, dma_fence_is_signaled(t->hw[0]));
	msm_file_private_put(ctx);
	KUNIT_EXPECT_TRUE(test, submit_test_fence_held(t->hw[0], 2));
	dma_fence_put(fence);
	KUNIT_EXPECT_TRUE(test, submit_test_fence_held(t->hw[0], 1));
}

/* A file that is closed while its job runs: the job holds what it needs. */
static void submit_outlives_file(struct kunit *test)
{
	struct submit_test *t = test->priv;
	struct msm_file_private *ctx = msm_file_private_get(t->ctx);
	struct dma_fence *fence = submit_test_fd(test);

	KUNIT_ASSERT_TRUE(test, submit_test_ran(t, 1));
	submit_test_close(t);
	KUNIT_EXPECT_GT(test, kref_read(&ctx->ref), 1U);
	KUNIT_EXPECT_FALSE(test, dma_fence_is_signaled(fence));

	submit_test_hw_done(t);
	KUNIT_EXPECT_GT(test, dma_fence_wait_timeout(fence, false,
						     TEST_TIMEOUT), 0L);
	KUNIT_EXPECT_TRUE(test, submit_test_wait(kref_read(&ctx->ref) == 1));
	dma_fence_put(fence);
	msm_file_private_put(ctx);
}

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 18, 0)
/*
 * The GPU is gone, somebody still has the fence. Later kernels detach a fence
 * from its driver when it signals; in these it goes on asking for the name.
 */
static void submit_fence_outlives_gpu(struct kunit *test)
{
	struct submit_test *t = test->priv;
	struct dma_fence *fence = submit_test_fd(test);
	struct dma_fence *hw;
	void *junk[32];
	int i;

	KUNIT_ASSERT_TRUE(test, submit_test_ran(t, 1));
	hw = t->hw[0];
	submit_test_hw_done(t);
	KUNIT_EXPECT_GT(test, dma_fence_wait_timeout(fence, false,
						     TEST_TIMEOUT), 0L);
	submit_test_close(t);
	dma_fence_put(fence);
	KUNIT_EXPECT_TRUE(test, submit_test_fence_held(hw, 1));
	submit_test_unbind(t);

	/* Whatever was freed with the ring is used for something else now: */
	memset(t->memptrs, 0xff, sizeof(*t->memptrs));
	for (i = 0; i < ARRAY_SIZE(junk); i++) {
		junk[i] = kmalloc(sizeof(struct msm_fence_context), GFP_KERNEL);
		if (junk[i])
			memset(junk[i], 0x5a, sizeof(struct msm_fence_context));
	}

	KUNIT_EXPECT_STREQ(test, hw->ops->get_timeline_name(hw), "test-ring");
	KUNIT_EXPECT_TRUE(test, hw->ops->signaled(hw));
	KUNIT_EXPECT_TRUE(test, spin_trylock(hw->lock));
	spin_unlock(hw->lock);

	for (i = 0; i < ARRAY_SIZE(junk); i++)
		kfree(junk[i]);
}
#endif

/* Errors in the ioctl: a submit goes whose fence was never initialised. */
static void submit_never_armed(struct kunit *test)
{
	static const struct {
		struct drm_msm_gem_submit args;
		u32 flags;
		int ret;
	} cases[] = {
		{ { .fence_fd = -1 }, MSM_SUBMIT_FENCE_FD_IN, -EINVAL },
		{ { .nr_in_syncobjs = U32_MAX, .syncobj_stride = 16 },
		  MSM_SUBMIT_SYNCOBJ_IN, -ENOMEM },
		{ { .nr_out_syncobjs = U32_MAX, .syncobj_stride = 16 },
		  MSM_SUBMIT_SYNCOBJ_OUT, -ENOMEM },
		{ { .fence = 0 }, MSM_SUBMIT_FENCE_SN_IN, -EINVAL },
		{ { .fence = 0 }, MSM_SUBMIT_FENCE_SN_IN |
		  MSM_SUBMIT_FENCE_FD_OUT, -EINVAL },
	};
	struct submit_test *t = test->priv;
	struct msm_gpu_submitqueue *queue = submit_test_queue(t);
	int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct drm_msm_gem_submit args = cases[i].args;

		KUNIT_EXPECT_EQ_MSG(test, submit_test_submit(t, cases[i].flags,
							     &args),
				    cases[i].ret, "case %d", i);
		KUNIT_EXPECT_EQ_MSG(test, kref_read(&queue->ref), 2U,
				    "case %d", i);
	}
	KUNIT_EXPECT_EQ(test, atomic_read(&t->nr_run), 0);
	msm_submitqueue_put(queue);
}

/* The scheduler kills a job that waits for its turn: it never ran. */
static void submit_killed_before_run(struct kunit *test)
{
	struct submit_test *t = test->priv;
	struct msm_gpu_submitqueue *queue = submit_test_queue(t);
	struct dma_fence *first = submit_test_fd(test);
	struct dma_fence *second;

	KUNIT_ASSERT_TRUE(test, submit_test_ran(t, 1));
	second = submit_test_fd(test);

	drm_sched_entity_fini(queue->entity);
	submit_test_hw_done(t);
	KUNIT_EXPECT_GT(test, dma_fence_wait_timeout(second, false,
						     TEST_TIMEOUT), 0L);
	KUNIT_EXPECT_EQ(test, dma_fence_get_status(first), 1);
	KUNIT_EXPECT_EQ(test, dma_fence_get_status(second), -ESRCH);
	KUNIT_EXPECT_EQ(test, atomic_read(&t->nr_run), 1);
	KUNIT_EXPECT_TRUE(test, submit_test_wait(kref_read(&queue->ref) == 2));
	KUNIT_EXPECT_TRUE(test, idr_is_empty(&queue->fence_idr));

	dma_fence_put(first);
	dma_fence_put(second);
	msm_submitqueue_put(queue);
	submit_test_close(t);
	KUNIT_EXPECT_TRUE(test, submit_test_fence_held(t->hw[0], 1));
}

static struct kunit_case submit_fence_cases[] = {
	KUNIT_CASE(submit_runs_and_goes),
	KUNIT_CASE(submit_run_job_does_not_allocate),
	KUNIT_CASE(submit_powered_before_run),
	KUNIT_CASE(submit_fence_outlives_file),
	KUNIT_CASE(submit_outlives_file),
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 18, 0)
	KUNIT_CASE(submit_fence_outlives_gpu),
#endif
	KUNIT_CASE(submit_never_armed),
	KUNIT_CASE(submit_killed_before_run),
	{}
};

static struct kunit_suite submit_fence_suite = {
	.name = "msm_submit_fence",
	.init = submit_test_init,
	.exit = submit_test_exit,
	.test_cases = submit_fence_cases,
};

kunit_test_suite(submit_fence_suite);
