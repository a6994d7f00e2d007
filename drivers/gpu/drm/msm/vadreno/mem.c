// SPDX-License-Identifier: GPL-2.0-only
/*
 * The memory that the virtual Adreno and its power controller see: a walk of
 * page tables for each access, and what becomes of one that is not mapped.
 */

#include <linux/iommu.h>
#include <linux/mm.h>

#include "vadreno.h"

/* The upper half of the GPU's address space is translated by TTBR1. */
#define VADRENO_TTBR1		BIT_ULL(48)

/* Walk a process's page table: four levels of 512 entries, 4 KiB granule. */
static phys_addr_t walk_ttbr0(u64 ttbr0, u64 iova)
{
	u64 table = ttbr0 & GENMASK_ULL(47, 12);
	int shift;

	for (shift = 39; shift >= 12; shift -= 9) {
		u64 mask = BIT_ULL(shift) - 1;
		u64 pte;

		if (!pfn_valid(PHYS_PFN(table)))
			return 0;
		pte = READ_ONCE(((u64 *)__va(table))[iova >> shift & 511]);
		if (!(pte & 1))
			return 0;
		table = pte & GENMASK_ULL(47, 12);
		if (shift == 12 || !(pte & 2))
			return (table & ~mask) | (iova & mask);
	}
	return 0;
}

static u32 *translate(struct vadreno *v, u64 iova)
{
	phys_addr_t phys = 0;

	if (v->cp.ttbr0 && !(iova & VADRENO_TTBR1))
		phys = walk_ttbr0(v->cp.ttbr0, iova);
	else if (v->gpu_domain)
		phys = iommu_iova_to_phys(v->gpu_domain, iova);

	if (phys && v->fault.iommu) {
		v->fault.iommu--;
		phys = 0;
	}
	if (phys && pfn_valid(PHYS_PFN(phys)))
		return __va(phys & ~3UL);

	v->fault_iova = iova;
	v->fault_pending = true;
	v->faults++;
	v->cp.stalled = v->stall;
	return NULL;
}

/**
 * vadreno_mem_read() - read a dword of the GPU's memory
 * @v: the GPU, locked
 * @iova: GPU address
 * @val: where to put it
 *
 * Return: false if the address is not mapped: that is reported, and @val is 0.
 */
bool vadreno_mem_read(struct vadreno *v, u64 iova, u32 *val)
{
	u32 *mem = translate(v, iova);

	*val = mem ? READ_ONCE(*mem) : 0;
	return mem;
}

/**
 * vadreno_mem_read64() - read two dwords of memory, the low half first
 * @v: the GPU, locked
 * @iova: GPU address
 *
 * Return: the value; a half that cannot be read is 0.
 */
u64 vadreno_mem_read64(struct vadreno *v, u64 iova)
{
	u32 lo = 0, hi = 0;

	vadreno_mem_read(v, iova, &lo);
	vadreno_mem_read(v, iova + 4, &hi);
	return lo | (u64)hi << 32;
}

/**
 * vadreno_mem_write() - write a dword of the GPU's memory
 * @v: the GPU, locked
 * @iova: GPU address
 * @val: what to write
 *
 * Return: false if the address is not mapped: that is reported.
 */
bool vadreno_mem_write(struct vadreno *v, u64 iova, u32 val)
{
	u32 *mem = translate(v, iova);

	if (mem)
		WRITE_ONCE(*mem, val);
	return mem;
}

/**
 * vadreno_gmu_mem() - a dword of the power controller's memory
 * @v: the GPU, locked
 * @iova: address in the power controller's address space
 *
 * Return: where it is, or NULL.
 */
u32 *vadreno_gmu_mem(struct vadreno *v, u64 iova)
{
	phys_addr_t phys = 0;

	if (v->gmu.domain)
		phys = iommu_iova_to_phys(v->gmu.domain, iova);
	return phys && pfn_valid(PHYS_PFN(phys)) ? __va(phys & ~3UL) : NULL;
}
