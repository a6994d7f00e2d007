// SPDX-License-Identifier: GPL-2.0-only
/* Hunks and the text that they apply to. */
#include "hunk.h"
#include "patch.h"
#include "unit.h"
#include "xalloc.h"

/*
 * Apply the hunks of @diff (of one file "f") to @text. Returns the new text,
 * the caller's to free, or NULL if hunk @failed does not apply.
 */
static char *apply(const char *text, const char *hunks, bool reverse,
		   long *offset, size_t *failed, char **explained)
{
	char *diff = xasprintf("diff --git a/f b/f\n--- a/f\n+++ b/f\n%s", hunks);
	struct image im;
	struct patch p;
	char *out = NULL;
	size_t i, len;

	assert_int_equal(patch_parse("TEST", diff, strlen(diff), &p), 0);
	assert_int_equal(p.n_files, 1);
	image_init(&im, text, strlen(text));
	for (i = 0; i < p.files[0].n_hunks; i++)
		if (!hunk_apply(&im, &p.files[0].hunks[i], reverse, offset))
			break;
	if (i == p.files[0].n_hunks)
		out = image_text(&im, &len);
	else if (failed)
		*failed = i + 1;
	if (!out && explained)
		*explained = hunk_explain(&im, &p.files[0].hunks[i], reverse);
	image_free(&im);
	patch_free(&p);
	free(diff);
	return out;
}

static void assert_applies(const char *text, const char *hunks, const char *want,
			   long offset)
{
	long got = -99;
	char *out = apply(text, hunks, false, &got, NULL, NULL);

	assert_non_null(out);
	assert_string_equal(out, want);
	assert_int_equal(got, offset);
	free(out);
}

static void assert_refused(const char *text, const char *hunks, size_t hunk)
{
	size_t failed = 0;
	long off;

	assert_null(apply(text, hunks, false, &off, &failed, NULL));
	assert_int_equal(failed, hunk);
}

#define MID "@@ -2,3 +2,3 @@\n b\n-c\n+C\n d\n"

static void where_it_says(void **state)
{
	(void)state;
	assert_applies("a\nb\nc\nd\ne\n", MID, "a\nb\nC\nd\ne\n", 0);
}

static void with_an_offset(void **state)
{
	(void)state;
	assert_applies("1\n2\na\nb\nc\nd\ne\n", MID, "1\n2\na\nb\nC\nd\ne\n", 2);
	assert_applies("x\nx\nx\nx\nb\nc\nd\n",
		       "@@ -9,3 +9,3 @@\n b\n-c\n+C\n d\n",
		       "x\nx\nx\nx\nb\nC\nd\n", -3);
}

/* Of several places the nearest one; of two equally near the later one. */
static void at_the_nearest_place(void **state)
{
	(void)state;
	assert_applies("b\nc\nd\n1\n2\nb\nc\nd\n",
		       "@@ -5,3 +5,3 @@\n b\n-c\n+C\n d\n",
		       "b\nc\nd\n1\n2\nb\nC\nd\n", 1);
	assert_applies("b\nc\nd\n1\nb\nc\nd\n",
		       "@@ -3,3 +3,3 @@\n b\n-c\n+C\n d\n",
		       "b\nc\nd\n1\nb\nC\nd\n", 2);
}

/* All of the context must be there: no fuzz. */
static void no_fuzz(void **state)
{
	(void)state;
	assert_refused("a\nX\nc\nd\ne\n", MID, 1);
	assert_refused("a\nb\nc\nX\ne\n", MID, 1);
	assert_refused("a\nb \nc\nd\ne\n", MID, 1);
	assert_refused("", MID, 1);
}

static void at_the_start(void **state)
{
	static const char add[] = "@@ -1,2 +1,3 @@\n+n\n a\n b\n";

	(void)state;
	assert_applies("a\nb\nc\n", add, "n\na\nb\nc\n", 0);
	/* A hunk that begins on line 1 belongs there and nowhere else. */
	assert_refused("x\na\nb\nc\n", add, 1);
}

static void at_the_end(void **state)
{
	static const char add[] = "@@ -2,2 +2,3 @@\n b\n c\n+n\n";

	(void)state;
	assert_applies("a\nb\nc\n", add, "a\nb\nc\nn\n", 0);
	assert_applies("1\na\nb\nc\n", add, "1\na\nb\nc\nn\n", 1);
	/* No context after the change: it was the end of the file. */
	assert_refused("a\nb\nc\nd\n", add, 1);
}

static void without_a_last_newline(void **state)
{
	static const char drop[] =
		"@@ -1,2 +1,2 @@\n a\n-b\n+b\n\\ No newline at end of file\n";
	static const char give[] =
		"@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+b\n";

	(void)state;
	assert_applies("a\nb\n", drop, "a\nb", 0);
	assert_applies("a\nb", give, "a\nb\n", 0);
	assert_refused("a\nb", drop, 1);
	assert_refused("a\nb\n", give, 1);
}

static void an_empty_file(void **state)
{
	(void)state;
	assert_applies("", "@@ -0,0 +1,2 @@\n+a\n+b\n", "a\nb\n", 0);
	assert_refused("x\n", "@@ -0,0 +1,2 @@\n+a\n+b\n", 1);
	assert_applies("a\nb\n", "@@ -1,2 +0,0 @@\n-a\n-b\n", "", 0);
}

static void in_reverse(void **state)
{
	long off = -99;
	char *out = apply("0\na\nb\nC\nd\ne\n", MID, true, &off, NULL, NULL);

	(void)state;
	assert_non_null(out);
	assert_string_equal(out, "0\na\nb\nc\nd\ne\n");
	assert_int_equal(off, 1);
	free(out);
	assert_null(apply("a\nb\nc\nd\n", MID, true, &off, NULL, NULL));
}

/* What one hunk wrote is no context for the next, as with git apply. */
static void not_on_patched_lines(void **state)
{
	(void)state;
	assert_refused("1\na\nb\n2\n3\n",
		       "@@ -2,2 +2,3 @@\n a\n+n\n b\n"
		       "@@ -3,2 +4,3 @@\n n\n+m\n b\n", 2);
	assert_applies("1\na\nb\n2\n3\n4\n",
		       "@@ -2,2 +2,3 @@\n a\n+n\n b\n"
		       "@@ -4,2 +5,3 @@\n 2\n+m\n 3\n",
		       "1\na\nn\nb\n2\nm\n3\n4\n", 0);
}

/* A refused hunk leaves the text as it was. */
static void refusal_changes_nothing(void **state)
{
	struct line pre = { "z\n", 2 }, post = { "y\n", 2 };
	struct hunk h = { .old_start = 2, .new_start = 2, .pre = &pre,
			  .post = &post, .n_pre = 1, .n_post = 1, .trail = 1 };
	struct image im;
	size_t len;
	char *out;
	long off;

	(void)state;
	image_init(&im, "a\nb\n", 4);
	assert_false(hunk_apply(&im, &h, false, &off));
	out = image_text(&im, &len);
	assert_string_equal(out, "a\nb\n");
	assert_int_equal(len, 4);
	free(out);
	image_free(&im);
}

static void says_what_is_there(void **state)
{
	char *why = NULL;
	long off;

	(void)state;
	assert_null(apply("1\n2\nb\nX\nd\n", MID, false, &off, NULL, &why));
	assert_string_equal(why,
			    "    nearest at line 3, 2 of 3 lines match ('-' wanted, '+' there):\n"
			    "      b\n    - c\n    + X\n      d\n");
	free(why);
	assert_null(apply("1\n2\n3\n", MID, false, &off, NULL, &why));
	unit_assert_has(why, "the file has nothing like it (0 of 3 lines");
	free(why);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(where_it_says),
		UNIT(with_an_offset),
		UNIT(at_the_nearest_place),
		UNIT(no_fuzz),
		UNIT(at_the_start),
		UNIT(at_the_end),
		UNIT(without_a_last_newline),
		UNIT(an_empty_file),
		UNIT(in_reverse),
		UNIT(not_on_patched_lines),
		UNIT(refusal_changes_nothing),
		UNIT(says_what_is_there),
	};

	return cmocka_run_group_tests_name("hunk", tests, NULL, NULL);
}
