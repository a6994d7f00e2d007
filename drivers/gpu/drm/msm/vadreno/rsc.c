// SPDX-License-Identifier: GPL-2.0-only
/*
 * The Resource State Coordinator of the virtual SoC, through which the real rpmh
 * driver sends its requests, and with it those of the interconnect provider. It
 * carries out whatever is asked for, after a while, and raises its interrupt.
 *
 * A request is written to a set of registers, a TCS: up to 16 commands, each an
 * address and a value, and a register that starts them.
 *
 * debugfs/vadreno/rpmh_async makes a request that is only kept for when the processor
 * wakes up, as the driver of a power domain does, of which there is none here.
 */

#include <linux/debugfs.h>
#include <linux/of.h>
#include <linux/of_platform.h>
#include <linux/platform_device.h>
#include <soc/qcom/rpmh.h>

#include "vadreno.h"

/* From a request to its interrupt */
#define RSC_NS			(20 * NSEC_PER_USEC)

/* Registers, in dwords */
#define RSC_ID			(0x00 / 4)
#define RSC_SOLVER_CONFIG	(0x04 / 4)
#define RSC_CONFIG		(0x0c / 4)
#define TCS_BASE		(0xd00 / 4)
#define TCS_IRQ_ENABLE		(TCS_BASE + 0x00 / 4)
#define TCS_IRQ_STATUS		(TCS_BASE + 0x04 / 4)
#define TCS_IRQ_CLEAR		(TCS_BASE + 0x08 / 4)

/* Those of a TCS, from its first one */
#define TCS_SIZE		(672 / 4)
#define TCS_CONTROL		(0x14 / 4)
#define TCS_STATUS		(0x18 / 4)
#define TCS_CMD_ENABLE		(0x1c / 4)
#define TCS_CMD_STATUS		(0x3c / 4)
#define TCS_CMD_SIZE		(20 / 4)

#define RSC_TCS			8
#define RSC_COMMANDS		16
/* A resource of nobody else: those of bandwidth are in cmddb.c */
#define RPMH_ASYNC_ADDR		0x30000
/* The part of the RSC that is for the kernel: as "qcom,drv-id" says */
#define RSC_DRV			2

#define RSC_VERSION_2_7		0x00020700
/* It sends what is to be sent for sleep by itself */
#define RSC_HW_SOLVER		BIT(24)
#define CONTROL_START		(BIT(16) | BIT(24))
#define CMD_DONE		(BIT(8) | BIT(16))

/* Which TCS a register is of, and which one of its registers */
static bool tcs_of(u32 reg, unsigned int *tcs, u32 *sub)
{
	if (reg < TCS_BASE + 0x10 / 4)
		return false;
	*tcs = (reg - TCS_BASE) / TCS_SIZE;
	*sub = (reg - TCS_BASE) % TCS_SIZE;
	return *tcs < RSC_TCS;
}

static bool rsc_read(struct vadreno *v, u32 reg, u32 *val)
{
	unsigned int tcs;
	u32 sub;

	switch (reg) {
	case RSC_ID:
		*val = RSC_VERSION_2_7;
		return true;
	case RSC_SOLVER_CONFIG:
		*val = RSC_HW_SOLVER;
		return true;
	case RSC_CONFIG:
		*val = (u32)RSC_COMMANDS << 27 | RSC_TCS << (6 * RSC_DRV);
		return true;
	case TCS_IRQ_STATUS:
		*val = v->rsc.done;
		return true;
	}
	if (!tcs_of(reg, &tcs, &sub))
		return false;
	switch (sub) {
	case TCS_STATUS:
		*val = !(v->rsc.started & BIT(tcs));
		return true;
	case TCS_CONTROL:
	case TCS_CMD_ENABLE:
		/* Bits of them are changed: 0 in the beginning. */
		*val = vadreno_find_win(v, &vadreno_rsc_block)->regs[reg];
		return true;
	}
	return false;
}

static void rsc_write(struct vadreno *v, u32 reg, u32 val)
{
	unsigned int tcs;
	u32 sub;

	if (reg == TCS_IRQ_CLEAR)
		v->rsc.done &= ~val;
	if (!tcs_of(reg, &tcs, &sub) || sub != TCS_CONTROL ||
	    (val & CONTROL_START) != CONTROL_START)
		return;
	v->rsc.started |= BIT(tcs);
	vadreno_kick(v, RSC_NS);
}

static void tcs_run(struct vadreno *v, struct vadreno_win *win, unsigned int tcs)
{
	u32 first = TCS_BASE + tcs * TCS_SIZE;
	unsigned int i;

	for (i = 0; i < RSC_COMMANDS; i++) {
		if (!(win->regs[first + TCS_CMD_ENABLE] & BIT(i)))
			continue;
		vadreno_win_set(win, first + TCS_CMD_STATUS + i * TCS_CMD_SIZE,
				CMD_DONE);
		v->rsc.commands++;
	}
	/* All that anybody here asks for is bandwidth. */
	atomic_inc(&v->icc_sets);
	v->rsc.done |= BIT(tcs);
}

/**
 * vadreno_rsc_run() - carry out the requests
 * @v: the GPU, locked
 */
void vadreno_rsc_run(struct vadreno *v)
{
	struct vadreno_win *win = vadreno_find_win(v, &vadreno_rsc_block);
	unsigned int tcs;

	for (tcs = 0; win && tcs < RSC_TCS; tcs++)
		if (v->rsc.started & BIT(tcs))
			tcs_run(v, win, tcs);
	v->rsc.started = 0;
}

/**
 * vadreno_rsc_line() - whether the interrupt line of the RSC is high
 * @v: the GPU, locked
 */
bool vadreno_rsc_line(struct vadreno *v)
{
	struct vadreno_win *win = vadreno_find_win(v, &vadreno_rsc_block);

	return win && (v->rsc.done & win->regs[TCS_IRQ_ENABLE]);
}

const struct vadreno_block vadreno_rsc_block = {
	.name = "rsc",
	.read = rsc_read,
	.write = rsc_write,
};

/* Any device that stands on the RSC may ask. */
static int rpmh_async_set(void *data, u64 value)
{
	struct tcs_cmd cmd = { .addr = RPMH_ASYNC_ADDR, .data = value };
	struct device_node *np;
	struct platform_device *pdev;
	int ret;

	np = of_find_compatible_node(NULL, NULL, "qcom,bcm-voter");
	pdev = of_find_device_by_node(np);
	of_node_put(np);
	if (!pdev)
		return -ENODEV;
	ret = rpmh_write_async(&pdev->dev, RPMH_WAKE_ONLY_STATE, &cmd, 1);
	platform_device_put(pdev);
	return ret;
}
DEFINE_DEBUGFS_ATTRIBUTE(rpmh_async_fops, NULL, rpmh_async_set, "%llu\n");

/**
 * vadreno_rsc_debugfs() - make the file
 * @v: the GPU
 * @dir: where
 */
void vadreno_rsc_debugfs(struct vadreno *v, struct dentry *dir)
{
	if (vadreno_find_win(v, &vadreno_rsc_block))
		debugfs_create_file_unsafe("rpmh_async", 0200, dir, v,
					   &rpmh_async_fops);
}
