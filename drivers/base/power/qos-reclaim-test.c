// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of device PM QoS: what it does for a device that comes, changes
 * and goes, when memory is short, and that it never waits for memory reclaim
 * with dev_pm_qos_mtx held.
 */
#include <kunit/alloc-probe.h>
#include <kunit/test.h>
#include <linux/delay.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/notifier.h>
#include <linux/pm_qos.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#define MUTEX_NAME	"dev_pm_qos_mtx"

struct qos_ctx {
	struct alloc_probe probe;
	struct device *dev;
	struct dev_pm_qos_request req;
	struct dev_pm_qos_request other;
	struct notifier_block nb;
	unsigned int notified;
	unsigned long notified_value;

	/* What set_latency_tolerance() was told. */
	unsigned int told;
	s32 told_value;
	bool told_locked;
	struct work_struct *told_work;
};

static int qos_notify(struct notifier_block *nb, unsigned long value, void *data)
{
	struct qos_ctx *ctx = container_of(nb, struct qos_ctx, nb);

	ctx->notified++;
	ctx->notified_value = value;

	return NOTIFY_OK;
}

/* As NVMe's does, this one allocates; if asked to, it is also slow. */
static void qos_set_tolerance(struct device *dev, s32 value)
{
	struct qos_ctx *ctx = dev_get_drvdata(dev);
	struct work_struct *work = ctx->told_work;

	kfree(kmalloc(64, GFP_KERNEL));

	if (alloc_probe_lock_held(MUTEX_NAME))
		ctx->told_locked = true;

	if (work) {
		ctx->told_work = NULL;
		schedule_work(work);
		msleep(50);
	}

	ctx->told_value = value;
	ctx->told++;
}

static void qos_new_device(struct kunit *test)
{
	struct qos_ctx *ctx = test->priv;
	struct device *dev;

	dev = root_device_register("qos-reclaim-test");
	KUNIT_ASSERT_FALSE(test, IS_ERR(dev));

	dev_set_drvdata(dev, ctx);
	dev->power.set_latency_tolerance = qos_set_tolerance;

	memset(&ctx->req, 0, sizeof(ctx->req));
	memset(&ctx->other, 0, sizeof(ctx->other));
	ctx->nb.notifier_call = qos_notify;
	ctx->dev = dev;
}

/* As a driver's user may: keep the device itself a little longer. */
static struct device *qos_drop_device(struct qos_ctx *ctx)
{
	struct device *dev = get_device(ctx->dev);

	root_device_unregister(ctx->dev);
	ctx->dev = NULL;

	return dev;
}

static int qos_test_init(struct kunit *test)
{
	test->priv = kunit_kzalloc(test, sizeof(struct qos_ctx), GFP_KERNEL);
	if (!test->priv)
		return -ENOMEM;

	qos_new_device(test);

	return 0;
}

static void qos_test_exit(struct kunit *test)
{
	struct qos_ctx *ctx = test->priv;

	alloc_probe_stop();
	alloc_fault_enable(false);

	if (ctx && ctx->dev)
		put_device(qos_drop_device(ctx));
}

/*
 * Everything that may have to allocate. Each of these leaves the device with
 * constraints and takes its own part back with undo().
 */
struct qos_op {
	const char *name;
	int (*run)(struct qos_ctx *ctx);
	void (*undo)(struct qos_ctx *ctx);
	unsigned int own;	/* what it allocates even if there are constraints */
	int gone;		/* what it returns once the device is removed */
};

static int qos_add_latency(struct qos_ctx *ctx)
{
	return dev_pm_qos_add_request(ctx->dev, &ctx->req,
				      DEV_PM_QOS_RESUME_LATENCY, 10);
}

static int qos_add_tolerance(struct qos_ctx *ctx)
{
	return dev_pm_qos_add_request(ctx->dev, &ctx->req,
				      DEV_PM_QOS_LATENCY_TOLERANCE, 10);
}

static int qos_add_max_freq(struct qos_ctx *ctx)
{
	return dev_pm_qos_add_request(ctx->dev, &ctx->req,
				      DEV_PM_QOS_MAX_FREQUENCY, 10);
}

static int qos_add_flags(struct qos_ctx *ctx)
{
	return dev_pm_qos_add_request(ctx->dev, &ctx->req, DEV_PM_QOS_FLAGS,
				      PM_QOS_FLAG_NO_POWER_OFF);
}

static void qos_remove(struct qos_ctx *ctx)
{
	dev_pm_qos_remove_request(&ctx->req);
}

static int qos_watch_latency(struct qos_ctx *ctx)
{
	return dev_pm_qos_add_notifier(ctx->dev, &ctx->nb,
				       DEV_PM_QOS_RESUME_LATENCY);
}

static void qos_unwatch_latency(struct qos_ctx *ctx)
{
	dev_pm_qos_remove_notifier(ctx->dev, &ctx->nb,
				   DEV_PM_QOS_RESUME_LATENCY);
}

static int qos_watch_min_freq(struct qos_ctx *ctx)
{
	return dev_pm_qos_add_notifier(ctx->dev, &ctx->nb,
				       DEV_PM_QOS_MIN_FREQUENCY);
}

static void qos_unwatch_min_freq(struct qos_ctx *ctx)
{
	dev_pm_qos_remove_notifier(ctx->dev, &ctx->nb,
				   DEV_PM_QOS_MIN_FREQUENCY);
}

static int qos_user_tolerance(struct qos_ctx *ctx)
{
	return dev_pm_qos_update_user_latency_tolerance(ctx->dev, 10);
}

static void qos_no_user_tolerance(struct qos_ctx *ctx)
{
	dev_pm_qos_update_user_latency_tolerance(ctx->dev,
						 PM_QOS_LATENCY_TOLERANCE_NO_CONSTRAINT);
}

static int qos_expose_limit(struct qos_ctx *ctx)
{
	return dev_pm_qos_expose_latency_limit(ctx->dev, 10);
}

static void qos_hide_limit(struct qos_ctx *ctx)
{
	dev_pm_qos_hide_latency_limit(ctx->dev);
}

static int qos_expose_flags(struct qos_ctx *ctx)
{
	return dev_pm_qos_expose_flags(ctx->dev, PM_QOS_FLAG_NO_POWER_OFF);
}

static void qos_hide_flags(struct qos_ctx *ctx)
{
	dev_pm_qos_hide_flags(ctx->dev);
}

static const struct qos_op qos_ops[] = {
	{ "resume latency", qos_add_latency, qos_remove, 0, -ENODEV },
	{ "latency tolerance", qos_add_tolerance, qos_remove, 0, -ENODEV },
	{ "maximum frequency", qos_add_max_freq, qos_remove, 0, -ENODEV },
	{ "flags", qos_add_flags, qos_remove, 0, -ENODEV },
	{ "resume latency notifier", qos_watch_latency, qos_unwatch_latency, 0, -ENODEV },
	{ "minimum frequency notifier", qos_watch_min_freq, qos_unwatch_min_freq, 0, -ENODEV },
	{ "user latency tolerance", qos_user_tolerance, qos_no_user_tolerance, 1, -ENODEV },
	{ "exposed latency limit", qos_expose_limit, qos_hide_limit, 1, -EINVAL },
	{ "exposed flags", qos_expose_flags, qos_hide_flags, 1, -EINVAL },
};

static void qos_op_desc(const struct qos_op *op, char *desc)
{
	strscpy(desc, op->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(qos_op, qos_ops, qos_op_desc);

static void qos_probe_start(struct kunit *test)
{
	struct qos_ctx *ctx = test->priv;

	alloc_probe_start(test, &ctx->probe, MUTEX_NAME, "dev_pm_qos");
}

/* Does all that must be true when a test is over, and the device has gone. */
static void qos_probe_stop(struct kunit *test)
{
	struct qos_ctx *ctx = test->priv;

	alloc_probe_stop();
	alloc_probe_expect_clean(test, &ctx->probe);
}

/* With the first user and the second, with a device's last and another's first. */
static void qos_test_unlocked(struct kunit *test)
{
	const struct qos_op *op = test->param_value;
	struct qos_ctx *ctx = test->priv;
	int refused, ret, other;

	qos_probe_start(test);
	/* What was allocated for a device that does not get it is freed. */
	refused = dev_pm_qos_add_request(ctx->dev, NULL,
					 DEV_PM_QOS_MIN_FREQUENCY, 1);
	ret = op->run(ctx);
	other = dev_pm_qos_add_request(ctx->dev, &ctx->other,
				       DEV_PM_QOS_MIN_FREQUENCY, 1);
	if (ret >= 0)
		op->undo(ctx);
	put_device(qos_drop_device(ctx));
	qos_probe_stop(test);

	KUNIT_EXPECT_EQ(test, refused, -EINVAL);
	KUNIT_EXPECT_GE(test, ret, 0);
	KUNIT_EXPECT_EQ(test, other, 1);
	KUNIT_EXPECT_GT(test, ctx->probe.total, 1U);
	/* Removal flushes the list, and the request becomes an unknown one. */
	KUNIT_EXPECT_FALSE(test, dev_pm_qos_request_active(&ctx->other));
}

/* One pass of the sweep; returns whether an allocation was made to fail. */
static bool qos_fail_nth(struct kunit *test, unsigned int nth, unsigned int *failed)
{
	const struct qos_op *op = test->param_value;
	struct qos_ctx *ctx = test->priv;
	int ret, again = 0;
	bool hit;

	qos_probe_start(test);
	alloc_fault_arm(nth);
	ret = op->run(ctx);
	hit = alloc_fault_disarm();

	/* Whoever was refused can come back as if it had never been there. */
	if (ret < 0)
		again = op->run(ctx);
	if (again >= 0)
		op->undo(ctx);
	put_device(qos_drop_device(ctx));
	qos_probe_stop(test);

	if (ret < 0) {
		KUNIT_EXPECT_TRUE(test, hit);
		KUNIT_EXPECT_EQ(test, ret, -ENOMEM);
		KUNIT_EXPECT_GE(test, again, 0);
		(*failed)++;
	}

	return hit;
}

static void qos_test_fail_nth(struct kunit *test)
{
	unsigned int failed = 0, nth;
	bool hit = true;

	if (!alloc_fault_enable(true))
		kunit_skip(test, "needs FAILSLAB and FAULT_INJECTION_DEBUG_FS");

	for (nth = 1; hit && nth < 100; nth++) {
		struct qos_ctx *ctx = test->priv;

		if (!ctx->dev)
			qos_new_device(test);
		hit = qos_fail_nth(test, nth, &failed);
	}

	alloc_fault_enable(false);

	KUNIT_EXPECT_FALSE_MSG(test, hit, "no pass without a fault");
	/* The constraints and their notifier heads at least. */
	KUNIT_EXPECT_GE(test, failed, 2U);
}

/* Nobody allocates constraints for a device that has its own. */
static void qos_test_no_spare(struct kunit *test)
{
	const struct qos_op *op = test->param_value;
	struct qos_ctx *ctx = test->priv;
	int ret;

	KUNIT_EXPECT_EQ(test, 1, dev_pm_qos_add_request(ctx->dev, &ctx->other,
							DEV_PM_QOS_MIN_FREQUENCY, 1));

	qos_probe_start(test);
	ret = op->run(ctx);
	if (ret >= 0)
		op->undo(ctx);
	qos_probe_stop(test);

	KUNIT_EXPECT_GE(test, ret, 0);
	KUNIT_EXPECT_EQ(test, ctx->probe.count, op->own);
	KUNIT_EXPECT_EQ(test, 1, dev_pm_qos_remove_request(&ctx->other));
}

static void qos_test_gone(struct kunit *test)
{
	const struct qos_op *op = test->param_value;
	struct qos_ctx *ctx = test->priv;
	struct device *dev;
	int ret[2];

	KUNIT_EXPECT_EQ(test, 1, dev_pm_qos_add_request(ctx->dev, &ctx->other,
							DEV_PM_QOS_MIN_FREQUENCY, 1));

	/* The device's own constraints are not the probe's business here. */
	qos_probe_start(test);
	dev = qos_drop_device(ctx);
	ctx->dev = dev;
	ret[0] = op->run(ctx);
	ret[1] = op->run(ctx);
	ctx->dev = NULL;
	qos_probe_stop(test);

	KUNIT_EXPECT_EQ(test, ret[0], op->gone);
	KUNIT_EXPECT_EQ(test, ret[1], op->gone);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(dev->power.qos), -ENODEV);
	KUNIT_EXPECT_FALSE(test, dev_pm_qos_request_active(&ctx->req));
	KUNIT_EXPECT_EQ(test, 0, dev_pm_qos_remove_notifier(dev, &ctx->nb,
							    DEV_PM_QOS_RESUME_LATENCY));
	KUNIT_EXPECT_EQ(test, dev_pm_qos_flags(dev, PM_QOS_FLAG_NO_POWER_OFF),
			PM_QOS_FLAGS_UNDEFINED);
	put_device(dev);
}

static s32 qos_latency(struct qos_ctx *ctx)
{
	return dev_pm_qos_raw_resume_latency(ctx->dev);
}

static void qos_test_requests(struct kunit *test)
{
	struct qos_ctx *ctx = test->priv;

	KUNIT_EXPECT_EQ(test, qos_latency(ctx), PM_QOS_RESUME_LATENCY_NO_CONSTRAINT);
	KUNIT_EXPECT_EQ(test, 1, qos_add_latency(ctx));
	KUNIT_EXPECT_EQ(test, qos_latency(ctx), 10);
	KUNIT_EXPECT_EQ(test, 0, dev_pm_qos_add_request(ctx->dev, &ctx->other,
							DEV_PM_QOS_RESUME_LATENCY, 20));
	KUNIT_EXPECT_EQ(test, qos_latency(ctx), 10);
	KUNIT_EXPECT_EQ(test, 1, dev_pm_qos_update_request(&ctx->req, 30));
	KUNIT_EXPECT_EQ(test, qos_latency(ctx), 20);
	KUNIT_EXPECT_EQ(test, 0, dev_pm_qos_update_request(&ctx->req, 30));
	KUNIT_EXPECT_EQ(test, 1, dev_pm_qos_remove_request(&ctx->other));
	KUNIT_EXPECT_EQ(test, qos_latency(ctx), 30);
	KUNIT_EXPECT_EQ(test, 1, dev_pm_qos_remove_request(&ctx->req));
	KUNIT_EXPECT_EQ(test, qos_latency(ctx), PM_QOS_RESUME_LATENCY_NO_CONSTRAINT);

	KUNIT_EXPECT_EQ(test, -EINVAL, dev_pm_qos_update_request(NULL, 1));
	KUNIT_EXPECT_EQ(test, -EINVAL, dev_pm_qos_remove_request(NULL));
	KUNIT_EXPECT_EQ(test, -EINVAL, dev_pm_qos_add_request(ctx->dev, NULL,
							      DEV_PM_QOS_RESUME_LATENCY, 1));
	KUNIT_EXPECT_EQ(test, -EINVAL, dev_pm_qos_add_request(NULL, &ctx->req,
							      DEV_PM_QOS_RESUME_LATENCY, 1));

	/* Only for a device that can be told. */
	ctx->dev->power.set_latency_tolerance = NULL;
	KUNIT_EXPECT_EQ(test, -EINVAL, qos_add_tolerance(ctx));
	KUNIT_EXPECT_EQ(test, -EINVAL, qos_user_tolerance(ctx));
}

static void qos_test_notifiers(struct kunit *test)
{
	struct qos_ctx *ctx = test->priv;

	KUNIT_EXPECT_EQ(test, 0, qos_watch_latency(ctx));
	KUNIT_EXPECT_EQ(test, 1, qos_add_latency(ctx));
	KUNIT_EXPECT_EQ(test, ctx->notified, 1U);
	KUNIT_EXPECT_EQ(test, ctx->notified_value, 10UL);

	KUNIT_EXPECT_EQ(test, 1, dev_pm_qos_update_request(&ctx->req, 40));
	KUNIT_EXPECT_EQ(test, ctx->notified, 2U);
	KUNIT_EXPECT_EQ(test, ctx->notified_value, 40UL);

	/* Another type is another list. */
	KUNIT_EXPECT_EQ(test, 1, dev_pm_qos_add_request(ctx->dev, &ctx->other,
							DEV_PM_QOS_MIN_FREQUENCY, 5));
	KUNIT_EXPECT_EQ(test, ctx->notified, 2U);

	qos_unwatch_latency(ctx);
	KUNIT_EXPECT_EQ(test, 0, qos_watch_min_freq(ctx));
	KUNIT_EXPECT_EQ(test, 1, dev_pm_qos_remove_request(&ctx->req));
	KUNIT_EXPECT_EQ(test, ctx->notified, 2U);
	KUNIT_EXPECT_EQ(test, 1, dev_pm_qos_update_request(&ctx->other, 6));
	KUNIT_EXPECT_EQ(test, ctx->notified, 3U);
	KUNIT_EXPECT_EQ(test, ctx->notified_value, 6UL);

	/* The request goes with the device, and its watcher hears of it. */
	put_device(qos_drop_device(ctx));
	KUNIT_EXPECT_EQ(test, ctx->notified, 4U);
	KUNIT_EXPECT_EQ(test, ctx->notified_value,
			(unsigned long)PM_QOS_MIN_FREQUENCY_DEFAULT_VALUE);
}

static void qos_test_exposed(struct kunit *test)
{
	struct qos_ctx *ctx = test->priv;
	struct device *dev = ctx->dev;

	qos_probe_start(test);

	KUNIT_EXPECT_EQ(test, -EINVAL, dev_pm_qos_expose_latency_limit(dev, -1));
	KUNIT_EXPECT_EQ(test, 0, qos_expose_limit(ctx));
	KUNIT_EXPECT_EQ(test, -EEXIST, dev_pm_qos_expose_latency_limit(dev, 1));
	KUNIT_EXPECT_EQ(test, qos_latency(ctx), 10);

	KUNIT_EXPECT_EQ(test, 0, qos_expose_flags(ctx));
	KUNIT_EXPECT_EQ(test, -EEXIST, qos_expose_flags(ctx));
	KUNIT_EXPECT_EQ(test, dev_pm_qos_flags(dev, PM_QOS_FLAG_NO_POWER_OFF),
			PM_QOS_FLAGS_ALL);

	qos_hide_limit(ctx);
	qos_hide_limit(ctx);
	KUNIT_EXPECT_EQ(test, qos_latency(ctx), PM_QOS_RESUME_LATENCY_NO_CONSTRAINT);
	KUNIT_EXPECT_EQ(test, 0, qos_expose_limit(ctx));

	/* Removal of the device hides both. */
	put_device(qos_drop_device(ctx));
	qos_probe_stop(test);
}

static void qos_test_tolerance(struct kunit *test)
{
	struct qos_ctx *ctx = test->priv;
	struct device *dev = ctx->dev;

	qos_probe_start(test);

	/* Nothing there to remove. */
	KUNIT_EXPECT_EQ(test, -EINVAL, dev_pm_qos_update_user_latency_tolerance(dev, -5));
	KUNIT_EXPECT_EQ(test, 0, dev_pm_qos_update_user_latency_tolerance(dev, -1));
	KUNIT_EXPECT_EQ(test, ctx->told, 0U);

	KUNIT_EXPECT_EQ(test, 1, dev_pm_qos_update_user_latency_tolerance(dev, 100));
	KUNIT_EXPECT_EQ(test, ctx->told, 1U);
	KUNIT_EXPECT_EQ(test, ctx->told_value, 100);
	KUNIT_EXPECT_EQ(test, dev_pm_qos_get_user_latency_tolerance(dev), 100);

	/* The same again: no reason to tell anybody. */
	KUNIT_EXPECT_EQ(test, 0, dev_pm_qos_update_user_latency_tolerance(dev, 100));
	KUNIT_EXPECT_EQ(test, ctx->told, 1U);

	KUNIT_EXPECT_EQ(test, 1, qos_add_tolerance(ctx));
	KUNIT_EXPECT_EQ(test, ctx->told_value, 10);
	KUNIT_EXPECT_EQ(test, 0, dev_pm_qos_update_user_latency_tolerance(dev, 200));
	KUNIT_EXPECT_EQ(test, ctx->told, 2U);
	KUNIT_EXPECT_EQ(test, 1, dev_pm_qos_update_request(&ctx->req, 300));
	KUNIT_EXPECT_EQ(test, ctx->told_value, 200);
	KUNIT_EXPECT_EQ(test, 0, dev_pm_qos_update_request(&ctx->req, 400));
	KUNIT_EXPECT_EQ(test, ctx->told, 3U);

	KUNIT_EXPECT_EQ(test, 0, dev_pm_qos_update_user_latency_tolerance(dev, -1));
	KUNIT_EXPECT_EQ(test, ctx->told_value, 400);
	KUNIT_EXPECT_EQ(test, dev_pm_qos_get_user_latency_tolerance(dev),
			PM_QOS_LATENCY_TOLERANCE_NO_CONSTRAINT);
	KUNIT_EXPECT_EQ(test, 1, dev_pm_qos_remove_request(&ctx->req));
	KUNIT_EXPECT_EQ(test, ctx->told, 5U);
	KUNIT_EXPECT_EQ(test, ctx->told_value, PM_QOS_LATENCY_TOLERANCE_NO_CONSTRAINT);

	KUNIT_EXPECT_EQ(test, 1, qos_add_tolerance(ctx));
	KUNIT_EXPECT_EQ(test, ctx->told_value, 10);
	put_device(qos_drop_device(ctx));
	KUNIT_EXPECT_EQ(test, ctx->told, 7U);
	KUNIT_EXPECT_EQ(test, ctx->told_value, PM_QOS_LATENCY_TOLERANCE_NO_CONSTRAINT);

	qos_probe_stop(test);
	KUNIT_EXPECT_FALSE_MSG(test, ctx->told_locked, "told under " MUTEX_NAME);
}

struct qos_rival {
	struct work_struct work;
	struct qos_ctx *ctx;
};

static void qos_rival_work(struct work_struct *work)
{
	struct qos_rival *rival = container_of(work, struct qos_rival, work);

	dev_pm_qos_update_request(&rival->ctx->req, 20);
}

/* A slow device that is being told 10 while somebody makes it 20 ends at 20. */
static void qos_test_tolerance_order(struct kunit *test)
{
	struct qos_ctx *ctx = test->priv;
	struct qos_rival rival = { .ctx = ctx };

	INIT_WORK_ONSTACK(&rival.work, qos_rival_work);

	KUNIT_EXPECT_EQ(test, 1, dev_pm_qos_add_request(ctx->dev, &ctx->req,
							DEV_PM_QOS_LATENCY_TOLERANCE, 5));
	ctx->told_work = &rival.work;
	KUNIT_EXPECT_EQ(test, 1, dev_pm_qos_update_request(&ctx->req, 10));
	flush_work(&rival.work);
	destroy_work_on_stack(&rival.work);

	KUNIT_EXPECT_EQ(test, ctx->told, 3U);
	KUNIT_EXPECT_EQ(test, ctx->told_value, 20);
	KUNIT_EXPECT_EQ(test, 1, dev_pm_qos_remove_request(&ctx->req));
}

static struct kunit_case qos_test_cases[] = {
	KUNIT_CASE(qos_test_requests),
	KUNIT_CASE(qos_test_notifiers),
	KUNIT_CASE(qos_test_exposed),
	KUNIT_CASE(qos_test_tolerance),
	KUNIT_CASE(qos_test_tolerance_order),
	KUNIT_CASE_PARAM(qos_test_unlocked, qos_op_gen_params),
	KUNIT_CASE_PARAM(qos_test_gone, qos_op_gen_params),
	KUNIT_CASE_PARAM(qos_test_no_spare, qos_op_gen_params),
	KUNIT_CASE_PARAM(qos_test_fail_nth, qos_op_gen_params),
	{}
};

static int qos_suite_init(struct kunit_suite *suite)
{
	return alloc_probe_hook();
}

static void qos_suite_exit(struct kunit_suite *suite)
{
	alloc_probe_unhook();
}

static struct kunit_suite qos_test_suite = {
	.name = "dev_pm_qos_reclaim",
	.suite_init = qos_suite_init,
	.suite_exit = qos_suite_exit,
	.init = qos_test_init,
	.exit = qos_test_exit,
	.test_cases = qos_test_cases,
};

kunit_test_suite(qos_test_suite);

MODULE_LICENSE("GPL");
