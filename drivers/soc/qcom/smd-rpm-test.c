// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of qcom_rpm_smd_write(): what it sends, and from where it may be
 * called.
 *
 * The driver is the real one, bound to a channel whose other end is a fake RPM.
 */
#include <kunit/test.h>
#include <linux/debug_locks.h>
#include <linux/dma-fence.h>
#include <linux/err.h>
#include <linux/kthread.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <linux/soc/qcom/smd-rpm.h>

#include "smd-rpm-fake.h"

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
	KUNIT_EXPECT_EQ(test, le32_to_cpu(sent->service), FAKE_TYPE_REQ);
	KUNIT_EXPECT_EQ(test, le32_to_cpu(sent->length), 5 * 4 + 12);
	KUNIT_EXPECT_EQ(test, le32_to_cpu(sent->flags), QCOM_SMD_RPM_ACTIVE_STATE);
	KUNIT_EXPECT_EQ(test, le32_to_cpu(sent->type), QCOM_SMD_RPM_BUS_MASTER);
	KUNIT_EXPECT_EQ(test, le32_to_cpu(sent->id), 7);
	KUNIT_EXPECT_EQ(test, le32_to_cpu(sent->data_len), 12);
	KUNIT_EXPECT_EQ(test, fake_sent_value(fake), 0x1234);

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
	KUNIT_EXPECT_EQ(test, fake_sent_value(fake), 200);

	complete(&fake->gate_opened);
	finish_write(test, second, 0);
	KUNIT_EXPECT_EQ(test, fake_sent_value(fake), 201);
}

static void smd_rpm_test_lock(struct kunit *test)
{
	struct fake_rpm *fake = test->priv;

	need_lockdep(test);

	finish_write(test, start_write(test, 1), 0);
	KUNIT_ASSERT_NOT_NULL_MSG(test, fake->lock, "sent without the rpm's lock");
	KUNIT_EXPECT_NULL_MSG(test, fake->tainted, "memory is allocated under it");
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

static int smd_rpm_test_suite_init(struct kunit_suite *suite)
{
	lockdep_was_on = IS_ENABLED(CONFIG_PROVE_LOCKING) && debug_locks;
	return 0;
}

static int smd_rpm_test_init(struct kunit *test)
{
	struct fake_rpm *fake;

	if (stuck)
		return -EDEADLK;

	fake = fake_rpm_create();
	if (IS_ERR(fake) && PTR_ERR(fake) == -EBUSY)
		kunit_skip(test, "this machine has an RPM");
	if (IS_ERR(fake))
		return PTR_ERR(fake);

	test->priv = fake;
	return 0;
}

static void smd_rpm_test_exit(struct kunit *test)
{
	if (test->priv && !stuck)
		fake_rpm_destroy(test->priv);
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
