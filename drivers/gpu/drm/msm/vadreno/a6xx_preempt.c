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
#define REC_CNTL		4
#define REC_RPTR		5
#define REC_WPTR		6
#define REC_RPTR_ADDR		8
#define REC_RBASE		10

/* struct a7xx_cp_smmu_info, in dwords. */
#define SMMU_MAGIC		0
#define   SMMU_IS_VALID			0x241350d5
#define SMMU_TTBR0		2

static bool is_valid(struct vadreno *v, u64 iova, u32 magic)
{
	u32 val;

	return vadreno_mem_read(v, iova, &val) && val == magic;
}

static void save(struct vadreno *v, u64 rec)
{
	vadreno_mem_write(v, rec + 4 * REC_RPTR, v->cp.rptr);
	vadreno_mem_write(v, rec + 4 * REC_WPTR, v->cp.wptr);
	vadreno_cp_write_rptr(v);
}

static void restore(struct vadreno *v, u64 rec, u64 smmu)
{
	struct vadreno_cp *cp = &v->cp;
	u32 cntl;

	vadreno_mem_read(v, rec + 4 * REC_CNTL, &cntl);
	vadreno_mem_read(v, rec + 4 * REC_RPTR, &cp->rptr);
	vadreno_mem_read(v, rec + 4 * REC_WPTR, &cp->wptr);
	cp->rptr_addr = vadreno_mem_read64(v, rec + 4 * REC_RPTR_ADDR);
	cp->rb_base = vadreno_mem_read64(v, rec + 4 * REC_RBASE);
	cp->rb_dwords = RB_CNTL_DWORDS(cntl);
	cp->shadow_rptr = !(cntl & RB_CNTL_NO_UPDATE);
	cp->save_addr = rec;
	cp->ttbr0 = vadreno_mem_read64(v, smmu + 4 * SMMU_TTBR0);
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

	save(v, v->cp.save_addr);
	restore(v, rec, smmu);
	v->cp.switches++;
	vadreno_reg_set(v, A6XX_CP_CONTEXT_SWITCH_CNTL,
			vadreno_reg(v, A6XX_CP_CONTEXT_SWITCH_CNTL) &
			~A6XX_CONTEXT_SWITCH_STOP);
	v->gpu_int |= INT_CP_SW;
}
