// SPDX-License-Identifier: GPL-2.0-only
/*
 * The record of a ring that is preempted, as the driver lays it out in memory and
 * the command processor saves and restores it. What the generations have in common.
 */

#include "regs.h"
#include "vadreno.h"

/**
 * vadreno_record_save() - save where the ring is that is left
 * @v: the GPU, locked
 * @rec: GPU address of the ring's record
 * @at: where its fields are
 */
void vadreno_record_save(struct vadreno *v, u64 rec, const struct vadreno_record *at)
{
	vadreno_mem_write(v, rec + 4 * at->rptr, v->cp.rptr);
	vadreno_mem_write(v, rec + 4 * at->wptr, v->cp.wptr);
	vadreno_cp_write_rptr(v);
}

/**
 * vadreno_record_restore() - go on where another ring was
 * @v: the GPU, locked
 * @rec: GPU address of the ring's record
 * @at: where its fields are
 *
 * Return: the ring's RB_CNTL, of which its size has been taken.
 */
u32 vadreno_record_restore(struct vadreno *v, u64 rec, const struct vadreno_record *at)
{
	struct vadreno_cp *cp = &v->cp;
	u32 cntl;

	vadreno_mem_read(v, rec + 4 * at->cntl, &cntl);
	vadreno_mem_read(v, rec + 4 * at->rptr, &cp->rptr);
	vadreno_mem_read(v, rec + 4 * at->wptr, &cp->wptr);
	cp->rptr_addr = vadreno_mem_read64(v, rec + 4 * at->rptr_addr);
	cp->rb_base = vadreno_mem_read64(v, rec + 4 * at->rbase);
	cp->rb_dwords = RB_CNTL_DWORDS(cntl);
	return cntl;
}
