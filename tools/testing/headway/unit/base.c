// SPDX-License-Identifier: GPL-2.0-only
/* The files bases/<name>. */

#include "base.h"
#include "unit.h"
#include "xalloc.h"

static void write_base(const char *name, const char *text)
{
	char *path = xasprintf("bases/%s", name);

	unit_write(path, text);
	hw_paths.top = unit_dir;
	free(path);
}

static void names(void **state)
{
	static const char *const good[] = { "6.1", "7.2-rc1", "v6.6+x", "my_tree" };
	static const char *const bad[] = {
		"", ".", "..", "6..1", ".hidden", "-x", "a/b", "a b", "6.1.", "x.lock",
		"6.1~", "a\n", "\303\244",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		assert_true(base_name_ok(good[i]));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(base_name_ok(bad[i]));
}

static void package(void **state)
{
	struct base b;

	(void)state;
	write_base("7.2", "# comment\nPackage: linux-source-7.2\nSuite: sid\n");
	assert_int_equal(base_read("7.2", &b), 0);
	assert_string_equal(b.name, "7.2");
	assert_string_equal(b.package, "linux-source-7.2");
	assert_string_equal(b.suite, "sid");
	assert_null(b.repository);
	assert_false(b.is_default);
	base_free(&b);
}

static void clone(void **state)
{
	struct base b;

	(void)state;
	write_base("mine", "Repository: /a path/linux\nRevision: v6.6\n");
	assert_int_equal(base_read("mine", &b), 0);
	assert_string_equal(b.repository, "/a path/linux");
	assert_string_equal(b.revision, "v6.6");
	base_free(&b);
}

static void malformed(void **state)
{
	static const struct {
		const char *text;
		const char *message;
	} cases[] = {
		{ "", "must be one paragraph" },
		{ "Package: a\n\nPackage: b\n", "must be one paragraph" },
		{ "Suite: sid\n", ":1: Package, Repository: give one" },
		{ "Package: a\nRepository: b\nRevision: c\n", "give one of the two" },
		{ "Repository: b\n", "Revision: goes with Repository" },
		{ "Package: a\nRevision: c\n", "Revision: goes with Repository" },
		{ "Repository: a\nRevision: b\nSuite: s\n", "Suite: goes with Package" },
		{ "Package: a b\n", ":1: Package: not a valid value" },
		{ "Package: -o\n", ":1: Package: not a valid value" },
		{ "Package: a\nDefault: no\n", ":2: Default: can only be" },
		{ "# c\nPackage: a\nColour: red\n", ":3: Colour: there is no such field" },
		{ "Package: a\nPackage: b\n", ":2:" },
		{ "no colon\n", ":1:" },
	};
	const char *said;
	struct base b;
	int ret;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		write_base("x", cases[i].text);
		hw_set_exit(HW_OK);
		unit_catch();
		ret = base_read("x", &b);
		said = unit_caught();
		unit_assert_has(said, cases[i].message);
		unit_assert_has(said, "bases/x");
		assert_int_equal(ret, -1);
		assert_int_equal(hw_exit_code(), HW_BAD_INPUT);
		base_free(&b);
	}
}

static void list(void **state)
{
	struct bases all;

	(void)state;
	write_base("6.12", "Package: b\n");
	write_base("6.1", "Package: a\nDefault: yes\n");
	write_base("7.2", "Package: c\n");
	write_base("6.1~", "an editor's\n");
	assert_int_equal(bases_read(&all), 0);
	assert_int_equal(all.n, 3);
	assert_string_equal(all.b[0].name, "6.1");
	assert_string_equal(all.b[1].name, "6.12");
	assert_string_equal(all.b[2].name, "7.2");
	assert_string_equal(bases_default(&all)->name, "6.1");
	bases_free(&all);

	write_base("7.2", "Package: c\nDefault: yes\n");
	unit_catch();
	assert_int_equal(bases_read(&all), -1);
	unit_assert_has(unit_caught(), "exactly one base must say");
	bases_free(&all);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names),
		UNIT(package),
		UNIT(clone),
		UNIT(malformed),
		UNIT(list),
	};

	return cmocka_run_group_tests_name("base", tests, NULL, NULL);
}
