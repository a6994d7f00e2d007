// SPDX-License-Identifier: GPL-2.0-only
/* Files for several kernels, as one of them has them. */
#include "kversion.h"
#include "unit.h"

#define V61 KVERSION(6, 1, 192)
#define V72 KVERSION(7, 2, 13)

static void assert_becomes(const char *text, unsigned int version, const char *want)
{
	char *out = kversion_resolve(text, version);

	assert_string_equal(out, want);
	free(out);
}

static void either_side(void **state)
{
	static const char text[] =
		"#include <linux/version.h>\n#include <a.h>\n\n"
		"#if LINUX_VERSION_CODE >= KERNEL_VERSION(7, 0, 0)\nnew();\n"
		"#else\nold();\n#endif\nboth();\n";

	(void)state;
	assert_becomes(text, V72, "#include <a.h>\n\nnew();\nboth();\n");
	assert_becomes(text, V61, "#include <a.h>\n\nold();\nboth();\n");
}

static void the_very_version(void **state)
{
	static const char text[] =
		"x\n#if LINUX_VERSION_CODE < KERNEL_VERSION(7, 2, 13)\na\n#endif\n";

	(void)state;
	assert_becomes(text, V72, "x\n");
	assert_becomes(text, V72 - 1, "x\na\n");
}

static void other_questions_stay(void **state)
{
	static const char text[] =
		"\n#if LINUX_VERSION_CODE < KERNEL_VERSION(7, 0, 0)\n"
		"#ifdef CONFIG_X\na\n#else\nb\n#endif\n#endif\n"
		"#ifdef CONFIG_Y\n"
		"#if LINUX_VERSION_CODE >= KERNEL_VERSION(7, 0, 0)\nc\n#endif\n#endif\n";

	(void)state;
	assert_becomes(text, V61,
		       "\n#ifdef CONFIG_X\na\n#else\nb\n#endif\n#ifdef CONFIG_Y\n#endif\n");
	assert_becomes(text, V72, "\n#ifdef CONFIG_Y\nc\n#endif\n");
}

static void no_gap_is_left(void **state)
{
	(void)state;
	assert_becomes("a\n\n#if LINUX_VERSION_CODE < KERNEL_VERSION(7, 0, 0)\nb\n#endif\n\nc\n",
		       V72, "a\n\nc\n");
}

static void what_is_not_understood_is_left_alone(void **state)
{
	static const char *const texts[] = {
		"#if defined(X) && LINUX_VERSION_CODE >= KERNEL_VERSION(7, 0, 0)\na\n#endif\n",
		"x\n#if LINUX_VERSION_CODE >= KERNEL_VERSION(7, 0, 0)\na\n#elif defined(B)\nb\n#endif\n",
		"x\n#if LINUX_VERSION_CODE == KERNEL_VERSION(7, 0, 0)\na\n#endif\n",
		"#include <linux/version.h>\nno question\n",
		"",
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		assert_becomes(texts[i], V72, texts[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(either_side),
		UNIT(the_very_version),
		UNIT(other_questions_stay),
		UNIT(no_gap_is_left),
		UNIT(what_is_not_understood_is_left_alone),
	};

	return cmocka_run_group_tests_name("kversion", tests, NULL, NULL);
}
