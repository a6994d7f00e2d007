// SPDX-License-Identifier: GPL-2.0-only
/* The reader of "Field: value" paragraphs. */
#include "paragraph.h"
#include "unit.h"

static int parse(const char *text, struct paragraphs *out)
{
	int err;

	unit_catch();
	err = paragraphs_parse("FILE", text, strlen(text), out);
	unit_caught();
	return err;
}

static void assert_refused(const char *text, const char *message)
{
	struct paragraphs ps;

	unit_catch();
	assert_int_equal(paragraphs_parse("FILE", text, strlen(text), &ps), -1);
	unit_assert_has(unit_caught(), message);
	paragraphs_free(&ps);
}

static void reads_fields(void **state)
{
	struct paragraphs ps;

	(void)state;
	assert_int_equal(parse("A: 1\nB-c:2\n\n\n# note\nA: 3\n", &ps), 0);
	assert_int_equal(ps.n, 2);
	assert_int_equal(ps.p[0].n_fields, 2);
	assert_string_equal(paragraph_get(&ps.p[0], "A"), "1");
	assert_string_equal(paragraph_get(&ps.p[0], "B-c"), "2");
	assert_string_equal(paragraph_get(&ps.p[1], "A"), "3");
	assert_null(paragraph_get(&ps.p[1], "B-c"));
	assert_int_equal(ps.p[1].line, 6);
	paragraphs_free(&ps);
}

static void joins_continuations(void **state)
{
	struct paragraphs ps;

	(void)state;
	assert_int_equal(parse("A:\n one\n .\n# a comment inside\n  two\nB: x\n y\n", &ps),
			 0);
	assert_int_equal(ps.n, 1);
	assert_string_equal(paragraph_get(&ps.p[0], "A"), "one\n\n two");
	assert_string_equal(paragraph_get(&ps.p[0], "B"), "x\ny");
	assert_int_equal(ps.p[0].fields[1].line, 6);
	paragraphs_free(&ps);
}

static void needs_no_last_newline(void **state)
{
	struct paragraphs ps;

	(void)state;
	assert_int_equal(parse("A: 1", &ps), 0);
	assert_string_equal(paragraph_get(&ps.p[0], "A"), "1");
	paragraphs_free(&ps);
	assert_int_equal(parse("", &ps), 0);
	assert_int_equal(ps.n, 0);
	paragraphs_free(&ps);
}

static void forgets_trailing_blanks(void **state)
{
	struct paragraphs ps;

	(void)state;
	assert_int_equal(parse("A: 1 \t\r\n \t\nB: 2\n", &ps), 0);
	assert_int_equal(ps.n, 2);
	assert_string_equal(paragraph_get(&ps.p[0], "A"), "1");
	paragraphs_free(&ps);
}

static void refuses(void **state)
{
	struct paragraphs ps;

	(void)state;
	assert_refused("A: 1\nno field\n", "FILE:2: expected \"Field: value\"");
	assert_refused(": 1\n", "FILE:1: expected \"Field: value\"");
	assert_refused("A: 1\nB: 2\nA: 3\n",
		       "FILE:3: field \"A\" given twice (first on line 1)");
	assert_refused(" x\n", "FILE:1: a line that begins with a space");
	assert_refused("A: 1\n\n x\n", "FILE:3: a line that begins with a space");
	unit_catch();
	assert_int_equal(paragraphs_parse("FILE", "A: \0b\n", 6, &ps), -1);
	unit_assert_has(unit_caught(), "FILE:1: NUL byte");
	paragraphs_free(&ps);
}

static void names_a_missing_file(void **state)
{
	struct paragraphs ps;

	(void)state;
	unit_catch();
	assert_int_equal(paragraphs_read(unit_path("none"), &ps), -1);
	unit_assert_has(unit_caught(), "none: No such file");
	paragraphs_free(&ps);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(reads_fields),
		UNIT(joins_continuations),
		UNIT(needs_no_last_newline),
		UNIT(forgets_trailing_blanks),
		UNIT(refuses),
		UNIT(names_a_missing_file),
	};

	return cmocka_run_group_tests_name("paragraph", tests, NULL, NULL);
}
