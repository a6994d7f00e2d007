// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of dma_fence_init_noref(): a fence that is embedded in a larger
 * object, whose reference count exists before the fence is initialised.
 */

#include <kunit/test.h>
#include <linux/dma-fence.h>
#include <linux/kref.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

/*
 * The object, as a driver would have it: the fence's count is the object's.
 * It is owned by the test, so that what the release functions did to it can
 * still be looked at.
 */
struct noref_obj {
	int armed_releases;
	int unarmed_releases;
	spinlock_t lock;		/* the fence's */
	struct dma_fence fence;
};

struct noref_cb {
	struct dma_fence_cb base;
	int calls;
};

static const char *noref_name(struct dma_fence *fence)
{
	return "noref-test";
}

static void noref_release(struct dma_fence *fence)
{
	struct noref_obj *obj = container_of(fence, struct noref_obj, fence);

	obj->armed_releases++;
}

static void noref_release_unarmed(struct kref *kref)
{
	struct noref_obj *obj =
		container_of(kref, struct noref_obj, fence.refcount);

	obj->unarmed_releases++;
}

static const struct dma_fence_ops noref_ops = {
	.get_driver_name = noref_name,
	.get_timeline_name = noref_name,
	.release = noref_release,
};

static void noref_called(struct dma_fence *fence, struct dma_fence_cb *cb)
{
	container_of(cb, struct noref_cb, base)->calls++;
}

/* Fill the object with garbage: what init does not set must not look right. */
static struct noref_obj *noref_obj_new(struct kunit *test)
{
	struct noref_obj *obj = kunit_kzalloc(test, sizeof(*obj), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, obj);
	memset(&obj->fence, 0xa5, sizeof(obj->fence));
	spin_lock_init(&obj->lock);
	kref_init(&obj->fence.refcount);

	return obj;
}

static void noref_keeps_the_count(struct kunit *test)
{
	struct noref_obj *obj = noref_obj_new(test);

	kref_get(&obj->fence.refcount);
	kref_get(&obj->fence.refcount);
	dma_fence_init_noref(&obj->fence, &noref_ops, &obj->lock, 7, 8);

	KUNIT_EXPECT_EQ(test, kref_read(&obj->fence.refcount), 3U);
}

static void noref_sets_all_else(struct kunit *test)
{
	struct noref_obj *obj = noref_obj_new(test);

	dma_fence_init_noref(&obj->fence, &noref_ops, &obj->lock, 7, 8);

	KUNIT_EXPECT_PTR_EQ(test, obj->fence.ops, &noref_ops);
	KUNIT_EXPECT_PTR_EQ(test, obj->fence.lock, &obj->lock);
	KUNIT_EXPECT_EQ(test, obj->fence.context, 7ULL);
	KUNIT_EXPECT_EQ(test, obj->fence.seqno, 8ULL);
	KUNIT_EXPECT_EQ(test, obj->fence.flags, 0UL);
	KUNIT_EXPECT_EQ(test, obj->fence.error, 0);
	KUNIT_EXPECT_TRUE(test, list_empty(&obj->fence.cb_list));
	KUNIT_EXPECT_FALSE(test, dma_fence_is_signaled(&obj->fence));
}

static void noref_releases_at_the_last_put(struct kunit *test)
{
	struct noref_obj *obj = noref_obj_new(test);

	/* One reference from before the fence was initialised, one after. */
	kref_get(&obj->fence.refcount);
	dma_fence_init_noref(&obj->fence, &noref_ops, &obj->lock, 7, 8);
	dma_fence_get(&obj->fence);
	KUNIT_EXPECT_EQ(test, dma_fence_signal(&obj->fence), 0);

	dma_fence_put(&obj->fence);
	dma_fence_put(&obj->fence);
	KUNIT_EXPECT_EQ(test, obj->armed_releases, 0);
	dma_fence_put(&obj->fence);
	KUNIT_EXPECT_EQ(test, obj->armed_releases, 1);
	KUNIT_EXPECT_EQ(test, obj->unarmed_releases, 0);
}

static void noref_never_initialised(struct kunit *test)
{
	struct noref_obj *obj = noref_obj_new(test);

	kref_get(&obj->fence.refcount);
	KUNIT_EXPECT_FALSE(test, kref_put(&obj->fence.refcount,
					  noref_release_unarmed));
	KUNIT_EXPECT_TRUE(test, kref_put(&obj->fence.refcount,
					 noref_release_unarmed));
	KUNIT_EXPECT_EQ(test, obj->unarmed_releases, 1);
	KUNIT_EXPECT_EQ(test, obj->armed_releases, 0);
}

static void noref_signals_callbacks(struct kunit *test)
{
	struct noref_obj *obj = noref_obj_new(test);
	struct noref_cb cb = {};

	dma_fence_init_noref(&obj->fence, &noref_ops, &obj->lock, 7, 8);
	KUNIT_ASSERT_EQ(test, dma_fence_add_callback(&obj->fence, &cb.base,
						     noref_called), 0);
	KUNIT_EXPECT_EQ(test, dma_fence_signal(&obj->fence), 0);
	KUNIT_EXPECT_EQ(test, cb.calls, 1);
	KUNIT_EXPECT_EQ(test, dma_fence_wait_timeout(&obj->fence, false, 1), 1L);
	dma_fence_put(&obj->fence);
	KUNIT_EXPECT_EQ(test, obj->armed_releases, 1);
}

/* dma_fence_init() is built on the other: it must go on to start at one. */
static void init_starts_at_one(struct kunit *test)
{
	struct noref_obj *obj = noref_obj_new(test);

	kref_get(&obj->fence.refcount);
	dma_fence_init(&obj->fence, &noref_ops, &obj->lock, 7, 8);
	KUNIT_EXPECT_EQ(test, kref_read(&obj->fence.refcount), 1U);
	KUNIT_EXPECT_PTR_EQ(test, obj->fence.ops, &noref_ops);
	KUNIT_EXPECT_EQ(test, dma_fence_signal(&obj->fence), 0);
	dma_fence_put(&obj->fence);
	KUNIT_EXPECT_EQ(test, obj->armed_releases, 1);
}

static struct kunit_case noref_cases[] = {
	KUNIT_CASE(noref_keeps_the_count),
	KUNIT_CASE(noref_sets_all_else),
	KUNIT_CASE(noref_releases_at_the_last_put),
	KUNIT_CASE(noref_never_initialised),
	KUNIT_CASE(noref_signals_callbacks),
	KUNIT_CASE(init_starts_at_one),
	{}
};

static struct kunit_suite noref_suite = {
	.name = "dma_fence_noref",
	.test_cases = noref_cases,
};

kunit_test_suite(noref_suite);

MODULE_DESCRIPTION("KUnit tests of dma_fence_init_noref()");
MODULE_LICENSE("GPL");
