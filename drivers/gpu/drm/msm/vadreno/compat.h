/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What differs between the kernels that the virtual Adreno is built for. No
 * other file of it asks for a kernel version.
 */
#ifndef __VADRENO_COMPAT_H__
#define __VADRENO_COMPAT_H__

#include <linux/hrtimer.h>
#include <linux/irqdomain.h>
#include <linux/of.h>
#include <linux/version.h>

/* iommu_ops: how domains are made, and what attach_dev() is given. */
#define VADRENO_IOMMU_BUS_ALLOC	(LINUX_VERSION_CODE < KERNEL_VERSION(6, 6, 0))
#define VADRENO_IOMMU_ATTACH_OLD (LINUX_VERSION_CODE >= KERNEL_VERSION(6, 19, 0))
/* iotlb_sync_map() and io_pgtable's non-paged callbacks went with 6.1. */
#define VADRENO_IOMMU_OPS_PGSIZE (LINUX_VERSION_CODE < KERNEL_VERSION(6, 16, 0))
/* adreno_smmu_priv has the callbacks for partially resident regions. */
#define VADRENO_SMMU_PRR	(LINUX_VERSION_CODE >= KERNEL_VERSION(6, 14, 0))
/* The SMMU driver ends a stall itself, when the fault handler is done. */
#define VADRENO_SMMU_RESUMES	(LINUX_VERSION_CODE >= KERNEL_VERSION(6, 17, 0))

/* What an rpmsg endpoint sends. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(7, 2, 0)
#define vadreno_rpmsg_const
#else
#define vadreno_rpmsg_const const
#endif

static inline void
vadreno_timer_init(struct hrtimer *timer,
		   enum hrtimer_restart (*fn)(struct hrtimer *timer))
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 13, 0)
	hrtimer_setup(timer, fn, CLOCK_MONOTONIC, HRTIMER_MODE_ABS_HARD);
#else
	hrtimer_init(timer, CLOCK_MONOTONIC, HRTIMER_MODE_ABS_HARD);
	timer->function = fn;
#endif
}

#endif /* __VADRENO_COMPAT_H__ */
