// SPDX-License-Identifier: GPL-2.0-only
/*
 * A fake Resource Power Manager to bind the real driver to, for KUnit tests.
 *
 * It is the other end of an rpmsg channel: it keeps a copy of the request, notes
 * which locks are held and answers from within send().
 */
#include <linux/device.h>
#include <linux/err.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/version.h>

#include "../../rpmsg/rpmsg_internal.h"
#include "smd-rpm-fake.h"

#define TYPE_MSG_ID	0x2367736d	/* "msg#" */

#define to_fake(_ept) container_of(_ept, struct fake_rpm, ept)

/* The answer is a message with the request's id */
struct fake_answer {
	__le32 service, length;
	__le32 msg_type, msg_length, msg_id;
};

/* Nothing that is held on the way here may ever be held over reclaim */
#ifdef CONFIG_PROVE_LOCKING
static bool reclaims_under(struct lockdep_map *map)
{
	struct lock_class *class = map->class_cache[0];
	struct lock_list *dep;

	if (!class)
		return false;

	list_for_each_entry(dep, &class->locks_after, entry)
		if (dep->class->name && !strcmp(dep->class->name, "fs_reclaim"))
			return true;

	return false;
}

static void note_locks(struct fake_rpm *fake)
{
	struct lockdep_map *map;
	int i;

	fake->lock = NULL;
	for (i = 0; i < current->lockdep_depth; i++) {
		map = current->held_locks[i].instance;
		if (!strcmp(map->name, "&rpm->lock"))
			fake->lock = map;
		if (reclaims_under(map))
			fake->tainted = map->name;
	}
}
#else
static void note_locks(struct fake_rpm *fake) { }
#endif

static void fake_answer(struct fake_rpm *fake)
{
	struct fake_answer answer = {
		.service = cpu_to_le32(FAKE_TYPE_REQ),
		.length = cpu_to_le32(12),
		.msg_type = cpu_to_le32(TYPE_MSG_ID),
		.msg_length = cpu_to_le32(4),
		.msg_id = fake->sent.msg_id,
	};

	fake->ept.cb(fake->rpdev, &answer, sizeof(answer), NULL, 0);
}

static void note_request(struct fake_rpm *fake)
{
	int i = fake->requests++ % FAKE_LOG;

	fake->log[i].type = le32_to_cpu(fake->sent.type);
	fake->log[i].id = le32_to_cpu(fake->sent.id);
	fake->log[i].value = fake_sent_value(fake);
}

/**
 * fake_rpm_was_sent() - look for the latest request for a resource
 * @fake: the RPM
 * @type: type of the resource
 * @id: its id
 * @value: where to put what it was set to
 *
 * Return: whether there was one.
 */
bool fake_rpm_was_sent(struct fake_rpm *fake, u32 type, u32 id, u32 *value)
{
	int i, n;

	for (n = fake->requests; n > 0 && n > fake->requests - FAKE_LOG; n--) {
		i = (n - 1) % FAKE_LOG;
		if (fake->log[i].type == type && fake->log[i].id == id) {
			*value = fake->log[i].value;
			return true;
		}
	}

	return false;
}

#if LINUX_VERSION_CODE < KERNEL_VERSION(7, 2, 0)
#define rpmsg_const
#else
#define rpmsg_const const
#endif

static int fake_send(struct rpmsg_endpoint *ept, rpmsg_const void *data, int len)
{
	struct fake_rpm *fake = to_fake(ept);

	note_locks(fake);

	if (atomic_xchg(&fake->gate_closed, 0)) {
		complete(&fake->gate_entered);
		wait_for_completion_timeout(&fake->gate_opened, 10 * HZ);
	}

	fake->sent_len = len;
	memset(&fake->sent, 0, sizeof(fake->sent));
	memcpy(&fake->sent, data, min_t(size_t, len, sizeof(fake->sent)));

	note_request(fake);
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

/* The driver has room for one RPM only: a real one must not be disturbed */
static bool there_is_an_rpm(void)
{
	struct device *dev;

	dev = bus_find_device_by_name(&platform_bus_type, NULL, "icc_smd_rpm");
	put_device(dev);

	return dev;
}

/**
 * fake_rpm_create() - make an RPM and bind the driver to it
 *
 * Return: the RPM, -EBUSY if there is a real one, or another error.
 */
struct fake_rpm *fake_rpm_create(void)
{
	struct rpmsg_device *rpdev;
	struct fake_rpm *fake;
	int ret = -ENOMEM;

	if (there_is_an_rpm())
		return ERR_PTR(-EBUSY);

	fake = kzalloc(sizeof(*fake), GFP_KERNEL);
	rpdev = kzalloc(sizeof(*rpdev), GFP_KERNEL);
	if (!fake || !rpdev)
		goto err_free;

	init_completion(&fake->gate_entered);
	init_completion(&fake->gate_opened);
	of_node_init(&fake->np);
	fake->np.full_name = "rpm-requests";

	fake->parent = root_device_register("fake-rpm");
	if (IS_ERR(fake->parent)) {
		ret = PTR_ERR(fake->parent);
		goto err_free;
	}
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

	return fake;

err_parent:
	/* the device has freed rpdev */
	root_device_unregister(fake->parent);
	kfree(fake);
	return ERR_PTR(ret);
err_free:
	kfree(rpdev);
	kfree(fake);
	return ERR_PTR(ret);
}

/**
 * fake_rpm_destroy() - unbind the driver and free the RPM
 * @fake: the RPM
 */
void fake_rpm_destroy(struct fake_rpm *fake)
{
	device_unregister(&fake->rpdev->dev);
	root_device_unregister(fake->parent);
	kfree(fake);
}
