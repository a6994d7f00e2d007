// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of the life of a submit and of its hardware fence.
 */

#include "msm_kunit_gpu.h"

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
		/* The GPU's own reference, while it has submits, and no other: */
		KUNIT_EXPECT_EQ(test, atomic_read(&dev->power.usage_count), 1);
		submit_test_hw_done(t);
		KUNIT_EXPECT_GT(test, dma_fence_wait_timeout(fence, false,
							     TEST_TIMEOUT), 0L);
		dma_fence_put(fence);
	}
	KUNIT_EXPECT_EQ(test, atomic_read(&t->nr_run_powered), 2);
	KUNIT_EXPECT_TRUE(test, submit_test_wait(!pm_runtime_active(dev)));
}

/* A GPU that does not come up is an error, and is tried again the next time. */
static void submit_power_fails(struct kunit *test)
{
	struct submit_test *t = test->priv;
	struct dma_fence *fence;
	int i;

	t->resume_error = -EIO;
	for (i = 0; i < 2; i++) {
		struct drm_msm_gem_submit args = {};

		KUNIT_EXPECT_EQ(test, submit_test_submit(t, 0, &args), -EIO);
	}
	KUNIT_EXPECT_EQ(test, atomic_read(&t->nr_run), 0);

	t->resume_error = 0;
	fence = submit_test_fd(test);
	KUNIT_ASSERT_TRUE(test, submit_test_ran(t, 1));
	submit_test_hw_done(t);
	KUNIT_EXPECT_GT(test, dma_fence_wait_timeout(fence, false,
						     TEST_TIMEOUT), 0L);
	dma_fence_put(fence);
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
	struct msm_fence_context *junk[32];
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
		junk[i] = kmalloc(sizeof(*junk[i]), GFP_KERNEL);
		if (junk[i])
			memset(junk[i], 0x5a, sizeof(*junk[i]));
	}

	KUNIT_EXPECT_STREQ(test, hw->ops->get_timeline_name(hw), "test-ring");
	KUNIT_EXPECT_TRUE(test, hw->ops->signaled(hw));

	/* A later fence would not believe what is there now: */
	t->memptrs->fence = (u32)hw->seqno + 1000;
	hw->seqno += 500;
	KUNIT_EXPECT_FALSE(test, hw->ops->signaled(hw));
	hw->seqno -= 500;

	if (spin_trylock(hw->lock))
		spin_unlock(hw->lock);
	else
		KUNIT_FAIL(test, "the lock went with the ring");

	for (i = 0; i < ARRAY_SIZE(junk); i++)
		kfree(junk[i]);
}
#endif

/*
 * The last reference is dropped while somebody looks at the fence under RCU, as
 * those do who find it in a reservation object: the memory has to wait.
 */
static void submit_fence_freed_after_rcu(struct kunit *test)
{
	struct submit_test *t = test->priv;
	struct dma_fence *fence = submit_test_fd(test);
	struct dma_fence *hw;
	/* The fence is part of the submit, or an allocation of its own: */
	size_t sizes[] = { sizeof(struct msm_gem_submit),
			   sizeof(struct dma_fence) + sizeof(void *) };
	void *junk[64];
	u64 seqno;
	int i;

	KUNIT_ASSERT_TRUE(test, submit_test_ran(t, 1));
	submit_test_hw_done(t);
	dma_fence_wait_timeout(fence, false, TEST_TIMEOUT);
	submit_test_close(t);
	dma_fence_put(fence);
	hw = t->hw[0];
	KUNIT_ASSERT_TRUE(test, submit_test_fence_held(hw, 1));
	t->hw[0] = NULL;
	seqno = hw->seqno;

	rcu_read_lock();
	dma_fence_put(hw);
	for (i = 0; i < ARRAY_SIZE(junk); i++) {
		junk[i] = kmalloc(sizes[i % 2], GFP_ATOMIC);
		if (junk[i])
			memset(junk[i], 0x5a, sizes[i % 2]);
	}
	KUNIT_EXPECT_EQ(test, READ_ONCE(hw->seqno), seqno);
	rcu_read_unlock();

	for (i = 0; i < ARRAY_SIZE(junk); i++)
		kfree(junk[i]);
}

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

/* What the scheduler does to a process that is killed. The file has it no more. */
static struct drm_sched_entity *submit_test_kill(struct submit_test *t,
						 struct drm_sched_entity *entity)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(t->ctx->entities); i++)
		if (t->ctx->entities[i] == entity)
			t->ctx->entities[i] = NULL;
	drm_sched_entity_fini(entity);

	return entity;
}

/* The scheduler kills a job that waits for its turn: it never ran. */
static void submit_killed_before_run(struct kunit *test)
{
	struct submit_test *t = test->priv;
	struct msm_gpu_submitqueue *queue = submit_test_queue(t);
	struct dma_fence *first = submit_test_fd(test);
	struct drm_sched_entity *entity;
	struct dma_fence *second;

	KUNIT_ASSERT_TRUE(test, submit_test_ran(t, 1));
	second = submit_test_fd(test);

	entity = submit_test_kill(t, queue->entity);
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
	kfree(entity);
}

/* The GPU goes when a job is done and the scheduler did not come to free it. */
static void submit_done_when_gpu_goes(struct kunit *test)
{
	struct submit_test *t = test->priv;
	struct dma_fence *fence = submit_test_fd(test);

	KUNIT_ASSERT_TRUE(test, submit_test_ran(t, 1));
	submit_test_close(t);
	submit_test_stop(t);
	submit_test_hw_done(t);
	KUNIT_EXPECT_GT(test, dma_fence_wait_timeout(fence, false,
						     TEST_TIMEOUT), 0L);
	submit_test_unbind(t);

	/* The scheduler's fence has the hw fence, we have it, and no submit: */
	KUNIT_EXPECT_TRUE(test, submit_test_fence_held(t->hw[0], 2));
	dma_fence_put(fence);
}

static struct kunit_case submit_fence_cases[] = {
	KUNIT_CASE(submit_runs_and_goes),
	KUNIT_CASE(submit_run_job_does_not_allocate),
	KUNIT_CASE(submit_powered_before_run),
	KUNIT_CASE(submit_power_fails),
	KUNIT_CASE(submit_fence_outlives_file),
	KUNIT_CASE(submit_outlives_file),
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 18, 0)
	KUNIT_CASE(submit_fence_outlives_gpu),
#endif
	KUNIT_CASE(submit_fence_freed_after_rcu),
	KUNIT_CASE(submit_never_armed),
	KUNIT_CASE(submit_killed_before_run),
	KUNIT_CASE(submit_done_when_gpu_goes),
	{}
};

static struct kunit_suite submit_fence_suite = {
	.name = "msm_submit_fence",
	.init = submit_test_init,
	.exit = submit_test_exit,
	.test_cases = submit_fence_cases,
};

kunit_test_suite(submit_fence_suite);
