// SPDX-License-Identifier: GPL-2.0-only
/* Edits of a topic file that leave every other byte of it alone. */
#include "topicedit.h"
#include "unit.h"
#include "xalloc.h"

static void assert_adds(const char *text, const char *change, const char *want)
{
	struct strlist files = { 0 };
	char *out;

	strlist_add(&files, "x/1");
	strlist_add(&files, "x/2");
	out = topicedit_add_files(xstrdup(text), change, &files);
	assert_string_equal(out, want);
	free(out);
	strlist_free(&files);
}

static void after_the_files_that_are_there(void **state)
{
	(void)state;
	assert_adds("Title: t\n\nChange: a\nFiles: f\n g\nPatch: p\n\nChange: b\nFiles: h\n",
		    "a",
		    "Title: t\n\nChange: a\nFiles: f\n g\n x/1\n x/2\nPatch: p\n\nChange: b\nFiles: h\n");
}

static void after_the_patch(void **state)
{
	(void)state;
	assert_adds("Change: a\nPatch: p\nKUnit: k\n\nChange: b\nFiles: h\n", "a",
		    "Change: a\nPatch: p\nFiles: x/1\n x/2\nKUnit: k\n\nChange: b\nFiles: h\n");
	assert_adds("Change: a\n# c\n\nChange: b\n", "a",
		    "Change: a\nFiles: x/1\n x/2\n# c\n\nChange: b\n");
}

static void in_the_right_paragraph(void **state)
{
	(void)state;
	assert_adds("Change: ab\nPatch: p\n\nChange:  b \nPatch: q\n", "b",
		    "Change: ab\nPatch: p\n\nChange:  b \nPatch: q\nFiles: x/1\n x/2\n");
	assert_adds("Change: a\n\nChange: ab", "ab",
		    "Change: a\n\nChange: ab\nFiles: x/1\n x/2\n");
}

static void a_new_change(void **state)
{
	struct strlist files = { 0 };
	char *out;

	(void)state;
	out = topicedit_add_change(xstrdup("Title: t\n"), "c", "0001-c.patch",
				   &files);
	assert_string_equal(out, "Title: t\n\nChange: c\nPatch: 0001-c.patch\n");
	strlist_add(&files, "x");
	out = topicedit_add_change(out, "d", "0002-d.patch", &files);
	assert_string_equal(out, "Title: t\n\nChange: c\nPatch: 0001-c.patch\n"
				 "\nChange: d\nPatch: 0002-d.patch\nFiles: x\n");
	free(out);
	strlist_free(&files);
	out = topicedit_add_change(xstrdup("Title: t"), "c", "p", &files);
	assert_string_equal(out, "Title: t\n\nChange: c\nPatch: p\n");
	free(out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(after_the_files_that_are_there),
		UNIT(after_the_patch),
		UNIT(in_the_right_paragraph),
		UNIT(a_new_change),
	};

	return cmocka_run_group_tests_name("topicedit", tests, NULL, NULL);
}
