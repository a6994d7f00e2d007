// SPDX-License-Identifier: GPL-2.0-only
/*
 * Registers of Adreno 5xx that do more than hold a value. Names, offsets and
 * bits as in a5xx.xml (drivers/gpu/drm/msm), in dwords.
 */

#include <linux/bits.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/math64.h>

#include "regs.h"
#include "vadreno.h"

#define RBBM_PERFCTR_CP_0_LO	0x03a0
#define RBBM_PERFCTR_RBBM_0_LO	0x03b0
#define RBBM_ALWAYSON_COUNTER_LO 0x04d2
#define RBBM_INT_0_STATUS	0x04e1
#define RBBM_STATUS		0x04f5
#define RBBM_STATUS3		0x0530
#define CP_CRASH_DUMP_CNTL	0x0819
#define   CRASH_DUMP_DONE		BIT(2)
#define CP_PFP_ME_CNTL		0x0832
#define CP_CONTEXT_SWITCH_CNTL	0x083b
#define CP_CONTEXT_SWITCH_RESTORE_ADDR_LO 0x083c
#define CP_CONTEXT_SWITCH_SAVE_ADDR_LO 0x083e
#define CP_INTERRUPT_STATUS	0x0b18
#define CP_IB1_BASE		0x0b1f
#define CP_IB1_BUFSZ		0x0b21
#define CP_IB2_BASE		0x0b22
#define CP_IB2_BUFSZ		0x0b24
#define RB_DBG_ECO_CNTL		0x0cc4
#define HLSQ_DBG_ECO_CNTL	0x0e04
#define VPC_DBG_ECO_CNTL	0x0e60
#define GPMU_SP_PWR_CLK_STATUS	0xa88b
#define GPMU_RBCCU_PWR_CLK_STATUS 0xa88d
#define   PWR_CLK_ON			BIT(20)
#define GPMU_CM3_SYSRESET	0xa8d8
#define GPMU_GENERAL_0		0xa8e0
#define   GPMU_ALIVE			0xbabeface

/* struct a5xx_preempt_record of the msm driver, in dwords. */
static const struct vadreno_record a5xx_record = {
	.cntl = 3,
	.rptr = 4,
	.wptr = 5,
	.rptr_addr = 6,
	.rbase = 8,
};

static u64 busy_cycles(struct vadreno *v)
{
	return mul_u64_u32_div(vadreno_cp_busy_ns(v),
			       READ_ONCE(v->core_rate) / 1000, 1000000);
}

static bool a5xx_read(struct vadreno *v, u32 reg, u32 *val)
{
	switch (reg) {
	case RBBM_INT_0_STATUS:
		*val = v->gpu_int;
		break;
	case RBBM_STATUS:
		/* Every unit but the AHB's HI is busy while there is work. */
		*val = v->cp.started && !vadreno_cp_idle(v) ? ~1U : 0;
		break;
	case RBBM_STATUS3:
		*val = v->cp.stalled ? STATUS3_SMMU_STALLED : 0;
		break;
	case RBBM_PERFCTR_CP_0_LO:
	case RBBM_PERFCTR_RBBM_0_LO:
		*val = lower_32_bits(busy_cycles(v));
		break;
	case RBBM_PERFCTR_CP_0_LO + 1:
	case RBBM_PERFCTR_RBBM_0_LO + 1:
		*val = upper_32_bits(busy_cycles(v));
		break;
	case RBBM_ALWAYSON_COUNTER_LO:
		*val = lower_32_bits(vadreno_xo_ticks(ktime_get_ns()));
		break;
	case RBBM_ALWAYSON_COUNTER_LO + 1:
		*val = upper_32_bits(vadreno_xo_ticks(ktime_get_ns()));
		break;
	case CP_INTERRUPT_STATUS:
		*val = 0;
		break;
	case CP_IB1_BASE ... CP_IB1_BUFSZ:
		*val = vadreno_ib_reg(v, 0, reg - CP_IB1_BASE);
		break;
	case CP_IB2_BASE ... CP_IB2_BUFSZ:
		*val = vadreno_ib_reg(v, 1, reg - CP_IB2_BASE);
		break;
	case CP_CRASH_DUMP_CNTL:
		/* The script is not run: its buffer stays as it is. */
		*val = v->fault.dumper ? 0 : CRASH_DUMP_DONE;
		break;
	case GPMU_SP_PWR_CLK_STATUS:
	case GPMU_RBCCU_PWR_CLK_STATUS:
		*val = PWR_CLK_ON;
		break;
	default:
		return vadreno_common_read(v, reg, val);
	}
	return true;
}

static void a5xx_write(struct vadreno *v, u32 reg, u32 val)
{
	switch (reg) {
	case CP_PFP_ME_CNTL:
		vadreno_cp_start(v, !val);
		break;
	case CP_CONTEXT_SWITCH_CNTL:
		v->cp.switching = val & 1;
		vadreno_kick(v, 20000);
		break;
	case GPMU_CM3_SYSRESET:
		if (!val)
			vadreno_reg_set(v, GPMU_GENERAL_0, GPMU_ALIVE);
		break;
	default:
		vadreno_common_write(v, reg, val);
	}
}

/* Between two jobs, so that a ring's state is its two pointers. */
static void a5xx_context_switch(struct vadreno *v)
{
	u64 from = vadreno_reg64(v, CP_CONTEXT_SWITCH_SAVE_ADDR_LO);
	u64 to = vadreno_reg64(v, CP_CONTEXT_SWITCH_RESTORE_ADDR_LO);

	vadreno_record_save(v, from, &a5xx_record);
	vadreno_record_restore(v, to, &a5xx_record);
	v->cp.switching = false;
	v->cp.switches++;
	vadreno_reg_set(v, CP_CONTEXT_SWITCH_CNTL, 0);
	v->gpu_int |= INT_CP_SW;
}

static const u16 a5xx_zero[] = {
	RB_DBG_ECO_CNTL, HLSQ_DBG_ECO_CNTL, VPC_DBG_ECO_CNTL,
};

static const struct vadreno_block a5xx_block = {
	.name = "kgsl_3d0_reg_memory",
	.read = a5xx_read,
	.write = a5xx_write,
	.zero = a5xx_zero,
	.nr_zero = ARRAY_SIZE(a5xx_zero),
};

const struct vadreno_gen vadreno_a5xx = {
	.name = "a5xx",
	.gpu = &a5xx_block,
	.int_cp_sw = INT_CP_SW,
	.int_cache_flush = INT_CP_CACHE_FLUSH_TS,
	.reg_int_mask = RBBM_INT_0_MASK,
	.context_switch = a5xx_context_switch,
};
