// SPDX-License-Identifier: GPL-2.0-only
/*
 * The GMU of generation 6: the microcontroller that switches the GPU's power
 * and clocks, asked by bits in a register ("out of band") or by messages in
 * memory (hfi.c). Names, offsets and bits as in a6xx_gmu.xml, and in
 * a6xx_gmu.c for the out-of-band bits (drivers/gpu/drm/msm), in dwords.
 */

#include <linux/bits.h>
#include <linux/kernel.h>
#include <linux/ktime.h>

#include "vadreno.h"

#define GX_SPTPRAC_CLOCK_CONTROL	0x0080
#define GX_SPTPRAC_POWER_CONTROL	0x0081
#define   SPTPRAC_OFF				BIT(0)
#define BOOT_SLUMBER_OPTION		0x23f8
#define DCVS_RETURN			0x23ff
#define CM3_DTCM_VERSION		0x2bf8
#define CM3_SYSRESET			0x5000
#define CM3_FW_INIT_RESULT		0x501c
#define   CM3_ALIVE				0xbabeface
#define POWER_COUNTER_SELECT_0		0x5041
#define POWER_COUNTER_XOCLK_0_L		0x5044
#define POWER_COUNTER_XOCLK_0_H		0x5045
#define ALWAYS_ON_COUNTER_L		0x5088
#define ALWAYS_ON_COUNTER_H		0x5089
#define SPTPRAC_PWR_CLK_STATUS		0x50d0
#define   SPTPRAC_IS_ON				0x28
#define   SPTPRAC_IS_OFF			0x04
#define RPMH_CTRL			0x50e8
#define RPMH_POWER_STATE		0x50ec
#define   POWER_ACTIVE				0x00
#define   POWER_SLUMBER				0x0f
#define HFI_CTRL_STATUS			0x5180
#define HFI_QTBL_ADDR			0x5185
#define HFI_CTRL_INIT			0x5186
#define GMU2HOST_INTR_CLR		0x5191
#define GMU2HOST_INTR_INFO		0x5192
#define GMU2HOST_INTR_MASK		0x5193
#define HOST2GMU_INTR_SET		0x5194
#define   H2G_HFI				BIT(0)
#define GENERAL_7			0x51cc
#define AO_HOST_INTERRUPT_STATUS	0x9305
#define RSCC_CONTROL_REQ		0x9307
#define RSCC_CONTROL_ACK		0x9308
#define AO_GPU_CX_BUSY_STATUS		0x930c
#define AO_GPU_CX_BUSY_STATUS2		0x930d
#define   CX_BUSY_IGNAHB			BIT(23)
#define AO_AHB_FENCE_CTRL		0x9310
#define AHB_FENCE_STATUS		0x9313
#define CC_GX_GDSCR			0x9c03

/*
 * The GPU's resource state coordinator is in the same window, at byte 0x23000,
 * unless the GMU's node has one of its own ("rscc", a650 and later).
 */
#define RSCC				(0x23000 / 4)
#define RSCC_RSC_STATUS0_DRV0		(RSCC + 0x004)
#define   RSC_IS_OFF				BIT(16)
#define RSCC_SEQ_BUSY_DRV0		(RSCC + 0x101)
#define RSCC_TCS0_DRV0_STATUS		(RSCC + 0x346)
#define RSCC_TCS1_DRV0_STATUS		(RSCC + 0x3ee)
#define RSCC_TCS2_DRV0_STATUS		(RSCC + 0x496)
#define RSCC_TCS3_DRV0_STATUS		(RSCC + 0x53e)
#define   TCS_IS_IDLE				BIT(0)

/* How long the GMU takes to answer. */
#define GMU_REACTION_NS			20000

static const struct {
	u8 request;
	u8 ack;
	bool boot;	/* or slumber: see BOOT_SLUMBER_OPTION */
} oobs[] = {
	/* HFI v1: a630 */
	{ 16, 24 },		/* keep the GPU on */
	{ 17, 25 },		/* keep its counters on */
	{ 22, 30, true },
	{ 23, 31 },		/* change the frequency */
	/* HFI v2: a640 */
	{ 30, 31 },
	{ 28, 30 },
};

static u32 *gmu_regs(struct vadreno *v)
{
	struct vadreno_win *win = vadreno_find_win(v, &vadreno_gmu_block);

	return win ? win->regs : NULL;
}

static void gmu_set(struct vadreno *v, u32 reg, u32 val)
{
	vadreno_win_set(vadreno_find_win(v, &vadreno_gmu_block), reg, val);
}

static u32 busy_status(struct vadreno *v)
{
	return v->cp.started && !vadreno_cp_idle(v) && !v->cp.hung ?
		CX_BUSY_IGNAHB : 0;
}

static bool gmu_read(struct vadreno *v, u32 reg, u32 *val)
{
	switch (reg) {
	case GMU2HOST_INTR_INFO:
		*val = v->gmu.to_host;
		break;
	case SPTPRAC_PWR_CLK_STATUS:
		*val = v->gmu.sptprac_on ? SPTPRAC_IS_ON : SPTPRAC_IS_OFF;
		break;
	case RPMH_POWER_STATE:
		*val = v->gmu.power_state;
		break;
	case RSCC_CONTROL_ACK:
		*val = gmu_regs(v)[RSCC_CONTROL_REQ];
		break;
	case POWER_COUNTER_XOCLK_0_L:
		*val = lower_32_bits(vadreno_xo_ticks(vadreno_cp_busy_ns(v)));
		break;
	case POWER_COUNTER_XOCLK_0_H:
		*val = upper_32_bits(vadreno_xo_ticks(vadreno_cp_busy_ns(v)));
		break;
	case ALWAYS_ON_COUNTER_L:
		*val = lower_32_bits(vadreno_xo_ticks(ktime_get_ns()));
		break;
	case ALWAYS_ON_COUNTER_H:
		*val = upper_32_bits(vadreno_xo_ticks(ktime_get_ns()));
		break;
	case AO_GPU_CX_BUSY_STATUS:
	case AO_GPU_CX_BUSY_STATUS2:
		*val = busy_status(v);
		break;
	case RSCC_RSC_STATUS0_DRV0:
		*val = RSC_IS_OFF;
		break;
	case RSCC_TCS0_DRV0_STATUS:
	case RSCC_TCS1_DRV0_STATUS:
	case RSCC_TCS2_DRV0_STATUS:
	case RSCC_TCS3_DRV0_STATUS:
		*val = TCS_IS_IDLE;
		break;
	case DCVS_RETURN:
	case RSCC_SEQ_BUSY_DRV0:
	case AO_HOST_INTERRUPT_STATUS:
		*val = 0;
		break;
	default:
		return false;
	}
	return true;
}

static void gmu_write(struct vadreno *v, u32 reg, u32 val)
{
	switch (reg) {
	case GMU2HOST_INTR_CLR:
		v->gmu.to_host &= ~val;
		break;
	case GMU2HOST_INTR_MASK:
		vadreno_kick(v, 0);
		break;
	case HOST2GMU_INTR_SET:
		v->gmu.from_host |= val;
		vadreno_kick(v, GMU_REACTION_NS);
		break;
	case GX_SPTPRAC_POWER_CONTROL:
		v->gmu.sptprac_on = !(val & SPTPRAC_OFF);
		break;
	case CM3_SYSRESET:
		v->gmu.from_host = 0;
		v->gmu.to_host = 0;
		if (val || v->fault.gmu_mute)
			break;
		v->gmu.power_state = POWER_ACTIVE;
		gmu_set(v, CM3_FW_INIT_RESULT, CM3_ALIVE);
		break;
	case HFI_CTRL_INIT:
		gmu_set(v, HFI_CTRL_STATUS, val & 1);
		break;
	}
}

/* The firmware is all zeros, and so is its version. */
static const u16 gmu_zero[] = {
	GX_SPTPRAC_CLOCK_CONTROL, CM3_DTCM_VERSION, POWER_COUNTER_SELECT_0,
	RPMH_CTRL, HFI_CTRL_STATUS, GENERAL_7, AO_AHB_FENCE_CTRL,
	AHB_FENCE_STATUS, CC_GX_GDSCR,
};

const struct vadreno_block vadreno_gmu_block = {
	.name = "gmu",
	.read = gmu_read,
	.write = gmu_write,
	.zero = gmu_zero,
	.nr_zero = ARRAY_SIZE(gmu_zero),
};

static bool rscc_read(struct vadreno *v, u32 reg, u32 *val)
{
	return gmu_read(v, RSCC + reg, val);
}

const struct vadreno_block vadreno_rscc_block = {
	.name = "rscc",
	.read = rscc_read,
};

static void out_of_band(struct vadreno *v, unsigned int i)
{
	if (oobs[i].boot)
		v->gmu.power_state = gmu_regs(v)[BOOT_SLUMBER_OPTION] ?
			POWER_SLUMBER : POWER_ACTIVE;
	v->gmu.to_host |= BIT(oobs[i].ack);
}

/**
 * vadreno_gmu_slumber() - the host's last word before the power goes
 * @v: the GPU, locked
 */
void vadreno_gmu_slumber(struct vadreno *v)
{
	v->gmu.power_state = POWER_SLUMBER;
}

/**
 * vadreno_gmu_run() - answer what the host asked
 * @v: the GPU, locked
 */
void vadreno_gmu_run(struct vadreno *v)
{
	u32 bits = v->gmu.from_host;
	unsigned int i;

	v->gmu.from_host = 0;
	if (!bits || v->fault.gmu_mute)
		return;

	for (i = 0; i < ARRAY_SIZE(oobs); i++)
		if (bits & BIT(oobs[i].request))
			out_of_band(v, i);
	if (bits & H2G_HFI)
		vadreno_hfi_run(v, gmu_regs(v)[HFI_QTBL_ADDR]);
}

/**
 * vadreno_gmu_line() - whether an interrupt line of the GMU is high
 * @v: the GPU, locked
 * @line: which
 */
bool vadreno_gmu_line(struct vadreno *v, enum vadreno_line line)
{
	u32 *regs = gmu_regs(v);

	if (!regs || line != VADRENO_IRQ_HFI)
		return false;
	/* A set bit of the mask holds the interrupt back. */
	return v->gmu.to_host & ~regs[GMU2HOST_INTR_MASK];
}
