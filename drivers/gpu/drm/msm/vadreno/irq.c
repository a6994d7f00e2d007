// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interrupt controller of the virtual Adreno: level interrupts. A line is high
 * as long as the device says so; handle_level_irq() masks it while the handler
 * runs, and when it unmasks a line that is still high, the hardware's timer
 * delivers it again.
 */

#include <linux/device.h>
#include <linux/irq.h>
#include <linux/irqdesc.h>
#include <linux/irqdomain.h>
#include <linux/property.h>

#include "compat.h"
#include "vadreno.h"

static void vadreno_irq_mask(struct irq_data *d)
{
	struct vadreno *v = irq_data_get_irq_chip_data(d);
	unsigned long flags;

	raw_spin_lock_irqsave(&v->lock, flags);
	v->irq_masked |= BIT(d->hwirq);
	raw_spin_unlock_irqrestore(&v->lock, flags);
}

static void vadreno_irq_unmask(struct irq_data *d)
{
	struct vadreno *v = irq_data_get_irq_chip_data(d);
	unsigned long flags;

	raw_spin_lock_irqsave(&v->lock, flags);
	v->irq_masked &= ~BIT(d->hwirq);
	vadreno_kick(v, 0);
	raw_spin_unlock_irqrestore(&v->lock, flags);
}

static int vadreno_irq_set_type(struct irq_data *d, unsigned int type)
{
	return type == IRQ_TYPE_LEVEL_HIGH || type == IRQ_TYPE_NONE ?
		0 : -EINVAL;
}

static struct irq_chip vadreno_irq_chip = {
	.name = "vadreno",
	.irq_mask = vadreno_irq_mask,
	.irq_unmask = vadreno_irq_unmask,
	.irq_set_type = vadreno_irq_set_type,
	.flags = IRQCHIP_SKIP_SET_WAKE,
};

static int vadreno_irq_map(struct irq_domain *d, unsigned int virq,
			   irq_hw_number_t hwirq)
{
	irq_set_chip_data(virq, d->host_data);
	irq_set_chip_and_handler(virq, &vadreno_irq_chip, handle_level_irq);
	return 0;
}

static const struct irq_domain_ops vadreno_irq_ops = {
	.map = vadreno_irq_map,
	.xlate = irq_domain_xlate_onecell,
};

static bool line_high(struct vadreno *v, enum vadreno_line line)
{
	lockdep_assert_held(&v->lock);

	if (v->irq_masked & BIT(line))
		return false;
	if (line == VADRENO_IRQ_GPU)
		return v->gpu_int & vadreno_reg(v, v->gen->reg_int_mask);
	if (line == VADRENO_IRQ_RSC)
		return vadreno_rsc_line(v);
	return vadreno_gmu_line(v, line);
}

/* Whether an interrupt is to be delivered; a lost one is gone for good. */
static bool take_line(struct vadreno *v, enum vadreno_line line)
{
	unsigned long flags;
	bool high;

	raw_spin_lock_irqsave(&v->lock, flags);
	high = line_high(v, line);
	if (high && line == VADRENO_IRQ_GPU && v->fault.lose_irq) {
		v->fault.lose_irq--;
		v->gpu_int = 0;
		high = false;
	}
	if (high)
		v->irq_count[line]++;
	raw_spin_unlock_irqrestore(&v->lock, flags);

	return high;
}

/**
 * vadreno_irq_run() - deliver the interrupts that are due
 * @v: the GPU
 *
 * From hard interrupt context, without the GPU's lock: the handlers write its
 * registers.
 */
void vadreno_irq_run(struct vadreno *v)
{
	enum vadreno_line line;

	for (line = VADRENO_IRQ_GPU; line <= VADRENO_IRQ_RSC; line++)
		if (take_line(v, line))
			generic_handle_domain_irq(v->irqs, line);
}

/**
 * vadreno_irq_init() - register the interrupt controller
 * @v: the GPU
 *
 * UML has a fixed number of interrupts, and gives them to its own devices from
 * the low end: a legacy domain at the high end takes nothing from anybody.
 */
int vadreno_irq_init(struct vadreno *v)
{
	v->irq_masked = GENMASK(VADRENO_NR_IRQS - 1, 0);
	v->irqs = irq_domain_create_legacy(dev_fwnode(v->dev),
					   VADRENO_NR_IRQS,
					   NR_IRQS - VADRENO_NR_IRQS, 0,
					   &vadreno_irq_ops, v);
	return v->irqs ? 0 : -ENOMEM;
}
