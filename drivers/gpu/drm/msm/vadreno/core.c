// SPDX-License-Identifier: GPL-2.0-only
/*
 * The virtual Adreno's own time: a timer that plays the part of the hardware.
 * Everything that the hardware would do by itself (fetch commands, write
 * fences, answer a mailbox, raise an interrupt) is done here, some time after
 * the driver set it off, never in the driver's context.
 */

#include <linux/module.h>
#include <linux/of.h>
#include <linux/platform_device.h>
#include <linux/slab.h>

#include "compat.h"
#include "regs.h"
#include "vadreno.h"

/**
 * vadreno_kick() - let the hardware run some time from now
 * @v: the GPU
 * @delay_ns: when
 *
 * A run that is due earlier stays. The timer's callback raises interrupts, and
 * their handlers write registers and come here, while it runs: so it is
 * "queued" and not "active" that says whether a run is still to come.
 */
void vadreno_kick(struct vadreno *v, u64 delay_ns)
{
	ktime_t when = ktime_add_ns(ktime_get(), delay_ns);

	lockdep_assert_held(&v->lock);

	if (hrtimer_is_queued(&v->timer) &&
	    ktime_compare(hrtimer_get_expires(&v->timer), when) <= 0)
		return;

	hrtimer_start(&v->timer, when, HRTIMER_MODE_ABS_HARD);
}

/**
 * vadreno_power_off() - the GPU loses its power and what its registers held
 * @v: the GPU
 */
void vadreno_power_off(struct vadreno *v)
{
	struct vadreno_win *gpu = &v->win[0];
	unsigned long flags;

	raw_spin_lock_irqsave(&v->lock, flags);
	memset(gpu->regs, 0, gpu->size);
	bitmap_zero(gpu->written, gpu->size / 4);
	vadreno_cp_reset(v);
	v->gpu_int = 0;
	v->hang_irq = 0;
	v->busy_ns = 0;
	v->power_offs++;
	raw_spin_unlock_irqrestore(&v->lock, flags);
}

static void raise_hang_irq(struct vadreno *v)
{
	s64 ns = ktime_to_ns(ktime_sub(v->hang_irq, ktime_get()));

	if (!v->hang_irq)
		return;
	if (ns > 0) {
		vadreno_kick(v, ns);
		return;
	}
	v->hang_irq = 0;
	v->gpu_int |= INT_HANG_DETECT;
}

static enum hrtimer_restart vadreno_run(struct hrtimer *timer)
{
	struct vadreno *v = container_of(timer, struct vadreno, timer);
	unsigned long flags;
	u64 again;

	raw_spin_lock_irqsave(&v->lock, flags);
	vadreno_gmu_run(v);
	vadreno_rsc_run(v);
	again = vadreno_cp_run(v);
	if (again)
		vadreno_kick(v, again);
	raise_hang_irq(v);
	raw_spin_unlock_irqrestore(&v->lock, flags);

	vadreno_iommu_report(v);
	vadreno_irq_run(v);

	return HRTIMER_NORESTART;
}

static int vadreno_probe(struct platform_device *pdev)
{
	struct vadreno *v;
	int ret;

	v = devm_kzalloc(&pdev->dev, sizeof(*v), GFP_KERNEL);
	if (!v)
		return -ENOMEM;

	v->dev = &pdev->dev;
	v->gen = of_device_get_match_data(&pdev->dev);
	raw_spin_lock_init(&v->lock);
	vadreno_timer_init(&v->timer, vadreno_run);
	v->split_tables = of_property_read_bool(pdev->dev.of_node,
						"headway,split-pagetables");

	ret = vadreno_mmio_init(v, pdev);
	if (!ret)
		ret = vadreno_irq_init(v);
	if (!ret)
		ret = vadreno_clk_init(v);
	if (!ret)
		ret = vadreno_genpd_init(v);
	if (!ret && of_find_property(pdev->dev.of_node, "#interconnect-cells", NULL))
		ret = vadreno_icc_init(v);
	if (!ret)
		ret = vadreno_iommu_init(v);
	if (ret)
		return dev_err_probe(&pdev->dev, ret, "no virtual GPU\n");

	vadreno_debugfs_init(v);
	platform_set_drvdata(pdev, v);
	dev_info(&pdev->dev, "virtual Adreno, %s\n", v->gen->name);
	return 0;
}

static const struct of_device_id vadreno_match[] = {
	{ .compatible = "headway,vadreno-a5xx", .data = &vadreno_a5xx },
	{ .compatible = "headway,vadreno-a6xx", .data = &vadreno_a6xx },
	{ }
};

static struct platform_driver vadreno_driver = {
	.probe = vadreno_probe,
	.driver = {
		.name = "vadreno",
		.of_match_table = vadreno_match,
		/* Hardware does not go away. */
		.suppress_bind_attrs = true,
	},
};

static int __init vadreno_init(void)
{
	return platform_driver_register(&vadreno_driver);
}

/* Before the drivers that it serves. */
subsys_initcall(vadreno_init);
