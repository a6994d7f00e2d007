// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of root clocks with dynamic frequency switching: that the table of
 * their frequencies is read from the hardware, and that this allocates nothing
 * with the clock framework's prepare_lock held.
 *
 * The registers are those of a regmap without hardware.
 */
#include <kunit/lock-probe.h>
#include <kunit/test.h>
#include <linux/clk.h>
#include <linux/clk-provider.h>
#include <linux/debug_locks.h>
#include <linux/device.h>
#include <linux/regmap.h>

#include "clk-rcg.h"
#include "clk-regmap.h"
#include "common.h"

#define CMD_RCGR	0x100
#define CMD_DFSR	(CMD_RCGR + 0x14)
#define DFS_EN		BIT(0)
#define PERF_DFSR(l)	(CMD_RCGR + 0x1c + 4 * (l))
#define SRC_SEL(cfg)	((cfg) << 8)

/* Eight levels, from the lowest rate up: the divider is (9 - level) / 2 */
#define PARENT_RATE	38400000UL
#define LEVEL_RATE(l)	(PARENT_RATE * 2 / (9 - (l)))

struct dfs_fixture {
	struct device *dev;
	struct regmap *regmap;
	struct clk_hw *parent;
	struct clk_init_data init;
	struct clk_parent_data parents[1];
	struct clk_rcg2 rcg;
	struct clk *clk;
	struct lockdep_map *prepare_map;
};

static const struct parent_map dfs_parent_map[] = { { 0, 0 } };

/* The hardware is at level 0 */
static int dfs_reg_read(void *context, unsigned int reg, unsigned int *val)
{
	struct dfs_fixture *f = context;
	unsigned int level;

	*val = 0;
	if (reg == CMD_DFSR)
		*val = DFS_EN;

	for (level = 0; level < 8; level++) {
		if (reg == PERF_DFSR(level)) {
			*val = SRC_SEL(0) | (8 - level);
			f->prepare_map = lock_probe_held("prepare_lock");
		}
	}

	return 0;
}

static int dfs_reg_write(void *context, unsigned int reg, unsigned int val)
{
	return 0;
}

static const struct regmap_config dfs_regmap_config = {
	.reg_bits = 32,
	.reg_stride = 4,
	.val_bits = 32,
	.reg_read = dfs_reg_read,
	.reg_write = dfs_reg_write,
	.disable_locking = true,
};

static void dfs_test_rates(struct kunit *test)
{
	struct dfs_fixture *f = test->priv;
	int level;

	for (level = 0; level < 8; level++)
		KUNIT_EXPECT_EQ(test, clk_round_rate(f->clk, LEVEL_RATE(level)),
				LEVEL_RATE(level));
	KUNIT_EXPECT_EQ(test, clk_round_rate(f->clk, 1), LEVEL_RATE(0));
	KUNIT_EXPECT_EQ(test, clk_round_rate(f->clk, LEVEL_RATE(3) + 1), LEVEL_RATE(4));
	KUNIT_EXPECT_EQ(test, clk_get_rate(f->clk), LEVEL_RATE(0));
}

static void dfs_test_reclaim(struct kunit *test)
{
	struct dfs_fixture *f = test->priv;

	if (!IS_ENABLED(CONFIG_PROVE_LOCKING) || !debug_locks)
		kunit_skip(test, "lockdep is off");

	/* the framework asks for the rate of a clock that has no table yet */
	KUNIT_EXPECT_EQ(test, clk_get_rate(f->clk), LEVEL_RATE(0));
	KUNIT_ASSERT_NOT_NULL(test, f->prepare_map);
	if (lock_probe_reclaims_under(f->prepare_map))
		kunit_skip(test, "prepare_lock was held over reclaim by others");

	f->prepare_map = NULL;
	KUNIT_EXPECT_EQ(test, clk_round_rate(f->clk, PARENT_RATE), PARENT_RATE);
	KUNIT_ASSERT_NOT_NULL_MSG(test, f->prepare_map, "the table was there already");
	KUNIT_EXPECT_FALSE_MSG(test, lock_probe_reclaims_under(f->prepare_map),
			       "memory is allocated under prepare_lock");
}

static int dfs_test_init(struct kunit *test)
{
	struct clk_rcg_dfs_data data;
	struct dfs_fixture *f;
	int ret;

	f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);
	if (!f)
		return -ENOMEM;

	f->dev = root_device_register("clk-rcg2-dfs-test");
	if (IS_ERR(f->dev))
		return PTR_ERR(f->dev);
	f->regmap = regmap_init(f->dev, NULL, f, &dfs_regmap_config);
	if (IS_ERR(f->regmap)) {
		ret = PTR_ERR(f->regmap);
		goto err_device;
	}
	f->parent = clk_hw_register_fixed_rate(NULL, "clk-rcg2-dfs-test-parent", NULL, 0,
					       PARENT_RATE);
	if (IS_ERR(f->parent)) {
		ret = PTR_ERR(f->parent);
		goto err_regmap;
	}

	f->parents[0].hw = f->parent;
	f->init.name = "clk-rcg2-dfs-test";
	f->init.parent_data = f->parents;
	f->init.num_parents = 1;
	f->init.ops = &clk_rcg2_ops;
	f->rcg.cmd_rcgr = CMD_RCGR;
	f->rcg.hid_width = 5;
	f->rcg.parent_map = dfs_parent_map;
	f->rcg.clkr.regmap = f->regmap;
	f->rcg.clkr.hw.init = &f->init;

	data.rcg = &f->rcg;
	data.init = &f->init;
	ret = qcom_cc_register_rcg_dfs(f->regmap, &data, 1);
	if (ret)
		goto err_parent;
	ret = clk_hw_register(NULL, &f->rcg.clkr.hw);
	if (ret)
		goto err_parent;
	f->clk = clk_hw_get_clk(&f->rcg.clkr.hw, "test");
	if (IS_ERR(f->clk)) {
		ret = PTR_ERR(f->clk);
		goto err_clock;
	}

	test->priv = f;
	return 0;

err_clock:
	clk_hw_unregister(&f->rcg.clkr.hw);
err_parent:
	clk_hw_unregister_fixed_rate(f->parent);
err_regmap:
	regmap_exit(f->regmap);
err_device:
	root_device_unregister(f->dev);
	return ret;
}

static void dfs_test_exit(struct kunit *test)
{
	struct dfs_fixture *f = test->priv;

	if (!f)
		return;

	/* the table has to be freed here: make sure that it is in use */
	clk_round_rate(f->clk, 1);
	clk_put(f->clk);
	clk_hw_unregister(&f->rcg.clkr.hw);
	clk_hw_unregister_fixed_rate(f->parent);
	regmap_exit(f->regmap);
	root_device_unregister(f->dev);
	kfree(f->rcg.freq_tbl);
}

static struct kunit_case dfs_test_cases[] = {
	KUNIT_CASE(dfs_test_reclaim),
	KUNIT_CASE(dfs_test_rates),
	{}
};

static struct kunit_suite dfs_test_suite = {
	.name = "qcom_clk_rcg2_dfs",
	.init = dfs_test_init,
	.exit = dfs_test_exit,
	.test_cases = dfs_test_cases,
};

kunit_test_suite(dfs_test_suite);
