// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of clock notifiers: that they are called, and that to register one
 * does not enter memory reclaim with prepare_lock held.
 *
 * A GPU that is resumed for a job sets clocks, and reclaim may wait for the job.
 * Lockdep never reports that: clk_prepare_lock() tries prepare_lock first, which
 * tells lockdep nothing of the locks that are held already. What it does learn
 * is what is done with prepare_lock held, so that is what is looked at.
 */
#include <kunit/lock-probe.h>
#include <kunit/test.h>
#include <linux/clk.h>
#include <linux/clk-provider.h>
#include <linux/debug_locks.h>
#include <linux/notifier.h>

struct clk_reclaim_fixture {
	struct clk_hw hw;
	struct clk *clk;
	unsigned long rate;
	struct lockdep_map *prepare_map;
	struct notifier_block nb[2];
	int calls[2];
};

#define to_fixture(_hw) container_of(_hw, struct clk_reclaim_fixture, hw)

static unsigned long test_recalc_rate(struct clk_hw *hw, unsigned long parent_rate)
{
	return to_fixture(hw)->rate;
}

static int test_determine_rate(struct clk_hw *hw, struct clk_rate_request *req)
{
	return 0;
}

static int test_set_rate(struct clk_hw *hw, unsigned long rate,
			 unsigned long parent_rate)
{
	struct clk_reclaim_fixture *f = to_fixture(hw);

	f->prepare_map = lock_probe_held("prepare_lock");
	f->rate = rate;

	return 0;
}

static const struct clk_ops test_clk_ops = {
	.recalc_rate = test_recalc_rate,
	.determine_rate = test_determine_rate,
	.set_rate = test_set_rate,
};

static int first_call(struct notifier_block *nb, unsigned long action, void *data)
{
	container_of(nb, struct clk_reclaim_fixture, nb[0])->calls[0]++;
	return NOTIFY_OK;
}

static int second_call(struct notifier_block *nb, unsigned long action, void *data)
{
	container_of(nb, struct clk_reclaim_fixture, nb[1])->calls[1]++;
	return NOTIFY_OK;
}

static void clk_reclaim_test_notifier(struct kunit *test)
{
	struct clk_reclaim_fixture *f = test->priv;

	if (!IS_ENABLED(CONFIG_PROVE_LOCKING) || !debug_locks)
		kunit_skip(test, "lockdep is off");

	KUNIT_ASSERT_EQ(test, clk_set_rate(f->clk, 1000), 0);
	KUNIT_ASSERT_NOT_NULL(test, f->prepare_map);
	if (lock_probe_reclaims_under(f->prepare_map))
		kunit_skip(test, "prepare_lock was held over reclaim by others");

	KUNIT_EXPECT_EQ(test, clk_notifier_register(f->clk, &f->nb[0]), 0);
	KUNIT_EXPECT_FALSE_MSG(test, lock_probe_reclaims_under(f->prepare_map),
			       "memory is allocated under prepare_lock");
	KUNIT_EXPECT_EQ(test, clk_notifier_unregister(f->clk, &f->nb[0]), 0);
	KUNIT_EXPECT_FALSE(test, lock_probe_reclaims_under(f->prepare_map));
}

/* Two notifiers of a clock share what is allocated, whoever goes first */
static void clk_reclaim_test_calls(struct kunit *test)
{
	struct clk_reclaim_fixture *f = test->priv;
	int i;

	for (i = 0; i < 2; i++)
		KUNIT_ASSERT_EQ(test, clk_notifier_register(f->clk, &f->nb[i]), 0);
	KUNIT_EXPECT_EQ(test, clk_set_rate(f->clk, 2000), 0);
	/* before and after the change */
	KUNIT_EXPECT_EQ(test, f->calls[0], 2);
	KUNIT_EXPECT_EQ(test, f->calls[1], 2);

	KUNIT_EXPECT_EQ(test, clk_notifier_unregister(f->clk, &f->nb[0]), 0);
	KUNIT_EXPECT_EQ(test, clk_set_rate(f->clk, 3000), 0);
	KUNIT_EXPECT_EQ(test, f->calls[0], 2);
	KUNIT_EXPECT_EQ(test, f->calls[1], 4);

	KUNIT_EXPECT_EQ(test, clk_notifier_register(f->clk, &f->nb[0]), 0);
	KUNIT_EXPECT_EQ(test, clk_notifier_unregister(f->clk, &f->nb[1]), 0);
	KUNIT_EXPECT_EQ(test, clk_set_rate(f->clk, 4000), 0);
	KUNIT_EXPECT_EQ(test, f->calls[0], 4);
	KUNIT_EXPECT_EQ(test, f->calls[1], 4);

	KUNIT_EXPECT_EQ(test, clk_notifier_unregister(f->clk, &f->nb[0]), 0);
	KUNIT_EXPECT_EQ(test, clk_notifier_unregister(f->clk, &f->nb[0]), -ENOENT);
	KUNIT_EXPECT_EQ(test, clk_notifier_register(f->clk, NULL), -EINVAL);
	KUNIT_EXPECT_EQ(test, clk_notifier_register(NULL, &f->nb[0]), -EINVAL);
	KUNIT_EXPECT_EQ(test, clk_set_rate(f->clk, 5000), 0);
	KUNIT_EXPECT_EQ(test, f->calls[0], 4);
}

static int clk_reclaim_test_init(struct kunit *test)
{
	struct clk_init_data init = {
		.name = "clk-reclaim-test",
		.ops = &test_clk_ops,
	};
	struct clk_reclaim_fixture *f;
	int ret;

	f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);
	if (!f)
		return -ENOMEM;

	f->nb[0].notifier_call = first_call;
	f->nb[1].notifier_call = second_call;
	f->hw.init = &init;
	ret = clk_hw_register(NULL, &f->hw);
	if (ret)
		return ret;

	f->clk = clk_hw_get_clk(&f->hw, "test");
	if (IS_ERR(f->clk)) {
		clk_hw_unregister(&f->hw);
		return PTR_ERR(f->clk);
	}

	test->priv = f;
	return 0;
}

static void clk_reclaim_test_exit(struct kunit *test)
{
	struct clk_reclaim_fixture *f = test->priv;

	if (!f)
		return;

	clk_put(f->clk);
	clk_hw_unregister(&f->hw);
}

static struct kunit_case clk_reclaim_test_cases[] = {
	KUNIT_CASE(clk_reclaim_test_notifier),
	KUNIT_CASE(clk_reclaim_test_calls),
	{}
};

static struct kunit_suite clk_reclaim_test_suite = {
	.name = "clk_reclaim",
	.init = clk_reclaim_test_init,
	.exit = clk_reclaim_test_exit,
	.test_cases = clk_reclaim_test_cases,
};

kunit_test_suite(clk_reclaim_test_suite);
