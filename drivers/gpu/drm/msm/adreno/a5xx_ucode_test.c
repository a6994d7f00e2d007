// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of a5xx's step at first open that allocates the buffer objects with
 * the microcode: every table of functions has it, and repeating it, as after a
 * first open that failed, allocates nothing again.
 */

#include <linux/firmware.h>

#include "a5xx_gpu.h"
#include "ucode_test.h"

static void a5xx_ucode_every_table(struct kunit *test)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(7, 0, 0)
	ucode_test_list_has_step(test, "a5xx", &a5xx_gpulist);
#else
	ucode_test_has_step(test, "a5xx", &a5xx_gpu_funcs);
#endif
}

static struct a5xx_gpu *ucode_test_a5xx(struct kunit *test, u32 revn)
{
	struct a5xx_gpu *a5xx_gpu = kunit_kzalloc(test, sizeof(*a5xx_gpu),
						  GFP_KERNEL);
	struct adreno_info *info = kunit_kzalloc(test, sizeof(*info),
						 GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, a5xx_gpu);
	KUNIT_ASSERT_NOT_NULL(test, info);
	ucode_test_is(&a5xx_gpu->base, info, revn);

	return a5xx_gpu;
}

static void a5xx_ucode_repeated(struct kunit *test)
{
	struct a5xx_gpu *a5xx_gpu = ucode_test_a5xx(test, 530);
	struct msm_gpu *gpu = &a5xx_gpu->base.base;

	a5xx_gpu->pm4_bo = UCODE_TEST_BO(1);
	a5xx_gpu->pfp_bo = UCODE_TEST_BO(2);
	a5xx_gpu->shadow_bo = UCODE_TEST_BO(3);
	a5xx_gpu->gpmu_bo = UCODE_TEST_BO(4);
	a5xx_gpu->has_whereami = true;
	a5xx_gpu->gpmu_dwords = 5;

	KUNIT_ASSERT_NOT_NULL(test, a5xx_gpu_funcs.base.ucode_load);
	KUNIT_EXPECT_EQ(test, a5xx_gpu_funcs.base.ucode_load(gpu), 0);

	KUNIT_EXPECT_PTR_EQ(test, a5xx_gpu->pm4_bo, UCODE_TEST_BO(1));
	KUNIT_EXPECT_PTR_EQ(test, a5xx_gpu->pfp_bo, UCODE_TEST_BO(2));
	KUNIT_EXPECT_PTR_EQ(test, a5xx_gpu->shadow_bo, UCODE_TEST_BO(3));
	KUNIT_EXPECT_PTR_EQ(test, a5xx_gpu->gpmu_bo, UCODE_TEST_BO(4));
	KUNIT_EXPECT_EQ(test, a5xx_gpu->gpmu_dwords, 5U);
}

/*
 * The step makes the GPMU's buffer object too: with all others there, it gets
 * as far as to look at the firmware. What it does not understand is no error,
 * and what it would read beyond the end is not read.
 */
static void a5xx_ucode_gpmu_firmware(struct kunit *test)
{
	static const u32 wrong_id[] = { 2, 3, 0 };
	static const u32 too_long[] = { 100, 2, 0 };
	static const u32 too_short[] = { 1, 2, 0 };
	static const struct {
		const u32 *data;
		size_t size;
	} cases[] = {
		{ wrong_id, sizeof(wrong_id) },
		{ too_long, sizeof(too_long) },
		{ too_short, sizeof(too_short) },
		{ wrong_id, 4 },
	};
	struct a5xx_gpu *a5xx_gpu = ucode_test_a5xx(test, 530);
	struct msm_gpu *gpu = &a5xx_gpu->base.base;
	int i;

	a5xx_gpu->pm4_bo = UCODE_TEST_BO(1);
	a5xx_gpu->pfp_bo = UCODE_TEST_BO(2);
	a5xx_gpu->shadow_bo = UCODE_TEST_BO(3);
	a5xx_gpu->has_whereami = true;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct firmware fw = {
			.data = (const u8 *)cases[i].data,
			.size = cases[i].size,
		};

		a5xx_gpu->base.fw[ADRENO_FW_GPMU] = &fw;
		KUNIT_EXPECT_EQ_MSG(test, a5xx_gpu_funcs.base.ucode_load(gpu),
				    0, "case %d", i);
		KUNIT_EXPECT_NULL_MSG(test, a5xx_gpu->gpmu_bo, "case %d", i);
		KUNIT_EXPECT_EQ_MSG(test, a5xx_gpu->gpmu_dwords, 0U,
				    "case %d", i);
	}
}

/* Too old a microcode turns preemption off, and only once. */
static void a5xx_ucode_without_whereami(struct kunit *test)
{
	struct a5xx_gpu *a5xx_gpu = ucode_test_a5xx(test, 506);
	struct msm_gpu *gpu = &a5xx_gpu->base.base;

	a5xx_gpu->pm4_bo = UCODE_TEST_BO(1);
	a5xx_gpu->pfp_bo = UCODE_TEST_BO(2);
	gpu->nr_rings = 4;

	KUNIT_EXPECT_EQ(test, a5xx_gpu_funcs.base.ucode_load(gpu), 0);
	KUNIT_EXPECT_EQ(test, gpu->nr_rings, 1);
	KUNIT_EXPECT_NULL(test, a5xx_gpu->shadow_bo);
	KUNIT_EXPECT_EQ(test, a5xx_gpu_funcs.base.ucode_load(gpu), 0);
	KUNIT_EXPECT_EQ(test, gpu->nr_rings, 1);
}

/* What a5xx_destroy() finds after preemption was turned off: nothing. */
static void a5xx_ucode_preempt_fini_twice(struct kunit *test)
{
	struct a5xx_gpu *a5xx_gpu = ucode_test_a5xx(test, 506);
	struct msm_gpu *gpu = &a5xx_gpu->base.base;

	/* An error pointer is put without looking into it, and forgotten. */
	a5xx_gpu->preempt_bo[0] = ERR_PTR(-ENOMEM);
	a5xx_gpu->preempt_counters_bo[0] = ERR_PTR(-ENOMEM);
	a5xx_gpu->preempt[0] = ERR_PTR(-ENOMEM);

	a5xx_preempt_fini(gpu);
	KUNIT_EXPECT_NULL(test, a5xx_gpu->preempt_bo[0]);
	KUNIT_EXPECT_NULL(test, a5xx_gpu->preempt_counters_bo[0]);
	KUNIT_EXPECT_NULL(test, a5xx_gpu->preempt[0]);
}

static struct kunit_case a5xx_ucode_cases[] = {
	KUNIT_CASE(a5xx_ucode_every_table),
	KUNIT_CASE(a5xx_ucode_repeated),
	KUNIT_CASE(a5xx_ucode_gpmu_firmware),
	KUNIT_CASE(a5xx_ucode_without_whereami),
	KUNIT_CASE(a5xx_ucode_preempt_fini_twice),
	{}
};

static struct kunit_suite a5xx_ucode_suite = {
	.name = "a5xx_ucode",
	.test_cases = a5xx_ucode_cases,
};

kunit_test_suite(a5xx_ucode_suite);
