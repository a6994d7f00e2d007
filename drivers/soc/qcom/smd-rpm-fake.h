/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A fake Resource Power Manager to bind the real driver to, for KUnit tests.
 */
#ifndef __DRIVERS_SOC_QCOM_SMD_RPM_FAKE_H
#define __DRIVERS_SOC_QCOM_SMD_RPM_FAKE_H

#include <linux/atomic.h>
#include <linux/completion.h>
#include <linux/lockdep.h>
#include <linux/of.h>
#include <linux/rpmsg.h>
#include <linux/types.h>

struct qcom_smd_rpm;

/* So many requests are remembered */
#define FAKE_LOG	32

/**
 * struct fake_request - a request as it is sent: seven words, then its payload
 * @service: always a request
 * @length: of what follows @length
 * @msg_id: a number that the answer has, too
 * @flags: active or sleep state
 * @type: resource type
 * @id: resource id
 * @data_len: length of @payload
 * @payload: key, length, value
 */
struct fake_request {
	__le32 service, length;
	__le32 msg_id, flags, type, id, data_len;
	u8 payload[256];
};

/**
 * struct fake_rpm - the far end of the channel
 * @parent: parent of the channel's device
 * @rpdev: the channel's device
 * @ept: its endpoint
 * @np: the node that the driver wants
 * @rpm: what the driver has made of it
 * @sent: the last request that was sent
 * @sent_len: its length
 * @send_ret: what sending returns
 * @requests: number of requests so far
 * @log: the latest requests, less their payload but for the value
 * @lock: the driver's lock as lockdep knows it, NULL if it was not held
 * @tainted: a lock that was held and under which reclaim was entered once
 * @gate_closed: the next request waits, before it is copied to @sent
 * @gate_entered: somebody waits
 * @gate_opened: they may go on
 */
struct fake_rpm {
	struct device *parent;
	struct rpmsg_device *rpdev;
	struct rpmsg_endpoint ept;
	struct device_node np;
	struct qcom_smd_rpm *rpm;
	struct fake_request sent;
	int sent_len;
	int send_ret;
	int requests;
	struct {
		u32 type, id, value;
	} log[FAKE_LOG];
	struct lockdep_map *lock;
	const char *tainted;
	atomic_t gate_closed;
	struct completion gate_entered;
	struct completion gate_opened;
};

#define FAKE_TYPE_REQ		0x00716572	/* "req\0" */

/**
 * fake_sent_value() - the value that the last request was to set
 * @fake: the RPM
 */
static inline u32 fake_sent_value(struct fake_rpm *fake)
{
	return le32_to_cpup((__le32 *)fake->sent.payload + 2);
}

bool fake_rpm_was_sent(struct fake_rpm *fake, u32 type, u32 id, u32 *value);
struct fake_rpm *fake_rpm_create(void);
void fake_rpm_destroy(struct fake_rpm *fake);

#endif
