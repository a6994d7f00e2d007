// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of devfreq: adding and removing one, with its governor, notifiers
 * and PM QoS requests, when memory is short, and that nothing of it waits for
 * memory reclaim with devfreq->lock held.
 */
#include <kunit/alloc-probe.h>
#include <kunit/test.h>
#include <linux/devfreq.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/pm_opp.h>
#include <linux/pm_qos.h>
#include <linux/srcu.h>
#include <linux/version.h>

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 19, 0)
#include <linux/devfreq-governor.h>
#else
#include "governor.h"
#endif

#define LOCK_NAME	"&devfreq->lock"
#define GOVERNOR_NAME	"kunit"

static const unsigned long df_freqs[] = { 100000000, 200000000, 300000000 };

struct df_ctx {
	struct alloc_probe probe;
	struct device *dev;
	struct devfreq *df;
	struct devfreq_dev_profile profile;

	unsigned long wanted;	/* by the governor */
	unsigned long freq;	/* that the device was told */
	unsigned int started;
	unsigned int stopped;
	unsigned int exits;
	unsigned int unlocked;	/* calls of target() without devfreq->lock */
	int start_error;

	struct notifier_block nb;
	unsigned int transitions;

	unsigned int shown;	/* how often a devfreq has become visible */
	unsigned int shown_half;	/* and was not complete then */
};

static int df_target(struct device *dev, unsigned long *freq, u32 flags)
{
	struct df_ctx *ctx = dev_get_drvdata(dev);
	struct dev_pm_opp *opp;

	if (!alloc_probe_lock_held(LOCK_NAME))
		ctx->unlocked++;

	opp = devfreq_recommended_opp(dev, freq, flags);
	if (IS_ERR(opp))
		return PTR_ERR(opp);

	dev_pm_opp_put(opp);
	ctx->freq = *freq;

	return 0;
}

static void df_exit(struct device *dev)
{
	struct df_ctx *ctx = dev_get_drvdata(dev);

	ctx->exits++;
}

static int df_governor_target(struct devfreq *df, unsigned long *freq)
{
	struct df_ctx *ctx = dev_get_drvdata(df->dev.parent);

	*freq = ctx->wanted;

	return 0;
}

static int df_governor_event(struct devfreq *df, unsigned int event, void *data)
{
	struct df_ctx *ctx = dev_get_drvdata(df->dev.parent);

	switch (event) {
	case DEVFREQ_GOV_START:
		ctx->started++;
		return ctx->start_error;
	case DEVFREQ_GOV_STOP:
		ctx->stopped++;
		break;
	}

	return 0;
}

static struct devfreq_governor df_governor = {
	.name = GOVERNOR_NAME,
	.get_target_freq = df_governor_target,
	.event_handler = df_governor_event,
};

static int df_transition(struct notifier_block *nb, unsigned long event, void *data)
{
	struct df_ctx *ctx = container_of(nb, struct df_ctx, nb);

	if (event == DEVFREQ_POSTCHANGE)
		ctx->transitions++;

	return NOTIFY_OK;
}

static void df_new_device(struct kunit *test)
{
	struct df_ctx *ctx = test->priv;
	unsigned int i;

	ctx->dev = root_device_register("devfreq-reclaim-test");
	KUNIT_ASSERT_FALSE(test, IS_ERR(ctx->dev));
	dev_set_drvdata(ctx->dev, ctx);

	for (i = 0; i < ARRAY_SIZE(df_freqs); i++)
		KUNIT_ASSERT_EQ(test, 0, dev_pm_opp_add(ctx->dev, df_freqs[i], 0));

	ctx->profile.initial_freq = df_freqs[0];
	ctx->profile.target = df_target;
	ctx->profile.exit = df_exit;
	ctx->wanted = df_freqs[0];
	ctx->nb.notifier_call = df_transition;
}

static void df_drop_device(struct df_ctx *ctx)
{
	if (!IS_ERR_OR_NULL(ctx->df))
		devfreq_remove_device(ctx->df);
	ctx->df = NULL;

	dev_pm_opp_remove_all_dynamic(ctx->dev);
	root_device_unregister(ctx->dev);
	ctx->dev = NULL;
}

static int df_add(struct df_ctx *ctx)
{
	ctx->df = devfreq_add_device(ctx->dev, &ctx->profile, GOVERNOR_NAME, NULL);

	return PTR_ERR_OR_ZERO(ctx->df);
}

static int df_test_init(struct kunit *test)
{
	int ret;

	test->priv = kunit_kzalloc(test, sizeof(struct df_ctx), GFP_KERNEL);
	if (!test->priv)
		return -ENOMEM;

	ret = devfreq_add_governor(&df_governor);
	if (ret)
		return ret;

	df_new_device(test);

	return 0;
}

static void df_test_exit(struct kunit *test)
{
	struct df_ctx *ctx = test->priv;

	alloc_probe_stop();
	alloc_fault_enable(false);

	if (ctx && !IS_ERR_OR_NULL(ctx->dev))
		df_drop_device(ctx);
	devfreq_remove_governor(&df_governor);
}

static void df_probe_start(struct kunit *test)
{
	struct df_ctx *ctx = test->priv;

	alloc_probe_start(test, &ctx->probe, LOCK_NAME, "devfreq");
}

/* Does all that must be true when a test is over, and the devfreq has gone. */
static void df_probe_stop(struct kunit *test)
{
	struct df_ctx *ctx = test->priv;

	alloc_probe_stop();
	alloc_probe_expect_clean(test, &ctx->probe);
}

static void df_test_unlocked(struct kunit *test)
{
	struct df_ctx *ctx = test->priv;
	int ret;

	df_probe_start(test);
	ret = df_add(ctx);
	/* Of the device's frequencies too, not only those of the profile. */
	df_drop_device(ctx);
	df_probe_stop(test);

	KUNIT_EXPECT_EQ(test, ret, 0);
	KUNIT_EXPECT_GT(test, ctx->probe.total, 10U);
	KUNIT_EXPECT_EQ(test, ctx->started, 1U);
	KUNIT_EXPECT_EQ(test, ctx->stopped, 1U);
	KUNIT_EXPECT_EQ(test, ctx->exits, 1U);
}

static void df_test_refused(struct kunit *test)
{
	struct df_ctx *ctx = test->priv;

	df_probe_start(test);

	ctx->profile.timer = DEVFREQ_TIMER_NUM;
	KUNIT_EXPECT_EQ(test, df_add(ctx), -EINVAL);
	ctx->profile.timer = DEVFREQ_TIMER_DEFERRABLE;

	ctx->df = devfreq_add_device(ctx->dev, &ctx->profile, "no such", NULL);
	KUNIT_EXPECT_TRUE(test, IS_ERR(ctx->df));
	KUNIT_EXPECT_EQ(test, ctx->exits, 1U);

	ctx->start_error = -EBUSY;
	KUNIT_EXPECT_EQ(test, df_add(ctx), -EBUSY);
	KUNIT_EXPECT_EQ(test, ctx->exits, 2U);
	ctx->start_error = 0;

	/* One at a time, and as good as new after all that. */
	KUNIT_EXPECT_EQ(test, df_add(ctx), 0);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(devfreq_add_device(ctx->dev, &ctx->profile,
								 GOVERNOR_NAME, NULL)),
			-EINVAL);
	devfreq_remove_device(ctx->df);
	ctx->df = NULL;

	/* A device without frequencies. */
	dev_pm_opp_remove_all_dynamic(ctx->dev);
	KUNIT_EXPECT_EQ(test, df_add(ctx), -EINVAL);
	KUNIT_EXPECT_EQ(test, ctx->exits, 3U);

	df_drop_device(ctx);
	df_probe_stop(test);
}

static bool df_is_whole(struct devfreq *df)
{
	return df->stats.trans_table && df->stats.time_in_state && df->freq_table;
}

/* One pass of the sweep; returns whether an allocation was made to fail. */
static bool df_fail_nth(struct kunit *test, unsigned int nth, unsigned int *failed)
{
	struct df_ctx *ctx = test->priv;
	int ret, again = 0;
	bool hit, whole = true;

	df_probe_start(test);
	alloc_fault_arm(nth);
	ret = df_add(ctx);
	hit = alloc_fault_disarm();

	/* Whoever was refused can come back as if it had never been there. */
	if (ret)
		again = df_add(ctx);
	if (!again)
		whole = df_is_whole(ctx->df);
	df_drop_device(ctx);
	df_probe_stop(test);

	KUNIT_EXPECT_TRUE(test, whole);
	if (ret) {
		KUNIT_EXPECT_TRUE(test, hit);
		/* device_register() says -EINVAL if its name was not allocated. */
		if (ret != -EINVAL)
			KUNIT_EXPECT_EQ(test, ret, -ENOMEM);
		KUNIT_EXPECT_EQ(test, again, 0);
		(*failed)++;
	}

	return hit;
}

static void df_test_fail_nth(struct kunit *test)
{
	struct df_ctx *ctx = test->priv;
	unsigned int failed = 0, nth;
	bool hit = true;

	/* With the tree variant srcu_init_notifier_head() allocates, or BUG()s. */
	if (!IS_ENABLED(CONFIG_TINY_SRCU))
		kunit_skip(test, "needs TINY_SRCU");
	if (!alloc_fault_enable(true))
		kunit_skip(test, "needs FAILSLAB and FAULT_INJECTION_DEBUG_FS");

	for (nth = 1; hit && nth < 200; nth++) {
		if (!ctx->dev)
			df_new_device(test);
		hit = df_fail_nth(test, nth, &failed);
	}

	alloc_fault_enable(false);

	KUNIT_EXPECT_FALSE_MSG(test, hit, "no pass without a fault");
	/* The devfreq, its frequencies, both statistics, its name, its sysfs. */
	KUNIT_EXPECT_GE(test, failed, 6U);
	kunit_info(test, "%u of %u faults were fatal", failed, nth - 2);
}

static void df_set_wanted(struct df_ctx *ctx, unsigned long freq)
{
	ctx->wanted = freq;
	mutex_lock(&ctx->df->lock);
	update_devfreq(ctx->df);
	mutex_unlock(&ctx->df->lock);
}

static void df_test_transitions(struct kunit *test)
{
	struct df_ctx *ctx = test->priv;

	KUNIT_ASSERT_EQ(test, df_add(ctx), 0);
	KUNIT_EXPECT_EQ(test, ctx->df->max_state, 3U);
	KUNIT_EXPECT_EQ(test, 0, devfreq_register_notifier(ctx->df, &ctx->nb,
							   DEVFREQ_TRANSITION_NOTIFIER));

	df_set_wanted(ctx, df_freqs[1]);
	KUNIT_EXPECT_EQ(test, ctx->freq, df_freqs[1]);
	KUNIT_EXPECT_EQ(test, ctx->transitions, 1U);
	df_set_wanted(ctx, df_freqs[2]);
	KUNIT_EXPECT_EQ(test, ctx->freq, df_freqs[2]);
	KUNIT_EXPECT_EQ(test, ctx->transitions, 2U);

	KUNIT_EXPECT_EQ(test, ctx->df->stats.total_trans, 2U);
	KUNIT_EXPECT_EQ(test, ctx->df->stats.trans_table[0 * 3 + 1], 1U);
	KUNIT_EXPECT_EQ(test, ctx->df->stats.trans_table[1 * 3 + 2], 1U);
	KUNIT_EXPECT_EQ(test, ctx->df->stats.trans_table[2 * 3 + 0], 0U);

	KUNIT_EXPECT_EQ(test, 0, devfreq_unregister_notifier(ctx->df, &ctx->nb,
							     DEVFREQ_TRANSITION_NOTIFIER));
	df_set_wanted(ctx, df_freqs[0]);
	KUNIT_EXPECT_EQ(test, ctx->transitions, 2U);
	KUNIT_EXPECT_EQ(test, ctx->unlocked, 0U);
}

/* PM QoS notifies under its mutex, the OPPs under their notifier's lock. */
static void df_test_limits(struct kunit *test)
{
	struct df_ctx *ctx = test->priv;
	struct dev_pm_qos_request req = { };

	KUNIT_ASSERT_EQ(test, df_add(ctx), 0);

	KUNIT_EXPECT_EQ(test, 1, dev_pm_qos_add_request(ctx->dev, &req,
							DEV_PM_QOS_MIN_FREQUENCY, 250000));
	KUNIT_EXPECT_EQ(test, ctx->freq, df_freqs[2]);
	KUNIT_EXPECT_EQ(test, 1, dev_pm_qos_update_request(&req, 150000));
	KUNIT_EXPECT_EQ(test, ctx->freq, df_freqs[1]);
	KUNIT_EXPECT_EQ(test, 1, dev_pm_qos_remove_request(&req));
	KUNIT_EXPECT_EQ(test, ctx->freq, df_freqs[0]);

	KUNIT_EXPECT_EQ(test, 0, devfreq_register_opp_notifier(ctx->dev, ctx->df));
	KUNIT_EXPECT_EQ(test, 0, dev_pm_opp_disable(ctx->dev, df_freqs[0]));
	KUNIT_EXPECT_EQ(test, ctx->freq, df_freqs[1]);
	KUNIT_EXPECT_EQ(test, 0, dev_pm_opp_enable(ctx->dev, df_freqs[0]));
	KUNIT_EXPECT_EQ(test, ctx->freq, df_freqs[0]);
	KUNIT_EXPECT_EQ(test, 0, devfreq_unregister_opp_notifier(ctx->dev, ctx->df));
	KUNIT_EXPECT_EQ(test, ctx->unlocked, 0U);
}

/*
 * As long as somebody holds on to the devfreq, PM QoS still finds it, and the
 * frequency that it then sets goes into the statistics.
 */
static void df_test_stats_outlive(struct kunit *test)
{
	struct df_ctx *ctx = test->priv;
	struct dev_pm_qos_request req = { };
	void *freed = NULL;
	struct devfreq *df;
	bool table, times;
	int ret;

	df_probe_start(test);
	ret = df_add(ctx);
	if (ret) {
		alloc_probe_stop();
		KUNIT_FAIL(test, "devfreq_add_device() returned %d", ret);
		return;
	}

	df = ctx->df;
	get_device(&df->dev);
	devfreq_remove_device(df);
	ctx->df = NULL;

	table = alloc_probe_is_live(&ctx->probe, df->stats.trans_table, &freed);
	times = alloc_probe_is_live(&ctx->probe, df->stats.time_in_state, &freed);
	if (table && times) {
		dev_pm_qos_add_request(ctx->dev, &req, DEV_PM_QOS_MIN_FREQUENCY, 250000);
		KUNIT_EXPECT_EQ(test, df->stats.total_trans, 1U);
		dev_pm_qos_remove_request(&req);
	}
	put_device(&df->dev);

	df_drop_device(ctx);
	df_probe_stop(test);

	KUNIT_EXPECT_TRUE_MSG(test, table, "freed by %pS", freed);
	KUNIT_EXPECT_TRUE_MSG(test, times, "freed by %pS", freed);
	KUNIT_EXPECT_EQ(test, ctx->exits, 1U);
}

/* Called by device_register(), when user space can see the device as well. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 4, 0)
static int df_show(struct device *dev)
#else
static int df_show(struct device *dev, struct class_interface *interface)
#endif
{
	struct devfreq *df = container_of(dev, struct devfreq, dev);
	struct df_ctx *ctx;

	/* The machine may have others. */
	if (df->profile->target != df_target)
		return 0;

	ctx = dev_get_drvdata(dev->parent);
	ctx->shown++;
	if (!df_is_whole(df))
		ctx->shown_half++;

	return 0;
}

static struct class_interface df_interface = {
	.add_dev = df_show,
};

static void df_test_shown_whole(struct kunit *test)
{
	struct df_ctx *ctx = test->priv;
	int ret;

	/* The class is a private one, but not its devices. */
	KUNIT_ASSERT_EQ(test, df_add(ctx), 0);
	df_interface.class = ctx->df->dev.class;
	KUNIT_ASSERT_EQ(test, class_interface_register(&df_interface), 0);
	KUNIT_EXPECT_EQ(test, ctx->shown, 1U);

	devfreq_remove_device(ctx->df);
	ret = df_add(ctx);
	class_interface_unregister(&df_interface);

	KUNIT_EXPECT_EQ(test, ret, 0);
	KUNIT_EXPECT_EQ(test, ctx->shown, 2U);
	KUNIT_EXPECT_EQ(test, ctx->shown_half, 0U);
}

static struct kunit_case df_test_cases[] = {
	KUNIT_CASE(df_test_transitions),
	KUNIT_CASE(df_test_limits),
	KUNIT_CASE(df_test_unlocked),
	KUNIT_CASE(df_test_shown_whole),
	KUNIT_CASE(df_test_stats_outlive),
	KUNIT_CASE(df_test_refused),
	KUNIT_CASE(df_test_fail_nth),
	{}
};

static int df_suite_init(struct kunit_suite *suite)
{
	return alloc_probe_hook();
}

static void df_suite_exit(struct kunit_suite *suite)
{
	alloc_probe_unhook();
}

static struct kunit_suite df_test_suite = {
	.name = "devfreq_reclaim",
	.suite_init = df_suite_init,
	.suite_exit = df_suite_exit,
	.init = df_test_init,
	.exit = df_test_exit,
	.test_cases = df_test_cases,
};

kunit_test_suite(df_test_suite);

MODULE_LICENSE("GPL");
