/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Registers that more than one file needs. Names, offsets and bits as in
 * a5xx.xml and a6xx.xml (drivers/gpu/drm/msm), in dwords.
 */
#ifndef __VADRENO_REGS_H__
#define __VADRENO_REGS_H__

#define RBBM_INT_CLEAR_CMD	0x0037
#define RBBM_INT_0_MASK		0x0038
#define   INT_CP_SW			BIT(8)
#define   INT_CP_CACHE_FLUSH_TS		BIT(20)
#define   INT_HANG_DETECT		BIT(23)
#define RBBM_SW_RESET_CMD	0x0043
#define CP_RB_BASE		0x0800
#define CP_RB_CNTL		0x0802
/* Bits 0 to 5 are the logarithm of the size in quadwords. */
#define   RB_CNTL_DWORDS(val)		(2U << min((val) & 0x3f, 20U))
#define   RB_CNTL_NO_UPDATE		BIT(27)
#define CP_RB_RPTR_ADDR		0x0804
#define CP_RB_RPTR		0x0806
#define CP_RB_WPTR		0x0807
/* Generation 6 and 7 */
#define A6XX_CP_CONTEXT_SWITCH_CNTL 0x08a0
#define   A6XX_CONTEXT_SWITCH_STOP	BIT(0)
#define A6XX_CP_CONTEXT_SWITCH_SMMU_INFO 0x08a1
#define A6XX_CP_CONTEXT_SWITCH_RESTORE 0x08a3
#define VBIF_XIN_HALT_CTRL0	0x3080
#define VBIF_XIN_HALT_CTRL1	0x3081

/* RBBM_STATUS3 of all generations. */
#define STATUS3_SMMU_STALLED	BIT(24)

#endif /* __VADRENO_REGS_H__ */
