/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The packets of the command processor that the msm driver and our client use:
 * opcode, name, and whether the virtual one does anything. Opcodes and layouts
 * as in adreno_pm4.xml (drivers/gpu/drm/msm).
 */
#ifndef __VADRENO_PM4_H__
#define __VADRENO_PM4_H__

#define PM4_TYPE(hdr)		((hdr) >> 28)
#define PM4_TYPE4		4
#define PM4_TYPE7		7
#define PM4_TYPE4_REG(hdr)	((hdr) >> 8 & 0x3ffff)
#define PM4_TYPE4_COUNT(hdr)	((hdr) & 0x7f)
#define PM4_TYPE7_OP(hdr)	((hdr) >> 16 & 0x7f)
#define PM4_TYPE7_COUNT(hdr)	((hdr) & 0x3fff)

/* Opcodes that do something here. */
#define CP_NOP			0x10
#define CP_MEM_WRITE		0x3d
#define CP_REG_TO_MEM		0x3e
#define CP_INDIRECT_BUFFER	0x3f
#define CP_EVENT_WRITE		0x46
#define CP_SMMU_TABLE_UPDATE	0x53
#define CP_SET_PSEUDO_REG	0x56
#define CP_WHERE_AM_I		0x62
#define CP_CONTEXT_SWITCH_YIELD	0x6b

#define CP_EVENT_WRITE_IRQ	BIT(31)
#define CP_REG_TO_MEM_REG(dw)	((dw) & 0x3ffff)
#define CP_REG_TO_MEM_CNT(dw)	((dw) >> 18 & 0xfff)
#define PSEUDO_REG(dw)		((dw) & 0x7ff)
#define PSEUDO_REG_SAVE_ADDR	1

#endif /* __VADRENO_PM4_H__ */
