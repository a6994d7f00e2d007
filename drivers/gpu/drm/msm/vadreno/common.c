// SPDX-License-Identifier: GPL-2.0-only
/*
 * Registers that generations 5 and 6 have in the same place. Names, offsets and
 * bits as in a5xx.xml and a6xx.xml (drivers/gpu/drm/msm), in dwords.
 */

#include <linux/bits.h>
#include <linux/ktime.h>
#include <linux/math64.h>

#include "regs.h"
#include "vadreno.h"

/* The clock of the counters that never stop, in kHz. */
#define XO_KHZ			19200

/* From a write of the driver's to what the hardware makes of it. */
#define REACTION_NS		20000

/**
 * vadreno_xo_ticks() - time in ticks of the 19.2 MHz clock
 * @ns: time in ns
 */
u64 vadreno_xo_ticks(u64 ns)
{
	return mul_u64_u32_div(ns, XO_KHZ, 1000000);
}

/**
 * vadreno_common_read() - value of a register of both generations
 * @v: the GPU, locked
 * @reg: the register
 * @val: where to put it
 *
 * Return: false if it is not one that does anything.
 */
bool vadreno_common_read(struct vadreno *v, u32 reg, u32 *val)
{
	switch (reg) {
	case CP_RB_RPTR:
		*val = v->cp.rptr;
		return true;
	case VBIF_XIN_HALT_CTRL1:
		*val = vadreno_reg(v, VBIF_XIN_HALT_CTRL0);
		return true;
	}
	return false;
}

/**
 * vadreno_common_write() - what a write to a register of both sets off
 * @v: the GPU, locked
 * @reg: the register
 * @val: what was written
 */
void vadreno_common_write(struct vadreno *v, u32 reg, u32 val)
{
	struct vadreno_cp *cp = &v->cp;

	switch (reg) {
	case RBBM_INT_CLEAR_CMD:
		v->gpu_int &= ~val;
		break;
	case RBBM_INT_0_MASK:
		vadreno_kick(v, 0);
		break;
	case RBBM_SW_RESET_CMD:
		if (val & 1)
			vadreno_cp_reset(v);
		break;
	case CP_RB_BASE:
	case CP_RB_BASE + 1:
		/* A new ring is empty until the driver says what is in it. */
		cp->rb_base = vadreno_reg64(v, CP_RB_BASE);
		cp->rptr = 0;
		cp->wptr = 0;
		cp->depth = 0;
		break;
	case CP_RB_CNTL:
		cp->rb_dwords = RB_CNTL_DWORDS(val);
		cp->shadow_rptr = !(val & RB_CNTL_NO_UPDATE);
		break;
	case CP_RB_RPTR_ADDR:
	case CP_RB_RPTR_ADDR + 1:
		cp->rptr_addr = vadreno_reg64(v, CP_RB_RPTR_ADDR);
		break;
	case CP_RB_WPTR:
		cp->wptr = val;
		vadreno_kick(v, REACTION_NS);
		break;
	}
}

/**
 * vadreno_cp_start() - let the command processor's firmware run, or stop it
 * @v: the GPU, locked
 * @run: whether it runs
 */
void vadreno_cp_start(struct vadreno *v, bool run)
{
	v->cp.started = run;
	vadreno_kick(v, REACTION_NS);
}

/**
 * vadreno_ib_reg() - where the command processor is in an indirect buffer
 * @v: the GPU, locked
 * @level: 0 or 1
 * @reg: low half of the address, high half, or 2: dwords that are left
 */
u32 vadreno_ib_reg(struct vadreno *v, unsigned int level, u32 reg)
{
	struct vadreno_ib *ib = &v->cp.ib[level];

	if (v->cp.depth <= level)
		return 0;
	if (reg == 2)
		return ib->size - ib->pos;
	return reg ? upper_32_bits(ib->iova) : lower_32_bits(ib->iova);
}
