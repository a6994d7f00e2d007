// SPDX-License-Identifier: GPL-2.0-only
/*
 * The secure monitor behind the real qcom_scm driver. It has few calls, and says
 * so when it is asked whether it has one; calls that it has not it refuses, and
 * counts.
 */

#include <linux/arm-smccc.h>
#include <linux/atomic.h>

#include "vadreno.h"

/* Service and command: SCM_SMC_FNID() in the qcom_scm driver. */
#define SCM_FNID(svc, cmd)	((svc) << 8 | (cmd))
#define SCM_FNID_MASK		0xffff
#define SCM_INFO_IS_CALL_AVAIL	SCM_FNID(0x06, 0x01)
/* Debug: download mode. */
#define SCM_BOOT_SET_DLOAD	SCM_FNID(0x01, 0x10)
/* Memory protection: the state of the GPU after a power collapse. */
#define SCM_BOOT_SET_STATE	SCM_FNID(0x01, 0x0a)
/* Secure world: registers of the GPU, its IOMMU's apertures. */
#define SCM_GPU_INIT_REGS	SCM_FNID(0x25, 0x01)
#define SCM_MP_GPU_APERTURE	SCM_FNID(0x0c, 0x1b)

/* QCOM_SCM_V2_... of the qcom_scm driver: not supported. */
#define SCM_EOPNOTSUPP		((unsigned long)-4)

atomic_t vadreno_unknown_smc;

static bool is_known(unsigned long fnid)
{
	switch (fnid) {
	case SCM_INFO_IS_CALL_AVAIL:
	case SCM_BOOT_SET_DLOAD:
	case SCM_BOOT_SET_STATE:
	case SCM_GPU_INIT_REGS:
	case SCM_MP_GPU_APERTURE:
		return true;
	default:
		return false;
	}
}

static void refuse(struct arm_smccc_res *res)
{
	res->a0 = SCM_EOPNOTSUPP;
	atomic_inc(&vadreno_unknown_smc);
}

asmlinkage void __arm_smccc_smc(unsigned long a0, unsigned long a1,
				unsigned long a2, unsigned long a3,
				unsigned long a4, unsigned long a5,
				unsigned long a6, unsigned long a7,
				struct arm_smccc_res *res,
				struct arm_smccc_quirk *quirk)
{
	*res = (struct arm_smccc_res){ };

	/* a2 is the first argument, of which call it is the number. */
	if ((a0 & SCM_FNID_MASK) == SCM_INFO_IS_CALL_AVAIL)
		res->a1 = is_known(a2 & SCM_FNID_MASK);
	else if (!is_known(a0 & SCM_FNID_MASK))
		refuse(res);
}
