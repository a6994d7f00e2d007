// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory-mapped registers of the virtual Adreno, by lib/logic_iomem: one
 * region of bus addresses, in it the windows that the device tree names. A
 * register keeps what was written to it; what else it does is its block's.
 */

#include <linux/bitmap.h>
#include <linux/logic_iomem.h>
#include <linux/platform_device.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "vadreno.h"

/* vadreno_block.nr_zero of a window that is memory and no more. */
#define ALL_ZERO		UINT_MAX

static struct vadreno *mmio_owner;

static struct resource mmio_res = {
	.name = "vadreno",
	.start = 0x00400000,
	.end = 0x1fffffff,
	.flags = IORESOURCE_MEM,
};

static bool is_known(const struct vadreno_win *win, u32 reg)
{
	const struct vadreno_block *block = win->block;
	unsigned int i;

	if (test_bit(reg, win->written) || block->nr_zero == ALL_ZERO)
		return true;
	for (i = 0; i < block->nr_zero; i++)
		if (block->zero[i] == reg)
			return true;
	return false;
}

static u32 win_read(struct vadreno *v, struct vadreno_win *win, u32 reg)
{
	u32 val;

	lockdep_assert_held(&v->lock);

	if (win->block->read && win->block->read(v, reg, &val))
		return val;
	if (!is_known(win, reg))
		win->unknown[reg]++;
	return win->regs[reg];
}

static void win_write(struct vadreno *v, struct vadreno_win *win, u32 reg,
		      u32 val)
{
	lockdep_assert_held(&v->lock);

	vadreno_win_set(win, reg, val);
	if (win->block->write)
		win->block->write(v, reg, val);
}

/**
 * vadreno_reg() - what was last written to a register of the GPU
 * @v: the GPU
 * @reg: the register
 */
u32 vadreno_reg(struct vadreno *v, u32 reg)
{
	return v->win[0].regs[reg];
}

/**
 * vadreno_reg64() - the same for a pair of them, the low half first
 * @v: the GPU
 * @reg: the first register
 */
u64 vadreno_reg64(struct vadreno *v, u32 reg)
{
	return vadreno_reg(v, reg) | (u64)vadreno_reg(v, reg + 1) << 32;
}

/**
 * vadreno_find_win() - the window of a block
 * @v: the GPU
 * @block: the block
 *
 * Return: the window, or NULL if this GPU has none.
 */
struct vadreno_win *vadreno_find_win(struct vadreno *v,
				     const struct vadreno_block *block)
{
	unsigned int i;

	for (i = 0; i < v->nr_wins; i++)
		if (v->win[i].block == block)
			return &v->win[i];
	return NULL;
}

/**
 * vadreno_win_set() - change the value of a register of any window
 * @win: the window
 * @reg: the register
 * @val: its value; the change has no effect
 */
void vadreno_win_set(struct vadreno_win *win, u32 reg, u32 val)
{
	win->regs[reg] = val;
	__set_bit(reg, win->written);
}

/**
 * vadreno_reg_set() - change a register's value without any effect
 * @v: the GPU
 * @reg: the register
 * @val: its value
 */
void vadreno_reg_set(struct vadreno *v, u32 reg, u32 val)
{
	vadreno_win_set(&v->win[0], reg, val);
}

/**
 * vadreno_gpu_write() - write a register as the command processor does
 * @v: the GPU
 * @reg: the register; one that does not exist is ignored
 * @val: the value
 */
void vadreno_gpu_write(struct vadreno *v, u32 reg, u32 val)
{
	if (reg < v->win[0].size / 4)
		win_write(v, &v->win[0], reg, val);
}

/**
 * vadreno_gpu_read() - read a register as the command processor does
 * @v: the GPU
 * @reg: the register; one that does not exist is 0
 */
u32 vadreno_gpu_read(struct vadreno *v, u32 reg)
{
	return reg < v->win[0].size / 4 ? win_read(v, &v->win[0], reg) : 0;
}

static unsigned long mmio_read(void *priv, unsigned int offset, int size)
{
	struct vadreno_win *win = priv;
	struct vadreno *v = mmio_owner;
	unsigned long flags, val;

	raw_spin_lock_irqsave(&v->lock, flags);
	val = win_read(v, win, offset / 4);
	if (size == 8)
		val |= (unsigned long)win_read(v, win, offset / 4 + 1) << 32;
	raw_spin_unlock_irqrestore(&v->lock, flags);

	return val >> (offset % 4 * 8);
}

static void mmio_write(void *priv, unsigned int offset, int size,
		       unsigned long val)
{
	struct vadreno_win *win = priv;
	struct vadreno *v = mmio_owner;
	unsigned long flags;

	/* No driver here writes less, and no register takes it. */
	if (WARN_ON_ONCE(size < 4))
		return;

	raw_spin_lock_irqsave(&v->lock, flags);
	win_write(v, win, offset / 4, val);
	if (size == 8)
		win_write(v, win, offset / 4 + 1, val >> 32);
	raw_spin_unlock_irqrestore(&v->lock, flags);
}

static void mmio_set(void *priv, unsigned int offset, u8 value, int size)
{
	u32 val = value * 0x01010101U;
	int i;

	for (i = 0; i + 4 <= size; i += 4)
		mmio_write(priv, offset + i, 4, val);
}

static void mmio_copy_from(void *priv, void *buffer, unsigned int offset,
			   int size)
{
	int i;

	for (i = 0; i + 4 <= size; i += 4)
		*(u32 *)(buffer + i) = mmio_read(priv, offset + i, 4);
}

static void mmio_copy_to(void *priv, unsigned int offset, const void *buffer,
			 int size)
{
	int i;

	for (i = 0; i + 4 <= size; i += 4)
		mmio_write(priv, offset + i, 4, *(const u32 *)(buffer + i));
}

static const struct logic_iomem_ops mmio_ops = {
	.read = mmio_read,
	.write = mmio_write,
	.set = mmio_set,
	.copy_from = mmio_copy_from,
	.copy_to = mmio_copy_to,
};

static long mmio_map(unsigned long offset, size_t size,
		     const struct logic_iomem_ops **ops, void **priv)
{
	phys_addr_t addr = mmio_res.start + offset;
	struct vadreno *v = mmio_owner;
	unsigned int i;

	/*
	 * A real ioremap() allocates page tables and an area; the emulation
	 * does not, and would hide one that is done where it must not be.
	 */
	might_alloc(GFP_KERNEL);
	if (vadreno_alloc_hook)
		vadreno_alloc_hook(GFP_KERNEL);

	for (i = 0; i < v->nr_wins; i++) {
		struct vadreno_win *win = &v->win[i];

		if (addr < win->start || addr + size > win->start + win->size)
			continue;
		*ops = &mmio_ops;
		*priv = win;
		return addr - win->start;
	}

	return -ENXIO;
}

static const struct logic_iomem_region_ops mmio_region_ops = {
	.map = mmio_map,
};

static const struct vadreno_block *find_block(struct vadreno *v,
					      const char *name)
{
	static const struct vadreno_block plain = {
		.name = "plain",
		.nr_zero = ALL_ZERO,
	};

	if (!strcmp(name, v->gen->gpu->name))
		return v->gen->gpu;
	if (!strcmp(name, vadreno_gmu_block.name))
		return &vadreno_gmu_block;
	if (!strcmp(name, vadreno_rscc_block.name))
		return &vadreno_rscc_block;
	if (!strcmp(name, vadreno_rsc_block.name))
		return &vadreno_rsc_block;
	return &plain;
}

static int add_win(struct vadreno *v, const struct resource *res)
{
	struct vadreno_win *win = &v->win[v->nr_wins];
	size_t regs = resource_size(res) / 4;

	win->start = res->start;
	win->size = resource_size(res);
	win->block = find_block(v, res->name);
	win->regs = vzalloc(win->size);
	win->unknown = vzalloc(win->size);
	win->written = bitmap_zalloc(regs, GFP_KERNEL);
	if (!win->regs || !win->unknown || !win->written)
		return -ENOMEM;

	v->nr_wins++;
	return 0;
}

/**
 * vadreno_mmio_init() - put the registers on the bus
 * @v: the GPU
 * @pdev: its device, whose "reg" property has the windows, the GPU's own first
 *
 * There is no way back (logic_iomem has none), and so it comes first and is
 * done for one GPU only.
 */
int vadreno_mmio_init(struct vadreno *v, struct platform_device *pdev)
{
	struct resource *res;
	unsigned int i;
	int ret;

	if (mmio_owner)
		return -EBUSY;

	for (i = 0; i < VADRENO_NR_WINS; i++) {
		res = platform_get_resource(pdev, IORESOURCE_MEM, i);
		if (!res)
			break;
		ret = add_win(v, res);
		if (ret)
			return ret;
	}
	if (!v->nr_wins || v->win[0].block != v->gen->gpu)
		return -EINVAL;

	mmio_owner = v;
	return logic_iomem_add_region(&mmio_res, &mmio_region_ops);
}
