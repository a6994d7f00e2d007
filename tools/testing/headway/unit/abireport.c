// SPDX-License-Identifier: GPL-2.0-only
/* Reading what abidiff writes: its own words are in the strings. */
#include "abireport.h"
#include "unit.h"

static const char report[] =
	"Leaf changes summary: 5 artifacts changed\n"
	"Changed leaf types summary: 3 leaf types changed\n"
	"Removed/Changed/Added functions summary: 1 Removed, 1 Changed, 1 Added function\n"
	"Removed/Changed/Added variables summary: 0 Removed, 0 Changed, 0 Added variable\n"
	"\n"
	"1 Removed function:\n\n"
	"  [D] 'function int gone(int)'    {gone}\n\n"
	"1 Added function:\n\n"
	"  [A] 'function char* added(int (*)(int))'    {added}\n\n"
	"1 Removed function symbol not referenced by debug info:\n\n"
	"  [D] bare\n\n"
	"1 function with some sub-type change:\n\n"
	"  [C] 'function int sig(int)' at b.c:7:1 has some sub-type changes:\n"
	"    parameter 1 of type 'int' changed:\n"
	"      type size changed from 32 to 64 (in bits)\n\n"
	"'enum prio at a.h:4:1' changed:\n"
	"  type size hasn't changed\n"
	"  1 enumerator insertion:\n"
	"    'prio::LAST' value '2'\n"
	"  one impacted interface:\n"
	"    function int run(prio)\n"
	"'struct hole at a.h:3:1' changed:\n"
	"  type size hasn't changed\n"
	"  1 data member insertion:\n"
	"    'bool f', at offset 128 (in bits) at b.h:3:1\n"
	"  2 impacted interfaces:\n"
	"    function int a(hole*)\n"
	"    function int b(hole*)\n"
	"'struct moved at a.h:9:1' changed:\n"
	"  type size hasn't changed\n"
	"  there are data member changes:\n"
	"    'int x' offset changed from 0 to 32 (in bits) (by +32 bits)\n"
	"'struct own at own.c:9:1' changed:\n"
	"  type size changed from 32 to 64 (in bits)\n";

static void assert_item(const struct abi_item *it, enum abi_kind kind,
			const char *what, const char *name, const char *file,
			size_t reaches)
{
	assert_int_equal(it->kind, kind);
	assert_string_equal(it->what, what);
	assert_string_equal(it->name, name);
	assert_string_equal(it->file, file);
	assert_int_equal(it->reaches.n, reaches);
}

static void takes_a_report_apart(void **state)
{
	struct abi_report r;

	(void)state;
	assert_int_equal(abi_report_parse(report, &r), 0);
	assert_int_equal(r.n, 8);
	assert_item(&r.i[0], ABI_BREAKS, "function int gone(int)", "gone", "", 0);
	assert_int_equal(r.i[1].kind, ABI_ADDED);
	assert_string_equal(r.i[1].name, "added");
	assert_item(&r.i[2], ABI_BREAKS, "bare", "bare", "", 0);
	assert_item(&r.i[3], ABI_BREAKS, "function int sig(int)", "sig", "b.c", 0);
	assert_int_equal(r.i[3].details.n, 2);
	assert_item(&r.i[4], ABI_PADDING, "enum prio", "prio", "a.h", 1);
	assert_item(&r.i[5], ABI_PADDING, "struct hole", "hole", "a.h", 2);
	assert_item(&r.i[6], ABI_BREAKS, "struct moved", "moved", "a.h", 0);
	assert_item(&r.i[7], ABI_PRIVATE, "struct own", "own", "own.c", 0);
	assert_true(abi_is_type(&r.i[7]));
	assert_false(abi_is_type(&r.i[0]));
	abi_report_free(&r);
}

static void nothing_is_nothing(void **state)
{
	struct abi_report r;

	(void)state;
	assert_int_equal(abi_report_parse("", &r), 0);
	assert_int_equal(r.n, 0);
	abi_report_free(&r);
}

/* What is not understood is not passed over. */
static void refuses_what_is_new(void **state)
{
	static const char *const bad[] = {
		"Something new happened\n",
		"  [C] 'unfinished\n",
		"  [D] \n",
		"'struct open\n",
		"  a detail of nothing\n",
	};
	struct abi_report r;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		unit_catch();
		assert_int_equal(abi_report_parse(bad[i], &r), -1);
		unit_assert_has(unit_caught(), "not known here");
		abi_report_free(&r);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(takes_a_report_apart),
		UNIT(nothing_is_nothing),
		UNIT(refuses_what_is_new),
	};

	return cmocka_run_group_tests_name("abireport", tests, NULL, NULL);
}
