// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interconnect of the virtual Adreno: from the GPU to memory. It carries
 * whatever bandwidth it is asked for, at once. The variants that run the real
 * drivers for it (see the device trees) do not use this one.
 */

#include <linux/device.h>
#include <linux/interconnect-provider.h>
#include <linux/slab.h>

#include "vadreno.h"

/* Ids are global to the kernel: high ones, that no driver has. */
#define VADRENO_ICC_BASE	59000
#define VADRENO_ICC_NODES	2

static int vadreno_icc_set(struct icc_node *src, struct icc_node *dst)
{
	struct vadreno *v = dev_get_drvdata(src->provider->dev);

	/* Not before the probe is done: registering sets a first one. */
	if (v)
		atomic_inc(&v->icc_sets);
	return 0;
}

static int add_nodes(struct icc_provider *provider,
		     struct icc_onecell_data *data)
{
	static const char *const names[VADRENO_ICC_NODES] = {
		"vadreno-gfx", "vadreno-ebi",
	};
	struct icc_node *node;
	unsigned int i;

	for (i = 0; i < VADRENO_ICC_NODES; i++) {
		node = icc_node_create(VADRENO_ICC_BASE + i);
		if (IS_ERR(node))
			return PTR_ERR(node);
		node->name = names[i];
		icc_node_add(node, provider);
		data->nodes[i] = node;
	}

	return icc_link_create(data->nodes[0], VADRENO_ICC_BASE + 1);
}

/**
 * vadreno_icc_init() - register the interconnect
 * @v: the GPU
 */
int vadreno_icc_init(struct vadreno *v)
{
	struct icc_onecell_data *data;
	struct icc_provider *provider;
	int ret;

	provider = devm_kzalloc(v->dev, sizeof(*provider), GFP_KERNEL);
	data = devm_kzalloc(v->dev,
			    struct_size(data, nodes, VADRENO_ICC_NODES),
			    GFP_KERNEL);
	if (!provider || !data)
		return -ENOMEM;

	data->num_nodes = VADRENO_ICC_NODES;
	provider->dev = v->dev;
	provider->set = vadreno_icc_set;
	provider->aggregate = icc_std_aggregate;
	provider->xlate = of_icc_xlate_onecell;
	provider->data = data;
	icc_provider_init(provider);

	ret = add_nodes(provider, data);
	return ret ? ret : icc_provider_register(provider);
}
