// SPDX-License-Identifier: GPL-2.0-only
/*
 * Preemption of generation 6 and 7: the command processor saves where it is in
 * the record of the ring that it leaves, and goes on where the record says that
 * the driver chose. Layouts as in a6xx_gpu.h (drivers/gpu/drm/msm).
 */

#include "regs.h"
#include "vadreno.h"

/* struct a6xx_preempt_record, in dwords. */
#define REC_MAGIC		0
#define   REC_IS_VALID			0xae399d6e

static const struct vadreno_record a6xx_record = {
	.cntl = 4,
	.rptr = 5,
	.wptr = 6,
	.rptr_addr = 8,
	.rbase = 10,
};

/* struct a7xx_cp_smmu_info, in dwords. */
#define SMMU_MAGIC		0
#define   SMMU_IS_VALID			0x241350d5
#define SMMU_TTBR0		2

static bool is_valid(struct vadreno *v, u64 iova, u32 magic)
{
	u32 val;

	return vadreno_mem_read(v, iova, &val) && val == magic;
}

static void restore(struct vadreno *v, u64 rec, u64 smmu)
{
	u32 cntl = vadreno_record_restore(v, rec, &a6xx_record);

	v->cp.shadow_rptr = !(cntl & RB_CNTL_NO_UPDATE);
	v->cp.save_addr = rec;
	v->cp.ttbr0 = vadreno_mem_read64(v, smmu + 4 * SMMU_TTBR0);
}

/**
 * vadreno_a6xx_context_switch() - change to the ring that the driver chose
 * @v: the GPU, locked
 *
 * It is between two jobs, so that a ring's state is its two pointers and the page
 * table of its process. With a record that is none the hardware is lost.
 */
void vadreno_a6xx_context_switch(struct vadreno *v)
{
	u64 rec = vadreno_reg64(v, A6XX_CP_CONTEXT_SWITCH_RESTORE);
	u64 smmu = vadreno_reg64(v, A6XX_CP_CONTEXT_SWITCH_SMMU_INFO);

	v->cp.switching = false;
	if (!is_valid(v, v->cp.save_addr, REC_IS_VALID) ||
	    !is_valid(v, rec, REC_IS_VALID) ||
	    !is_valid(v, smmu, SMMU_IS_VALID)) {
		v->cp.hung = true;
		return;
	}

	vadreno_record_save(v, v->cp.save_addr, &a6xx_record);
	restore(v, rec, smmu);
	v->cp.switches++;
	vadreno_reg_set(v, A6XX_CP_CONTEXT_SWITCH_CNTL,
			vadreno_reg(v, A6XX_CP_CONTEXT_SWITCH_CNTL) &
			~A6XX_CONTEXT_SWITCH_STOP);
	v->gpu_int |= INT_CP_SW;
}
