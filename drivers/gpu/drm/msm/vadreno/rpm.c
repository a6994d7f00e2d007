// SPDX-License-Identifier: GPL-2.0-only
/*
 * The Resource Power Manager of the virtual SoC: the far end of the channel that
 * the real qcom_smd_rpm driver sends its requests through, and with it those of
 * the clock, power domain, regulator and interconnect drivers that stand on it.
 *
 * It accepts whatever is asked for and answers after a while, from a timer in
 * hard interrupt context, as the interrupt of a real channel would.
 */

#include <linux/debugfs.h>
#include <linux/hrtimer.h>
#include <linux/module.h>
#include <linux/of.h>
#include <linux/platform_device.h>
#include <linux/seq_file.h>
#include <linux/slab.h>

#include "../../../../rpmsg/rpmsg_internal.h"
#include "compat.h"

/* From a request to its answer, unless debugfs says otherwise */
#define RPM_ANSWER_US	20
/* The driver waits for an answer, but not forever: a few may be under way */
#define RPM_QUEUE	8
/* Types of resources that are counted apart: more than a SoC has */
#define RPM_TYPES	16

#define RPM_SERVICE_REQ	0x00716572	/* "req\0" */
#define RPM_MSG_ID	0x2367736d	/* "msg#" */

/* What is sent: a header, the request, and then what is to be set */
struct rpm_packet {
	__le32 service, length;
	__le32 msg_id, flags, type, id, data_len;
};

struct rpm_answer {
	__le32 service, length;
	__le32 msg_type, msg_length, msg_id;
};

/**
 * struct vadreno_rpm - the RPM
 * @ept: the driver's end of the channel
 * @node: of the driver, in the device tree
 * @lock: guards all below
 * @timer: answers
 * @queue: ids of the requests that have not been answered
 * @head: number of requests
 * @tail: number of answers
 * @answer_us: from a request to its answer
 * @types: how many requests there were for each type of resource
 */
struct vadreno_rpm {
	struct rpmsg_endpoint ept;
	struct device_node *node;
	raw_spinlock_t lock;
	struct hrtimer timer;
	__le32 queue[RPM_QUEUE];
	unsigned int head, tail;
	u32 answer_us;
	struct {
		__le32 type;
		u64 requests;
	} types[RPM_TYPES];
};

static void count_request(struct vadreno_rpm *vr, __le32 type)
{
	unsigned int i;

	for (i = 0; i < RPM_TYPES; i++) {
		if (vr->types[i].requests && vr->types[i].type != type)
			continue;
		vr->types[i].type = type;
		vr->types[i].requests++;
		return;
	}
}

static void start_timer(struct vadreno_rpm *vr)
{
	hrtimer_start(&vr->timer, ns_to_ktime(vr->answer_us * (u64)NSEC_PER_USEC),
		      HRTIMER_MODE_REL_HARD);
}

static int rpm_send(struct rpmsg_endpoint *ept, vadreno_rpmsg_const void *data,
		    int len)
{
	struct vadreno_rpm *vr = container_of(ept, struct vadreno_rpm, ept);
	const struct rpm_packet *req = data;
	unsigned long flags;
	int ret = -EAGAIN;

	if (len < sizeof(*req) ||
	    le32_to_cpu(req->length) + offsetof(struct rpm_packet, msg_id) != len)
		return -EINVAL;

	raw_spin_lock_irqsave(&vr->lock, flags);
	if (vr->head - vr->tail < RPM_QUEUE) {
		vr->queue[vr->head++ % RPM_QUEUE] = req->msg_id;
		count_request(vr, req->type);
		if (!hrtimer_is_queued(&vr->timer))
			start_timer(vr);
		ret = 0;
	}
	raw_spin_unlock_irqrestore(&vr->lock, flags);

	return ret;
}

static enum hrtimer_restart rpm_run(struct hrtimer *timer)
{
	struct vadreno_rpm *vr = container_of(timer, struct vadreno_rpm, timer);
	struct rpm_answer answer = {
		.service = cpu_to_le32(RPM_SERVICE_REQ),
		.length = cpu_to_le32(12),
		.msg_type = cpu_to_le32(RPM_MSG_ID),
		.msg_length = cpu_to_le32(4),
	};
	unsigned long flags;
	bool more;

	raw_spin_lock_irqsave(&vr->lock, flags);
	answer.msg_id = vr->queue[vr->tail++ % RPM_QUEUE];
	more = vr->tail != vr->head;
	raw_spin_unlock_irqrestore(&vr->lock, flags);

	vr->ept.cb(vr->ept.rpdev, &answer, sizeof(answer), vr->ept.priv, 0);

	raw_spin_lock_irqsave(&vr->lock, flags);
	if (more && !hrtimer_is_queued(timer))
		start_timer(vr);
	raw_spin_unlock_irqrestore(&vr->lock, flags);

	return HRTIMER_NORESTART;
}

static void rpm_destroy_ept(struct rpmsg_endpoint *ept)
{
	struct vadreno_rpm *vr = container_of(ept, struct vadreno_rpm, ept);

	hrtimer_cancel(&vr->timer);
	vr->tail = vr->head;
}

static const struct rpmsg_endpoint_ops rpm_ept_ops = {
	.destroy_ept = rpm_destroy_ept,
	.send = rpm_send,
	.trysend = rpm_send,
};

static struct rpmsg_endpoint *rpm_create_ept(struct rpmsg_device *rpdev,
					     rpmsg_rx_cb_t cb, void *priv,
					     struct rpmsg_channel_info chinfo)
{
	struct vadreno_rpm *vr = dev_get_drvdata(rpdev->dev.parent);

	vr->ept.rpdev = rpdev;
	vr->ept.cb = cb;
	vr->ept.priv = priv;
	vr->ept.ops = &rpm_ept_ops;

	return &vr->ept;
}

static const struct rpmsg_device_ops rpm_device_ops = {
	.create_ept = rpm_create_ept,
};

static void rpm_release(struct device *dev)
{
	kfree(container_of(dev, struct rpmsg_device, dev));
}

static int requests_show(struct seq_file *s, void *unused)
{
	struct vadreno_rpm *vr = s->private;
	unsigned int i;

	for (i = 0; i < RPM_TYPES && vr->types[i].requests; i++)
		seq_printf(s, "%.4s %llu\n", (char *)&vr->types[i].type,
			   vr->types[i].requests);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(requests);

static int vadreno_rpm_probe(struct platform_device *pdev)
{
	struct rpmsg_device *rpdev;
	struct vadreno_rpm *vr;
	struct dentry *dir;
	int ret;

	vr = devm_kzalloc(&pdev->dev, sizeof(*vr), GFP_KERNEL);
	rpdev = kzalloc(sizeof(*rpdev), GFP_KERNEL);
	if (!vr || !rpdev) {
		kfree(rpdev);
		return -ENOMEM;
	}

	raw_spin_lock_init(&vr->lock);
	vr->answer_us = RPM_ANSWER_US;
	vadreno_timer_init(&vr->timer, rpm_run);
	vr->node = of_get_next_child(pdev->dev.of_node, NULL);
	platform_set_drvdata(pdev, vr);

	rpdev->ops = &rpm_device_ops;
	rpdev->dev.parent = &pdev->dev;
	rpdev->dev.of_node = vr->node;
	rpdev->dev.release = rpm_release;
	strscpy(rpdev->id.name, "rpm_requests", sizeof(rpdev->id.name));
	ret = rpmsg_register_device(rpdev);
	if (ret)
		return dev_err_probe(&pdev->dev, ret, "no virtual RPM\n");

	dir = debugfs_create_dir("vadreno_rpm", NULL);
	debugfs_create_file("requests", 0400, dir, vr, &requests_fops);
	debugfs_create_u32("answer_us", 0600, dir, &vr->answer_us);
	return 0;
}

static const struct of_device_id vadreno_rpm_match[] = {
	{ .compatible = "headway,vadreno-rpm" },
	{ }
};

static struct platform_driver vadreno_rpm_driver = {
	.probe = vadreno_rpm_probe,
	.driver = {
		.name = "vadreno-rpm",
		.of_match_table = vadreno_rpm_match,
		/* Hardware does not go away. */
		.suppress_bind_attrs = true,
	},
};

static int __init vadreno_rpm_init(void)
{
	return platform_driver_register(&vadreno_rpm_driver);
}

/* Before the drivers that it serves. */
subsys_initcall(vadreno_rpm_init);
