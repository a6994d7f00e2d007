// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of the way from icc_set_bw() to the RPM: the interconnect core,
 * its RPM provider and the RPM driver are the real ones, the RPM is a fake.
 *
 * A GPU that is resumed for a job goes this way, and memory reclaim may wait for
 * the job: none of the locks on it may ever be held over reclaim.
 */
#include <kunit/test.h>
#include <linux/clk.h>
#include <linux/clk-provider.h>
#include <linux/clkdev.h>
#include <linux/debug_locks.h>
#include <linux/err.h>
#include <linux/interconnect.h>
#include <linux/interconnect-provider.h>
#include <linux/of.h>
#include <linux/platform_device.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <linux/soc/qcom/smd-rpm.h>
#include <linux/version.h>

#include "../../soc/qcom/smd-rpm-fake.h"
#include "../internal.h"
#include "icc-common.h"
#include "icc-rpm.h"

/* Far from the ids of real providers */
#define MASTER_ID	31564
#define SLAVE_ID	31565

#define MASTER_RPM_ID	20
#define SLAVE_RPM_ID	30
#define CLOCK_RPM_ID	1

struct icc_rpm_fixture {
	struct fake_rpm *fake;
	struct platform_device *proxy;
	struct platform_device *noc;
	struct clk_hw clocks[2];
	struct clk_lookup *lookups[2];
	unsigned long rates[2];
	struct icc_path *path;
};

static const u16 master_links[] = { SLAVE_ID };

static struct qcom_icc_node master_node = {
	.name = "icc-rpm-test-master",
	.id = MASTER_ID,
	.buswidth = 8,
	.mas_rpm_id = MASTER_RPM_ID,
	.slv_rpm_id = -1,
	.links = master_links,
	.num_links = ARRAY_SIZE(master_links),
};

static struct qcom_icc_node slave_node = {
	.name = "icc-rpm-test-slave",
	.id = SLAVE_ID,
	.buswidth = 8,
	.mas_rpm_id = -1,
	.slv_rpm_id = SLAVE_RPM_ID,
};

static struct qcom_icc_node * const test_nodes[] = { &master_node, &slave_node };

/* The driver finds its tables by a node, which is not linked into the tree */
static struct property test_compatible = {
	.name = "compatible",
	.value = "icc-rpm-test",
	.length = sizeof("icc-rpm-test"),
};

static struct device_node test_np = {
	.full_name = "icc-rpm-test",
	.properties = &test_compatible,
};

static int test_probe(struct platform_device *pdev)
{
	pdev->dev.of_node = &test_np;
	return qnoc_probe(pdev);
}

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 12, 0)
/*
 * The provider votes for its clocks through the clock framework, with the lock
 * of which held. Have two that go to the RPM as those of clk-smd-rpm do.
 */
static struct icc_rpm_fixture *clock_fixture;

static unsigned long *clock_rate(struct clk_hw *hw)
{
	return &clock_fixture->rates[hw - clock_fixture->clocks];
}

static unsigned long test_clk_recalc_rate(struct clk_hw *hw, unsigned long parent)
{
	return *clock_rate(hw);
}

static int test_clk_determine_rate(struct clk_hw *hw, struct clk_rate_request *req)
{
	return 0;
}

static int test_clk_set_rate(struct clk_hw *hw, unsigned long rate,
			     unsigned long parent)
{
	__le32 data[3] = { cpu_to_le32(1), cpu_to_le32(4), cpu_to_le32(rate) };

	*clock_rate(hw) = rate;

	return qcom_rpm_smd_write(clock_fixture->fake->rpm,
				  hw == &clock_fixture->clocks[0] ?
				  QCOM_SMD_RPM_SLEEP_STATE : QCOM_SMD_RPM_ACTIVE_STATE,
				  QCOM_SMD_RPM_BUS_CLK, CLOCK_RPM_ID, data,
				  sizeof(data));
}

static const struct clk_ops test_clk_ops = {
	.recalc_rate = test_clk_recalc_rate,
	.determine_rate = test_clk_determine_rate,
	.set_rate = test_clk_set_rate,
};

static int make_clocks(struct icc_rpm_fixture *f)
{
	static const char * const names[] = { "bus", "bus_a" };
	struct clk_init_data init = { .ops = &test_clk_ops };
	int i, ret;

	clock_fixture = f;
	for (i = 0; i < ARRAY_SIZE(names); i++) {
		init.name = i ? "icc-rpm-test-bus-a" : "icc-rpm-test-bus";
		f->clocks[i].init = &init;
		ret = clk_hw_register(NULL, &f->clocks[i]);
		if (ret)
			return ret;
		f->lookups[i] = clkdev_hw_create(&f->clocks[i], names[i], "icc-rpm-test");
		if (!f->lookups[i]) {
			clk_hw_unregister(&f->clocks[i]);
			return -ENOMEM;
		}
	}

	return 0;
}

static void drop_clocks(struct icc_rpm_fixture *f)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(f->lookups) && f->lookups[i]; i++) {
		clkdev_drop(f->lookups[i]);
		clk_hw_unregister(&f->clocks[i]);
	}
}

static int test_remove(struct platform_device *pdev)
{
	qnoc_remove(pdev);
	pdev->dev.of_node = NULL;
	return 0;
}

static const struct qcom_icc_desc test_desc = {
	.nodes = test_nodes,
	.num_nodes = ARRAY_SIZE(test_nodes),
};

/* The RPM driver makes the device of the provider's proxy itself */
static struct platform_device *make_proxy(struct fake_rpm *fake)
{
	return NULL;
}

#define path_end(node) ((node).id)
/* What is sent for a node is the sum of the votes of all nodes */
#define summed(avg) ((u32)(icc_units_to_bps(avg) * ARRAY_SIZE(test_nodes)))
#else
static int make_clocks(struct icc_rpm_fixture *f) { return 0; }
static void drop_clocks(struct icc_rpm_fixture *f) { }

static void test_remove(struct platform_device *pdev)
{
	qnoc_remove(pdev);
	pdev->dev.of_node = NULL;
}

static const struct rpm_clk_resource test_clock = {
	.resource_type = QCOM_SMD_RPM_BUS_CLK,
	.clock_id = CLOCK_RPM_ID,
};

static const struct qcom_icc_desc test_desc = {
	.nodes = test_nodes,
	.num_nodes = ARRAY_SIZE(test_nodes),
	.bus_clk_desc = &test_clock,
};

/* It is the driver of the RPM's clocks who makes it */
static struct platform_device *make_proxy(struct fake_rpm *fake)
{
	return platform_device_register_data(&fake->rpdev->dev, "icc_smd_rpm",
					     PLATFORM_DEVID_NONE, NULL, 0);
}

#define path_end(node) ((node).name)
#define summed(avg) ((u32)icc_units_to_bps(avg))
#endif

static const struct of_device_id test_of_match[] = {
	{ .compatible = "icc-rpm-test", .data = &test_desc },
	{ }
};

static struct platform_driver test_driver = {
	.probe = test_probe,
	.remove = test_remove,
	.driver = {
		.name = "icc-rpm-test",
		.of_match_table = test_of_match,
	},
};

/* Lockdep was at work when the suite began */
static bool lockdep_was_on;

static void need_lockdep(struct kunit *test)
{
	if (!lockdep_was_on)
		kunit_skip(test, "lockdep is off");

	KUNIT_ASSERT_TRUE_MSG(test, debug_locks, "lockdep objected, see above");
}

static void icc_rpm_test_votes(struct kunit *test)
{
	struct icc_rpm_fixture *f = test->priv;
	struct fake_rpm *fake = f->fake;
	u32 value, rate;

	KUNIT_ASSERT_EQ(test, icc_set_bw(f->path, 1000, 4000), 0);
	KUNIT_ASSERT_TRUE(test, fake_rpm_was_sent(fake, RPM_BUS_MASTER_REQ,
						  MASTER_RPM_ID, &value));
	KUNIT_EXPECT_EQ(test, value, summed(1000));
	KUNIT_ASSERT_TRUE(test, fake_rpm_was_sent(fake, RPM_BUS_SLAVE_REQ,
						  SLAVE_RPM_ID, &value));
	KUNIT_EXPECT_EQ(test, value, summed(1000));
	KUNIT_ASSERT_TRUE(test, fake_rpm_was_sent(fake, QCOM_SMD_RPM_BUS_CLK,
						  CLOCK_RPM_ID, &rate));
	KUNIT_EXPECT_GT(test, rate, 0);

	/* the peak alone changes the clock */
	KUNIT_ASSERT_EQ(test, icc_set_bw(f->path, 1000, 8000), 0);
	KUNIT_ASSERT_TRUE(test, fake_rpm_was_sent(fake, QCOM_SMD_RPM_BUS_CLK,
						  CLOCK_RPM_ID, &value));
	KUNIT_EXPECT_EQ(test, value, 2 * rate);

	/* an error comes back, and the next one goes through */
	fake->send_ret = -EPIPE;
	KUNIT_EXPECT_EQ(test, icc_set_bw(f->path, 3000, 3000), -EPIPE);
	fake->send_ret = 0;
	KUNIT_EXPECT_EQ(test, icc_set_bw(f->path, 0, 0), 0);
}

/* What lockdep learned of each of the locks on the way */
static void icc_rpm_test_locks(struct kunit *test)
{
	struct icc_rpm_fixture *f = test->priv;

	need_lockdep(test);

	f->fake->tainted = NULL;
	f->fake->requests = 0;
	KUNIT_EXPECT_EQ(test, icc_set_bw(f->path, 1000, 4000), 0);
	KUNIT_EXPECT_EQ(test, icc_disable(f->path), 0);
	KUNIT_EXPECT_EQ(test, icc_enable(f->path), 0);
	KUNIT_EXPECT_GT(test, f->fake->requests, 0);
	KUNIT_EXPECT_NULL_MSG(test, f->fake->tainted,
			      "%s is held over reclaim elsewhere", f->fake->tainted);
}

static void icc_rpm_test_in_reclaim(struct kunit *test)
{
	struct icc_rpm_fixture *f = test->priv;

	need_lockdep(test);

	fs_reclaim_acquire(GFP_KERNEL);
	icc_set_bw(f->path, 2000, 5000);
	icc_disable(f->path);
	icc_enable(f->path);
	icc_set_bw(f->path, 0, 0);
	fs_reclaim_release(GFP_KERNEL);

	need_lockdep(test);
}

static int icc_rpm_test_suite_init(struct kunit_suite *suite)
{
	lockdep_was_on = IS_ENABLED(CONFIG_PROVE_LOCKING) && debug_locks;
	of_node_init(&test_np);

	return platform_driver_register(&test_driver);
}

static void icc_rpm_test_suite_exit(struct kunit_suite *suite)
{
	platform_driver_unregister(&test_driver);
}

static int icc_rpm_test_init(struct kunit *test)
{
	struct icc_rpm_fixture *f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);

	if (!f)
		return -ENOMEM;

	f->fake = fake_rpm_create();
	if (IS_ERR(f->fake) && PTR_ERR(f->fake) == -EBUSY)
		kunit_skip(test, "this machine has an RPM");
	if (IS_ERR(f->fake))
		return PTR_ERR(f->fake);

	/* from here on, the exit function undoes what was done */
	test->priv = f;
	f->proxy = make_proxy(f->fake);
	if (IS_ERR(f->proxy) || make_clocks(f))
		return -ENODEV;

	f->noc = platform_device_register_simple("icc-rpm-test", PLATFORM_DEVID_NONE,
						 NULL, 0);
	if (IS_ERR(f->noc) || !platform_get_drvdata(f->noc))
		return -ENODEV;

	f->path = icc_get(&f->noc->dev, path_end(master_node), path_end(slave_node));

	return PTR_ERR_OR_ZERO(f->path);
}

static void icc_rpm_test_exit(struct kunit *test)
{
	struct icc_rpm_fixture *f = test->priv;

	if (!f)
		return;

	if (!IS_ERR_OR_NULL(f->path))
		icc_put(f->path);
	if (!IS_ERR_OR_NULL(f->noc))
		platform_device_unregister(f->noc);
	drop_clocks(f);
	if (!IS_ERR_OR_NULL(f->proxy))
		platform_device_unregister(f->proxy);
	fake_rpm_destroy(f->fake);
}

static struct kunit_case icc_rpm_test_cases[] = {
	KUNIT_CASE(icc_rpm_test_votes),
	KUNIT_CASE(icc_rpm_test_locks),
	KUNIT_CASE(icc_rpm_test_in_reclaim),
	{}
};

static struct kunit_suite icc_rpm_test_suite = {
	.name = "qcom_icc_rpm",
	.suite_init = icc_rpm_test_suite_init,
	.suite_exit = icc_rpm_test_suite_exit,
	.init = icc_rpm_test_init,
	.exit = icc_rpm_test_exit,
	.test_cases = icc_rpm_test_cases,
};

kunit_test_suite(icc_rpm_test_suite);
