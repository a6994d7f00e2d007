// SPDX-License-Identifier: GPL-2.0-only
/*
 * Clocks of the virtual Adreno: they run at the rate that they are asked for.
 * The first is the core's: its rate is what the busy counter counts in.
 */

#include <linux/clk-provider.h>
#include <linux/device.h>
#include <linux/slab.h>

#include "vadreno.h"

struct vadreno_clk {
	struct clk_hw hw;
	struct vadreno *v;
	unsigned int id;
	unsigned long rate;
	bool on;
};

static int vadreno_clk_enable(struct clk_hw *hw)
{
	struct vadreno_clk *clk = container_of(hw, struct vadreno_clk, hw);
	struct vadreno_fault *fault = &clk->v->fault;

	/* Serialised by the framework's own lock. */
	if (fault->clk) {
		fault->clk--;
		return -EIO;
	}
	clk->on = true;
	return 0;
}

static void vadreno_clk_disable(struct clk_hw *hw)
{
	container_of(hw, struct vadreno_clk, hw)->on = false;
}

static int vadreno_clk_is_enabled(struct clk_hw *hw)
{
	return container_of(hw, struct vadreno_clk, hw)->on;
}

static unsigned long vadreno_clk_recalc(struct clk_hw *hw,
					unsigned long parent_rate)
{
	return container_of(hw, struct vadreno_clk, hw)->rate;
}

static int vadreno_clk_determine(struct clk_hw *hw,
				 struct clk_rate_request *req)
{
	return 0;
}

static int vadreno_clk_set_rate(struct clk_hw *hw, unsigned long rate,
				unsigned long parent_rate)
{
	struct vadreno_clk *clk = container_of(hw, struct vadreno_clk, hw);

	clk->rate = rate;
	if (clk->id == VADRENO_CLK_CORE)
		WRITE_ONCE(clk->v->core_rate, rate);
	return 0;
}

static const struct clk_ops vadreno_clk_ops = {
	.enable = vadreno_clk_enable,
	.disable = vadreno_clk_disable,
	.is_enabled = vadreno_clk_is_enabled,
	.recalc_rate = vadreno_clk_recalc,
	.determine_rate = vadreno_clk_determine,
	.set_rate = vadreno_clk_set_rate,
};

static struct clk_hw *add_clk(struct vadreno *v, unsigned int id)
{
	struct clk_init_data init = { .ops = &vadreno_clk_ops };
	struct vadreno_clk *clk;
	int ret;

	clk = devm_kzalloc(v->dev, sizeof(*clk), GFP_KERNEL);
	if (!clk)
		return ERR_PTR(-ENOMEM);
	init.name = devm_kasprintf(v->dev, GFP_KERNEL, "vadreno-clk%u", id);
	if (!init.name)
		return ERR_PTR(-ENOMEM);

	clk->v = v;
	clk->id = id;
	clk->rate = 19200000;
	clk->hw.init = &init;
	ret = devm_clk_hw_register(v->dev, &clk->hw);
	return ret ? ERR_PTR(ret) : &clk->hw;
}

/**
 * vadreno_clk_init() - register the clocks
 * @v: the GPU
 */
int vadreno_clk_init(struct vadreno *v)
{
	struct clk_hw_onecell_data *data;
	unsigned int i;

	data = devm_kzalloc(v->dev, struct_size(data, hws, VADRENO_NR_CLKS),
			    GFP_KERNEL);
	if (!data)
		return -ENOMEM;

	data->num = VADRENO_NR_CLKS;
	for (i = 0; i < VADRENO_NR_CLKS; i++) {
		data->hws[i] = add_clk(v, i);
		if (IS_ERR(data->hws[i]))
			return PTR_ERR(data->hws[i]);
	}
	v->core_rate = 19200000;

	return devm_of_clk_add_hw_provider(v->dev, of_clk_hw_onecell_get, data);
}
