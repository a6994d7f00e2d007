// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of a6xx's step at first open that allocates the buffer objects with
 * the microcode: every table of functions has it, and repeating it, as after a
 * first open that failed, allocates nothing again.
 */

#include "a6xx_gpu.h"
#include "ucode_test.h"

static void a6xx_ucode_every_table(struct kunit *test)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(7, 0, 0)
	ucode_test_list_has_step(test, "a6xx", &a6xx_gpulist);
	ucode_test_list_has_step(test, "a7xx", &a7xx_gpulist);
	ucode_test_list_has_step(test, "a8xx", &a8xx_gpulist);
#else
	ucode_test_has_step(test, "a6xx", &a6xx_gpu_funcs);
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 12, 0)
	ucode_test_has_step(test, "gmuwrapper", &a6xx_gmuwrapper_funcs);
	ucode_test_has_step(test, "a7xx", &a7xx_gpu_funcs);
#endif
#endif
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
