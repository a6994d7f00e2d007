// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of a6xx's step at first open that allocates the buffer objects with
 * the microcode: every table of functions has it, and repeating it, as after a
 * first open that failed, allocates nothing again.
 */

#include <kunit/test.h>
#include <linux/version.h>

#include "a6xx_gpu.h"

static void check_has_step(struct kunit *test, const char *what,
			   const struct adreno_gpu_funcs *funcs)
{
	KUNIT_ASSERT_NOT_NULL_MSG(test, funcs, "%s", what);
	KUNIT_EXPECT_NOT_NULL_MSG(test, funcs->base.hw_init, "%s", what);
	KUNIT_EXPECT_NOT_NULL_MSG(test, funcs->base.ucode_load, "%s", what);
}

#if LINUX_VERSION_CODE >= KERNEL_VERSION(7, 0, 0)
/* The list of known GPUs, so that what is added there is seen here. */
static void check_list_has_step(struct kunit *test, const char *what,
				const struct adreno_gpulist *list)
{
	unsigned int i;

	KUNIT_EXPECT_GT(test, list->gpus_count, 0U);
	for (i = 0; i < list->gpus_count; i++)
		check_has_step(test, what, list->gpus[i].funcs);
}
#endif

static void a6xx_ucode_every_table(struct kunit *test)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(7, 0, 0)
	check_list_has_step(test, "a6xx", &a6xx_gpulist);
	check_list_has_step(test, "a7xx", &a7xx_gpulist);
	check_list_has_step(test, "a8xx", &a8xx_gpulist);
#else
	check_has_step(test, "a6xx", &a6xx_gpu_funcs);
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 12, 0)
	check_has_step(test, "gmuwrapper", &a6xx_gmuwrapper_funcs);
	check_has_step(test, "a7xx", &a7xx_gpu_funcs);
#endif
#endif
}

/* Buffer objects stand for themselves: nobody may look into them. */
#define UCODE_TEST_BO(n) ((struct drm_gem_object *)(0x1000UL * (n)))

static void ucode_test_is(struct adreno_gpu *adreno_gpu,
			  struct adreno_info *info, u32 revn)
{
	info->revn = revn;
	adreno_gpu->info = info;
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 6, 0)
	adreno_gpu->revn = revn;
#endif
	adreno_gpu->base.nr_rings = 1;
}

static void a6xx_ucode_repeated(struct kunit *test)
{
	struct a6xx_gpu *a6xx_gpu = kunit_kzalloc(test, sizeof(*a6xx_gpu),
						  GFP_KERNEL);
	struct adreno_info *info = kunit_kzalloc(test, sizeof(*info),
						 GFP_KERNEL);
	struct msm_gpu *gpu;

	KUNIT_ASSERT_NOT_NULL(test, a6xx_gpu);
	KUNIT_ASSERT_NOT_NULL(test, info);
	ucode_test_is(&a6xx_gpu->base, info, 630);
	gpu = &a6xx_gpu->base.base;

	a6xx_gpu->sqe_bo = UCODE_TEST_BO(1);
	a6xx_gpu->shadow_bo = UCODE_TEST_BO(2);
	a6xx_gpu->has_whereami = true;
#if LINUX_VERSION_CODE >= KERNEL_VERSION(7, 0, 0)
	a6xx_gpu->aqe_bo = UCODE_TEST_BO(3);
	a6xx_gpu->pwrup_reglist_bo = UCODE_TEST_BO(4);
#endif

	KUNIT_ASSERT_NOT_NULL(test, a6xx_gpu_funcs.base.ucode_load);
	KUNIT_EXPECT_EQ(test, a6xx_gpu_funcs.base.ucode_load(gpu), 0);

	KUNIT_EXPECT_PTR_EQ(test, a6xx_gpu->sqe_bo, UCODE_TEST_BO(1));
	KUNIT_EXPECT_PTR_EQ(test, a6xx_gpu->shadow_bo, UCODE_TEST_BO(2));
#if LINUX_VERSION_CODE >= KERNEL_VERSION(7, 0, 0)
	KUNIT_EXPECT_PTR_EQ(test, a6xx_gpu->aqe_bo, UCODE_TEST_BO(3));
	KUNIT_EXPECT_PTR_EQ(test, a6xx_gpu->pwrup_reglist_bo, UCODE_TEST_BO(4));
#endif
}

static struct kunit_case a6xx_ucode_cases[] = {
	KUNIT_CASE(a6xx_ucode_every_table),
	KUNIT_CASE(a6xx_ucode_repeated),
	{}
};

static struct kunit_suite a6xx_ucode_suite = {
	.name = "a6xx_ucode",
	.test_cases = a6xx_ucode_cases,
};

kunit_test_suite(a6xx_ucode_suite);
