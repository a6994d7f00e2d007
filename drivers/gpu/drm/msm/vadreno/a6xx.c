// SPDX-License-Identifier: GPL-2.0-only
/*
 * Registers of Adreno 6xx and 7xx that do more than hold a value. Names, offsets and
 * bits as in a6xx.xml (drivers/gpu/drm/msm), in dwords.
 */

#include <linux/bits.h>
#include <linux/kernel.h>
#include <linux/ktime.h>

#include "regs.h"
#include "vadreno.h"

#define RBBM_GBIF_HALT		0x0016
#define RBBM_GBIF_HALT_ACK	0x0017
#define RBBM_CLOCK_CNTL		0x00ae
#define RBBM_INT_0_STATUS	0x0201
#define RBBM_STATUS		0x0210
#define   STATUS_AHB_BUSY		(BIT(0) | BIT(1))
#define RBBM_STATUS3		0x0213
#define A7XX_RBBM_PERFCTR_CP_0_LO 0x0300
#define RBBM_PERFCTR_CP_0_LO	0x0400
#define CP_SQE_CNTL		0x0808
#define   SQE_RUN			1
#define CP_HW_FAULT		0x0821
#define CP_INTERRUPT_STATUS	0x0823
#define CP_CRASH_DUMP_STATUS	0x0903
#define   CRASH_DUMP_DONE		BIT(1)
#define CP_IB1_BASE		0x0928
#define CP_IB1_REM_SIZE		0x092a
#define CP_IB2_BASE		0x092b
#define CP_IB2_REM_SIZE		0x092d
#define CP_CSQ_IB1_STAT		0x0949
#define CP_CSQ_IB2_STAT		0x094a
#define CP_ALWAYS_ON_COUNTER_LO	0x0980
#define CP_ALWAYS_ON_CONTEXT_LO	0x0982
#define UCHE_GMEM_RANGE_MIN	0x0e0b
#define UCHE_GMEM_RANGE_MAX	0x0e0d
#define GBIF_HALT		0x3c45
#define GBIF_HALT_ACK		0x3c46
#define RB_CMP_DBG_ECO_CNTL	0x8e28
#define TPL1_DBG_ECO_CNTL1	0xb602

/* From the wish for another ring to the first chance to change it. */
#define SWITCH_NS		20000

static bool a6xx_read(struct vadreno *v, u32 reg, u32 *val)
{
	switch (reg) {
	case RBBM_INT_0_STATUS:
		*val = v->gpu_int;
		break;
	case RBBM_STATUS:
		*val = v->cp.started && !vadreno_cp_idle(v) ?
			~STATUS_AHB_BUSY : 0;
		break;
	case RBBM_STATUS3:
		*val = v->cp.stalled ? STATUS3_SMMU_STALLED : 0;
		break;
	case RBBM_GBIF_HALT_ACK:
		*val = vadreno_reg(v, RBBM_GBIF_HALT);
		break;
	case GBIF_HALT_ACK:
		*val = vadreno_reg(v, GBIF_HALT);
		break;
	case A7XX_RBBM_PERFCTR_CP_0_LO:
	case RBBM_PERFCTR_CP_0_LO:
		*val = lower_32_bits(vadreno_xo_ticks(vadreno_cp_busy_ns(v)));
		break;
	case A7XX_RBBM_PERFCTR_CP_0_LO + 1:
	case RBBM_PERFCTR_CP_0_LO + 1:
		*val = upper_32_bits(vadreno_xo_ticks(vadreno_cp_busy_ns(v)));
		break;
	case CP_ALWAYS_ON_COUNTER_LO:
	case CP_ALWAYS_ON_CONTEXT_LO:
		*val = lower_32_bits(vadreno_xo_ticks(ktime_get_ns()));
		break;
	case CP_ALWAYS_ON_COUNTER_LO + 1:
	case CP_ALWAYS_ON_CONTEXT_LO + 1:
		*val = upper_32_bits(vadreno_xo_ticks(ktime_get_ns()));
		break;
	case CP_IB1_BASE ... CP_IB1_REM_SIZE:
		*val = vadreno_ib_reg(v, 0, reg - CP_IB1_BASE);
		break;
	case CP_IB2_BASE ... CP_IB2_REM_SIZE:
		*val = vadreno_ib_reg(v, 1, reg - CP_IB2_BASE);
		break;
	case CP_HW_FAULT:
	case CP_INTERRUPT_STATUS:
	case CP_CSQ_IB1_STAT:
	case CP_CSQ_IB2_STAT:
		/* No errors; nothing is fetched ahead. */
		*val = 0;
		break;
	case CP_CRASH_DUMP_STATUS:
		/* The script is not run: its buffer stays as it is. */
		*val = v->fault.dumper ? 0 : CRASH_DUMP_DONE;
		break;
	default:
		return vadreno_common_read(v, reg, val);
	}
	return true;
}

static void a6xx_write(struct vadreno *v, u32 reg, u32 val)
{
	switch (reg) {
	case CP_SQE_CNTL:
		vadreno_cp_start(v, val == SQE_RUN);
		break;
	case A6XX_CP_CONTEXT_SWITCH_CNTL:
		v->cp.switching = val & A6XX_CONTEXT_SWITCH_STOP;
		vadreno_kick(v, SWITCH_NS);
		break;
	default:
		vadreno_common_write(v, reg, val);
	}
}

/* The last ones are saved for preemption, and generation 7 writes not each of them. */
static const u16 a6xx_zero[] = {
	RBBM_CLOCK_CNTL, RB_CMP_DBG_ECO_CNTL, TPL1_DBG_ECO_CNTL1,
	UCHE_GMEM_RANGE_MIN, UCHE_GMEM_RANGE_MIN + 1,
	UCHE_GMEM_RANGE_MAX, UCHE_GMEM_RANGE_MAX + 1,
};

static const struct vadreno_block a6xx_block = {
	.name = "kgsl_3d0_reg_memory",
	.read = a6xx_read,
	.write = a6xx_write,
	.zero = a6xx_zero,
	.nr_zero = ARRAY_SIZE(a6xx_zero),
};

const struct vadreno_gen vadreno_a6xx = {
	.name = "a6xx",
	.gpu = &a6xx_block,
	.int_cp_sw = INT_CP_SW,
	.int_cache_flush = INT_CP_CACHE_FLUSH_TS,
	.reg_int_mask = RBBM_INT_0_MASK,
	.context_switch = vadreno_a6xx_context_switch,
};
