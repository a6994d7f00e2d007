/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the KUnit suites of the step at first open that allocates the buffer
 * objects with the microcode share, one generation a suite.
 */
#ifndef __ADRENO_UCODE_TEST_H__
#define __ADRENO_UCODE_TEST_H__

#include <kunit/test.h>
#include <linux/platform_device.h>
#include <linux/version.h>

#include "adreno_gpu.h"

/* Buffer objects stand for themselves: nobody may look into them. */
#define UCODE_TEST_BO(n) ((struct drm_gem_object *)(0x1000UL * (n)))

static inline void ucode_test_has_step(struct kunit *test, const char *what,
				       const struct adreno_gpu_funcs *funcs)
{
	KUNIT_ASSERT_NOT_NULL_MSG(test, funcs, "%s", what);
	KUNIT_EXPECT_NOT_NULL_MSG(test, funcs->base.hw_init, "%s", what);
	KUNIT_EXPECT_NOT_NULL_MSG(test, funcs->base.ucode_load, "%s", what);
}

#if LINUX_VERSION_CODE >= KERNEL_VERSION(7, 0, 0)
/* The list of known GPUs, so that what is added there is seen here. */
static inline void ucode_test_list_has_step(struct kunit *test, const char *what,
					    const struct adreno_gpulist *list)
{
	unsigned int i;

	KUNIT_EXPECT_GT(test, list->gpus_count, 0U);
	for (i = 0; i < list->gpus_count; i++)
		ucode_test_has_step(test, what, list->gpus[i].funcs);
}
#endif

/* Make it a GPU of that revision with one ring, and no zap shader in a device tree. */
static inline void ucode_test_is(struct adreno_gpu *adreno_gpu,
				 struct adreno_info *info, u32 revn)
{
	static struct platform_device no_node;

	adreno_gpu->base.pdev = &no_node;
	info->revn = revn;
	adreno_gpu->info = info;
	/* There since the first open, like the buffers that the tests set. */
	adreno_gpu->crashdump.ptr = UCODE_TEST_BO(16);
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 6, 0)
	adreno_gpu->revn = revn;
#endif
	adreno_gpu->base.nr_rings = 1;
}

#endif /* __ADRENO_UCODE_TEST_H__ */
