// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of qcom_rpm_smd_write(): what it sends, and from where it may be
 * called.
 *
 * The driver is the real one, bound to a channel whose other end is a fake RPM
 * in this file: it keeps a copy of the request and answers from within send().
 */
#include <kunit/test.h>
#include <linux/completion.h>
#include <linux/debug_locks.h>
#include <linux/device.h>
#include <linux/dma-fence.h>
#include <linux/err.h>
#include <linux/kthread.h>
#include <linux/lockdep.h>
#include <linux/of.h>
#include <linux/platform_device.h>
#include <linux/rpmsg.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <linux/soc/qcom/smd-rpm.h>
#include <linux/version.h>

#include "../../rpmsg/rpmsg_internal.h"

#define TYPE_REQ	0x00716572	/* "req\0" */
#define TYPE_MSG_ID	0x2367736d	/* "msg#" */

/* A request is seven words, then its payload... */
struct fake_request {
	__le32 service, length;
	__le32 msg_id, flags, type, id, data_len;
	u8 payload[256];
};

/* ... and the answer is a message with the request's id */
struct fake_answer {
	__le32 service, length;
	__le32 msg_type, msg_length, msg_id;
};

struct fake_rpm {
	struct device *parent;
	struct rpmsg_device *rpdev;
	struct rpmsg_endpoint ept;
	struct device_node np;
	struct qcom_smd_rpm *rpm;
	struct fake_request sent;
	int sent_len;
	int send_ret;
	struct lockdep_map *lock;
	atomic_t gate_closed;
	struct completion gate_entered;
	struct completion gate_opened;
};

#define to_fake(_ept) container_of(_ept, struct fake_rpm, ept)

/* A thread waits for good for a lock of the driver's */
static bool stuck;

/* Lockdep was at work when the suite began */
static bool lockdep_was_on;

/* Skip what needs lockdep, fail if it objected to what was done so far */
static void need_lockdep(struct kunit *test)
{
	if (!lockdep_was_on)
		kunit_skip(test, "lockdep is off");

	KUNIT_ASSERT_TRUE_MSG(test, debug_locks, "lockdep objected, see above");
}

#ifdef CONFIG_PROVE_LOCKING
static struct lockdep_map *held_map(const char *name)
{
	int i;

	for (i = 0; i < current->lockdep_depth; i++)
		if (!strcmp(current->held_locks[i].instance->name, name))
			return current->held_locks[i].instance;

	return NULL;
}

static bool reclaims_under(struct lockdep_map *map)
{
	struct lock_list *dep;

	list_for_each_entry(dep, &map->class_cache[0]->locks_after, entry)
		if (dep->class->name && !strcmp(dep->class->name, "fs_reclaim"))
			return true;

	return false;
}
#else
static struct lockdep_map *held_map(const char *name) { return NULL; }
static bool reclaims_under(struct lockdep_map *map) { return false; }
#endif

static void fake_answer(struct fake_rpm *fake)
{
	struct fake_answer answer = {
		.service = cpu_to_le32(TYPE_REQ),
		.length = cpu_to_le32(12),
		.msg_type = cpu_to_le32(TYPE_MSG_ID),
		.msg_length = cpu_to_le32(4),
		.msg_id = fake->sent.msg_id,
	};

	fake->ept.cb(fake->rpdev, &answer, sizeof(answer), NULL, 0);
}

#if LINUX_VERSION_CODE < KERNEL_VERSION(7, 2, 0)
#define rpmsg_const
#else
#define rpmsg_const const
#endif

static int fake_send(struct rpmsg_endpoint *ept, rpmsg_const void *data, int len)
{
	struct fake_rpm *fake = to_fake(ept);

	fake->lock = held_map("&rpm->lock");

	if (atomic_xchg(&fake->gate_closed, 0)) {
		complete(&fake->gate_entered);
		wait_for_completion_timeout(&fake->gate_opened, 10 * HZ);
	}

	fake->sent_len = len;
	memset(&fake->sent, 0, sizeof(fake->sent));
	memcpy(&fake->sent, data, min_t(size_t, len, sizeof(fake->sent)));

	if (fake->send_ret)
		return fake->send_ret;

	fake_answer(fake);
	return 0;
}

static void fake_destroy_ept(struct rpmsg_endpoint *ept)
{
	ept->rpdev->dev.of_node = NULL;
}

static const struct rpmsg_endpoint_ops fake_ept_ops = {
	.destroy_ept = fake_destroy_ept,
	.send = fake_send,
	.trysend = fake_send,
};

/* The driver wants a node for its children: this one has none */
static struct rpmsg_endpoint *fake_create_ept(struct rpmsg_device *rpdev,
					      rpmsg_rx_cb_t cb, void *priv,
					      struct rpmsg_channel_info chinfo)
{
	struct fake_rpm *fake = dev_get_drvdata(rpdev->dev.parent);

	rpdev->dev.of_node = &fake->np;
	fake->ept.rpdev = rpdev;
	fake->ept.cb = cb;
	fake->ept.ops = &fake_ept_ops;

	return &fake->ept;
}

static const struct rpmsg_device_ops fake_device_ops = {
	.create_ept = fake_create_ept,
};

static void fake_release(struct device *dev)
{
	struct rpmsg_device *rpdev = container_of(dev, struct rpmsg_device, dev);

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 12, 0)
	kfree(rpdev->driver_override);
#endif
	kfree(rpdev);
}

static int write_words(struct fake_rpm *fake, u32 id, u32 value)
{
	__le32 data[3] = { cpu_to_le32(1), cpu_to_le32(4), cpu_to_le32(value) };

	return qcom_rpm_smd_write(fake->rpm, QCOM_SMD_RPM_ACTIVE_STATE,
				  QCOM_SMD_RPM_BUS_MASTER, id, data, sizeof(data));
}

/* The longest that is allowed */
static int write_longest(struct fake_rpm *fake)
{
	u8 data[227];
	int i;

	for (i = 0; i < sizeof(data); i++)
		data[i] = i;

	return qcom_rpm_smd_write(fake->rpm, QCOM_SMD_RPM_SLEEP_STATE,
				  QCOM_SMD_RPM_CLK_BUF_A, 9, data, sizeof(data));
}

/* Without a value, the longest */
struct write_job {
	struct fake_rpm *fake;
	u32 value;
	int ret;
	struct completion done;
};

static int write_thread(void *data)
{
	struct write_job *job = data;

	if (job->value)
		job->ret = write_words(job->fake, 7, job->value);
	else
		job->ret = write_longest(job->fake);
	complete(&job->done);

	return 0;
}

static struct write_job *start_write(struct kunit *test, u32 value)
{
	struct write_job *job = kzalloc(sizeof(*job), GFP_KERNEL);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, job);
	job->fake = test->priv;
	job->value = value;
	init_completion(&job->done);
	KUNIT_ASSERT_FALSE(test, IS_ERR(kthread_run(write_thread, job, "smd-rpm-test")));

	return job;
}

/* A thread that does not come back keeps what it may still touch */
static void finish_write(struct kunit *test, struct write_job *job, int ret)
{
	if (!wait_for_completion_timeout(&job->done, 5 * HZ))
		stuck = true;
	KUNIT_ASSERT_FALSE_MSG(test, stuck, "a thread waits for a lock that is not released");
	KUNIT_EXPECT_EQ(test, job->ret, ret);
	kfree(job);
}

static void smd_rpm_test_packet(struct kunit *test)
{
	struct fake_rpm *fake = test->priv;
	struct fake_request *sent = &fake->sent;
	u32 msg_id;
	int i;

	finish_write(test, start_write(test, 0x1234), 0);
	KUNIT_EXPECT_EQ(test, fake->sent_len, 7 * 4 + 12);
	KUNIT_EXPECT_EQ(test, le32_to_cpu(sent->service), TYPE_REQ);
	KUNIT_EXPECT_EQ(test, le32_to_cpu(sent->length), 5 * 4 + 12);
	KUNIT_EXPECT_EQ(test, le32_to_cpu(sent->flags), QCOM_SMD_RPM_ACTIVE_STATE);
	KUNIT_EXPECT_EQ(test, le32_to_cpu(sent->type), QCOM_SMD_RPM_BUS_MASTER);
	KUNIT_EXPECT_EQ(test, le32_to_cpu(sent->id), 7);
	KUNIT_EXPECT_EQ(test, le32_to_cpu(sent->data_len), 12);
	KUNIT_EXPECT_EQ(test, le32_to_cpup((__le32 *)sent->payload + 2), 0x1234);

	msg_id = le32_to_cpu(sent->msg_id);
	finish_write(test, start_write(test, 0), 0);
	KUNIT_EXPECT_EQ(test, fake->sent_len, 255);
	KUNIT_EXPECT_EQ(test, le32_to_cpu(sent->msg_id), msg_id + 1);
	KUNIT_EXPECT_EQ(test, le32_to_cpu(sent->flags), QCOM_SMD_RPM_SLEEP_STATE);
	KUNIT_EXPECT_EQ(test, le32_to_cpu(sent->data_len), 227);
	for (i = 0; i < 227; i++)
		KUNIT_EXPECT_EQ(test, sent->payload[i], i);
}

static void smd_rpm_test_error(struct kunit *test)
{
	struct fake_rpm *fake = test->priv;

	fake->send_ret = -EPIPE;
	finish_write(test, start_write(test, 1), -EPIPE);
	fake->send_ret = 0;
	finish_write(test, start_write(test, 2), 0);
}

static u32 sent_value(struct fake_rpm *fake)
{
	return le32_to_cpup((__le32 *)fake->sent.payload + 2);
}

static void close_gate(struct fake_rpm *fake)
{
	reinit_completion(&fake->gate_entered);
	reinit_completion(&fake->gate_opened);
	atomic_set(&fake->gate_closed, 1);
}

static void wait_at_gate(struct kunit *test)
{
	struct fake_rpm *fake = test->priv;

	if (!wait_for_completion_timeout(&fake->gate_entered, 5 * HZ))
		stuck = true;
	KUNIT_ASSERT_FALSE_MSG(test, stuck, "a request is not sent");
}

/*
 * A request that is being sent is not the next one's to overwrite. The fake
 * copies it after the gate, by when there was time to do so.
 */
static void smd_rpm_test_two_writers(struct kunit *test)
{
	struct fake_rpm *fake = test->priv;
	struct write_job *first, *second;
	bool done;

	close_gate(fake);
	first = start_write(test, 200);
	wait_at_gate(test);
	second = start_write(test, 201);
	done = wait_for_completion_timeout(&second->done, HZ / 20);
	KUNIT_EXPECT_FALSE_MSG(test, done, "two requests at a time");

	/* let the first one through, to the gate only the second */
	atomic_set(&fake->gate_closed, 1);
	reinit_completion(&fake->gate_entered);
	complete(&fake->gate_opened);
	wait_at_gate(test);
	finish_write(test, first, 0);
	KUNIT_EXPECT_EQ(test, sent_value(fake), 200);

	complete(&fake->gate_opened);
	finish_write(test, second, 0);
	KUNIT_EXPECT_EQ(test, sent_value(fake), 201);
}

static void smd_rpm_test_lock(struct kunit *test)
{
	struct fake_rpm *fake = test->priv;

	need_lockdep(test);

	finish_write(test, start_write(test, 1), 0);
	KUNIT_ASSERT_NOT_NULL_MSG(test, fake->lock, "sent without the rpm's lock");
	KUNIT_EXPECT_FALSE_MSG(test, reclaims_under(fake->lock),
			       "memory is allocated under the rpm's lock");
}

/* A clock is set while a GPU is resumed for a job that reclaim waits for */
static void smd_rpm_test_in_reclaim(struct kunit *test)
{
	struct fake_rpm *fake = test->priv;
	int ret;

	need_lockdep(test);

	fs_reclaim_acquire(GFP_KERNEL);
	ret = write_words(fake, 1, 1);
	fs_reclaim_release(GFP_KERNEL);

	KUNIT_EXPECT_EQ(test, ret, 0);
	need_lockdep(test);
}

static void smd_rpm_test_in_signalling(struct kunit *test)
{
	struct fake_rpm *fake = test->priv;
	bool cookie;
	int ret;

	need_lockdep(test);
	if (!IS_ENABLED(CONFIG_DMA_SHARED_BUFFER))
		kunit_skip(test, "there are no fences");

	cookie = dma_fence_begin_signalling();
	ret = write_words(fake, 1, 1);
	dma_fence_end_signalling(cookie);

	KUNIT_EXPECT_EQ(test, ret, 0);
	need_lockdep(test);
}

/* The driver has room for one RPM only: a real one must not be disturbed */
static bool there_is_an_rpm(void)
{
	struct device *dev;

	dev = bus_find_device_by_name(&platform_bus_type, NULL, "icc_smd_rpm");
	put_device(dev);

	return dev;
}

static int smd_rpm_test_suite_init(struct kunit_suite *suite)
{
	lockdep_was_on = IS_ENABLED(CONFIG_PROVE_LOCKING) && debug_locks;
	return 0;
}

static int smd_rpm_test_init(struct kunit *test)
{
	struct rpmsg_device *rpdev;
	struct fake_rpm *fake;
	int ret;

	if (stuck)
		return -EDEADLK;
	if (there_is_an_rpm())
		kunit_skip(test, "this machine has an RPM");

	fake = kzalloc(sizeof(*fake), GFP_KERNEL);
	rpdev = kzalloc(sizeof(*rpdev), GFP_KERNEL);
	if (!fake || !rpdev)
		goto err_free;

	init_completion(&fake->gate_entered);
	init_completion(&fake->gate_opened);
	of_node_init(&fake->np);
	fake->np.full_name = "rpm-requests";

	fake->parent = root_device_register("smd-rpm-test");
	if (IS_ERR(fake->parent))
		goto err_free;
	dev_set_drvdata(fake->parent, fake);

	rpdev->ops = &fake_device_ops;
	rpdev->dev.parent = fake->parent;
	rpdev->dev.release = fake_release;
	fake->rpdev = rpdev;
	ret = rpmsg_register_device_override(rpdev, "qcom_smd_rpm");
	if (ret)
		goto err_parent;

	fake->rpm = dev_get_drvdata(&rpdev->dev);
	if (!fake->rpm || !rpdev->dev.driver) {
		device_unregister(&rpdev->dev);
		ret = -ENODEV;
		goto err_parent;
	}

	test->priv = fake;
	return 0;

err_parent:
	/* the device has freed rpdev */
	root_device_unregister(fake->parent);
	kfree(fake);
	return ret;
err_free:
	kfree(rpdev);
	kfree(fake);
	return -ENOMEM;
}

static void smd_rpm_test_exit(struct kunit *test)
{
	struct fake_rpm *fake = test->priv;

	if (!fake || stuck)
		return;

	device_unregister(&fake->rpdev->dev);
	root_device_unregister(fake->parent);
	kfree(fake);
}

/* The order matters: what may turn lockdep off comes after what needs it */
static struct kunit_case smd_rpm_test_cases[] = {
	KUNIT_CASE(smd_rpm_test_packet),
	KUNIT_CASE(smd_rpm_test_error),
	KUNIT_CASE(smd_rpm_test_two_writers),
	KUNIT_CASE(smd_rpm_test_lock),
	KUNIT_CASE(smd_rpm_test_in_signalling),
	KUNIT_CASE(smd_rpm_test_in_reclaim),
	{}
};

static struct kunit_suite smd_rpm_test_suite = {
	.name = "qcom_smd_rpm",
	.suite_init = smd_rpm_test_suite_init,
	.init = smd_rpm_test_init,
	.exit = smd_rpm_test_exit,
	.test_cases = smd_rpm_test_cases,
};

kunit_test_suite(smd_rpm_test_suite);
