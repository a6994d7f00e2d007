// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of the scheduler's annotation of the path to a job's fence: on for
 * a driver that asks for it, off for all others, and closed after each job: the
 * kernel complains of a work or a thread that ends with it open.
 */

#include <kunit/test.h>
#include <linux/completion.h>
#include <linux/device.h>
#include <linux/dma-fence.h>
#include <linux/lockdep.h>
#include <linux/version.h>

#include <drm/gpu_scheduler.h>

#define SIG_TEST_TIMEOUT (2 * HZ)

struct sig_test {
	struct device *dev;
	struct drm_gpu_scheduler sched;
	struct drm_sched_entity entity;
	bool sched_ready, entity_ready;

	/* What run_job returns, and what it found: */
	struct dma_fence *hw_fence;
	atomic_t nr_run, nr_run_annotated;
	atomic_t nr_free, nr_free_annotated;
};

struct sig_test_job {
	struct drm_sched_job base;
	struct sig_test *test;
};

struct sig_test_fence {
	struct dma_fence base;
	spinlock_t lock;		/* of @base */
};

static const char *sig_test_name(struct dma_fence *fence)
{
	return "sig-test";
}

static const struct dma_fence_ops sig_test_fence_ops = {
	.get_driver_name = sig_test_name,
	.get_timeline_name = sig_test_name,
};

/* A section that is opened within another one says so. */
static bool sig_test_in_section(void)
{
	bool nested = dma_fence_begin_signalling();

	dma_fence_end_signalling(nested);

	return nested;
}

static struct dma_fence *sig_test_run_job(struct drm_sched_job *job)
{
	struct sig_test *t = container_of(job, struct sig_test_job, base)->test;

	if (sig_test_in_section())
		atomic_inc(&t->nr_run_annotated);
	atomic_inc(&t->nr_run);

	return IS_ERR_OR_NULL(t->hw_fence) ? t->hw_fence :
					     dma_fence_get(t->hw_fence);
}

static void sig_test_free_job(struct drm_sched_job *job)
{
	struct sig_test_job *j = container_of(job, struct sig_test_job, base);
	struct sig_test *t = j->test;

	if (sig_test_in_section())
		atomic_inc(&t->nr_free_annotated);
	drm_sched_job_cleanup(job);
	kfree(j);
	atomic_inc(&t->nr_free);
}

static const struct drm_sched_backend_ops sig_test_ops = {
	.run_job = sig_test_run_job,
	.free_job = sig_test_free_job,
};

static int sig_test_init(struct kunit *test)
{
	struct sig_test *t;

	if (!IS_ENABLED(CONFIG_LOCKDEP) || !debug_locks)
		kunit_skip(test, "needs a lockdep that has not reported yet");

	t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, t);
	test->priv = t;
	t->dev = root_device_register("sched-signalling-test");
	KUNIT_ASSERT_FALSE(test, IS_ERR(t->dev));

	return 0;
}

static void sig_test_exit(struct kunit *test)
{
	struct sig_test *t = test->priv;

	if (!t || IS_ERR_OR_NULL(t->dev))
		return;
	if (t->entity_ready)
		drm_sched_entity_destroy(&t->entity);
	if (t->sched_ready)
		drm_sched_fini(&t->sched);
	KUNIT_EXPECT_TRUE(test, debug_locks);
	if (!IS_ERR_OR_NULL(t->hw_fence))
		dma_fence_put(t->hw_fence);
	root_device_unregister(t->dev);
}

/* Start a scheduler as a driver does that asks for the annotation, or not. */
static void sig_test_start(struct kunit *test, bool fence_signalling)
{
	struct sig_test *t = test->priv;
	struct drm_gpu_scheduler *sched = &t->sched;
	struct drm_sched_init_args args = {
		.ops = &sig_test_ops,
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 12, 0)
		.num_rqs = DRM_SCHED_PRIORITY_COUNT,
#endif
		.credit_limit = 4,
		.timeout = MAX_SCHEDULE_TIMEOUT,
		.name = "sig-test",
		.dev = t->dev,
#if LINUX_VERSION_CODE >= KERNEL_VERSION(7, 2, 0)
		.fence_signalling = fence_signalling,
#endif
	};

	KUNIT_ASSERT_EQ(test, drm_sched_init(sched, &args), 0);
	t->sched_ready = true;
#if LINUX_VERSION_CODE < KERNEL_VERSION(7, 2, 0)
	sched->fence_signalling = fence_signalling;
#endif
	KUNIT_ASSERT_EQ(test, drm_sched_entity_init(&t->entity,
						    DRM_SCHED_PRIORITY_NORMAL,
						    &sched, 1, NULL), 0);
	t->entity_ready = true;
}

/* Push a job, and return a reference to the fence that it finishes with. */
static struct dma_fence *sig_test_push(struct kunit *test)
{
	struct sig_test *t = test->priv;
	struct sig_test_job *j = kzalloc(sizeof(*j), GFP_KERNEL);
	struct dma_fence *fence;
	int ret;

	KUNIT_ASSERT_NOT_NULL(test, j);
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 12, 0)
	ret = drm_sched_job_init(&j->base, &t->entity, 1, t, 0);
#else
	ret = drm_sched_job_init(&j->base, &t->entity, t);
#endif
	if (ret)
		kfree(j);
	KUNIT_ASSERT_EQ(test, ret, 0);

	j->test = t;
	drm_sched_job_arm(&j->base);
	fence = dma_fence_get(&j->base.s_fence->finished);
	drm_sched_entity_push_job(&j->base);

	return fence;
}

static void sig_test_wait(struct kunit *test, struct dma_fence *fence)
{
	struct sig_test *t = test->priv;
	unsigned long end = jiffies + SIG_TEST_TIMEOUT;
	int nr;

	KUNIT_EXPECT_GT(test, dma_fence_wait_timeout(fence, false,
						     SIG_TEST_TIMEOUT), 0L);
	dma_fence_put(fence);
	nr = atomic_read(&t->nr_run);
	while (atomic_read(&t->nr_free) < nr && time_before(jiffies, end))
		schedule_timeout_uninterruptible(1);
	KUNIT_EXPECT_EQ(test, atomic_read(&t->nr_free), nr);
}

static void sig_test_new_hw_fence(struct kunit *test)
{
	struct sig_test *t = test->priv;
	struct sig_test_fence *f = kzalloc(sizeof(*f), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, f);
	spin_lock_init(&f->lock);
	dma_fence_init(&f->base, &sig_test_fence_ops, &f->lock,
		       dma_fence_context_alloc(1), 1);
	t->hw_fence = &f->base;
}

/* Three jobs in a row, so that a section left open shows at the next. */
static void sig_test_three_jobs(struct kunit *test, bool fence_signalling)
{
	struct sig_test *t = test->priv;
	int i;

	sig_test_start(test, fence_signalling);
	for (i = 0; i < 3; i++)
		sig_test_wait(test, sig_test_push(test));

	KUNIT_EXPECT_EQ(test, atomic_read(&t->nr_run), 3);
	KUNIT_EXPECT_EQ(test, atomic_read(&t->nr_run_annotated),
			fence_signalling ? 3 : 0);
	/* The next job is run by the same thread, or behind it in the queue. */
	KUNIT_EXPECT_EQ(test, atomic_read(&t->nr_free_annotated),
			fence_signalling ? 3 : 0);
	KUNIT_EXPECT_TRUE(test, debug_locks);
}

static void sched_signalling_off(struct kunit *test)
{
	sig_test_three_jobs(test, false);
}

static void sched_signalling_on(struct kunit *test)
{
	sig_test_three_jobs(test, true);
}

static void sched_signalling_job_fails(struct kunit *test)
{
	struct sig_test *t = test->priv;

	t->hw_fence = ERR_PTR(-EIO);
	sig_test_three_jobs(test, true);
}

static void sched_signalling_done_at_once(struct kunit *test)
{
	struct sig_test *t = test->priv;

	sig_test_new_hw_fence(test);
	dma_fence_signal(t->hw_fence);
	sig_test_three_jobs(test, true);
}

/* The fence is signalled later and from elsewhere, as by an interrupt. */
static void sched_signalling_done_later(struct kunit *test)
{
	struct sig_test *t = test->priv;
	unsigned long end = jiffies + SIG_TEST_TIMEOUT;
	struct dma_fence *fence;

	sig_test_new_hw_fence(test);
	sig_test_start(test, true);
	fence = sig_test_push(test);
	while (!atomic_read(&t->nr_run) && time_before(jiffies, end))
		schedule_timeout_uninterruptible(1);
	KUNIT_EXPECT_FALSE(test, dma_fence_is_signaled(fence));

	dma_fence_signal(t->hw_fence);
	sig_test_wait(test, fence);
	KUNIT_EXPECT_EQ(test, atomic_read(&t->nr_run_annotated), 1);
	KUNIT_EXPECT_EQ(test, atomic_read(&t->nr_free_annotated), 1);
	KUNIT_EXPECT_TRUE(test, debug_locks);
}

static const char *sig_test_timeline(struct dma_fence *fence)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(7, 2, 0)
	const char __rcu *timeline;
	const char *name;

	rcu_read_lock();
	timeline = dma_fence_timeline_name(fence);
	name = rcu_dereference(timeline);
	rcu_read_unlock();

	return name;
#else
	return fence->ops->get_timeline_name(fence);
#endif
}

/* A sync_file may ask for the name when the scheduler is gone. */
static void sched_signalling_name_when_done(struct kunit *test)
{
	struct sig_test *t = test->priv;
	struct dma_fence *fence;

	sig_test_start(test, false);
	fence = sig_test_push(test);
	dma_fence_get(fence);
	sig_test_wait(test, fence);

	t->sched.name = "gone";
	KUNIT_EXPECT_STRNEQ(test, sig_test_timeline(fence), "gone");
	dma_fence_put(fence);
}

static struct kunit_case sched_signalling_cases[] = {
	KUNIT_CASE(sched_signalling_off),
	KUNIT_CASE(sched_signalling_on),
	KUNIT_CASE(sched_signalling_job_fails),
	KUNIT_CASE(sched_signalling_done_at_once),
	KUNIT_CASE(sched_signalling_done_later),
	KUNIT_CASE(sched_signalling_name_when_done),
	{}
};

static struct kunit_suite sched_signalling_suite = {
	.name = "drm_sched_signalling",
	.init = sig_test_init,
	.exit = sig_test_exit,
	.test_cases = sched_signalling_cases,
};

kunit_test_suite(sched_signalling_suite);

MODULE_DESCRIPTION("KUnit tests of the GPU scheduler's signalling annotation");
MODULE_LICENSE("GPL");
