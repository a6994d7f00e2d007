// SPDX-License-Identifier: GPL-2.0-only
/* Patches of several files, applied to trees. */
#include "patch.h"
#include "unit.h"

#define MODIFY	"diff --git a/d/f b/d/f\nindex 1111111..2222222 100644\n" \
		"--- a/d/f\n+++ b/d/f\n@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\n"
#define ADD	"diff --git a/d/n b/d/n\nnew file mode 100755\nindex 0000000..2222222\n" \
		"--- /dev/null\n+++ b/d/n\n@@ -0,0 +1 @@\n+new\n"
#define DELETE	"diff --git a/d/g b/d/g\ndeleted file mode 100644\nindex 1111111..0000000\n" \
		"--- a/d/g\n+++ /dev/null\n@@ -1 +0,0 @@\n-g\n"
#define MODE	"diff --git a/d/g b/d/g\nold mode 100644\nnew mode 100755\n"
#define RENAME	"diff --git a/d/g b/h\nsimilarity index 100%\nrename from d/g\nrename to h\n"

static git_oid start(void)
{
	return unit_tree("d/f", "a\nb\nc\n", "d/g", "g\n", "other", "o\n", NULL);
}

/* 0 with @out, 1 with @why. */
static int apply(const git_oid *tree, const char *diff, bool reverse,
		 git_oid *out, struct reject *why)
{
	git_tree *t = unit_open_tree(tree);
	struct patch p;
	int r;

	assert_int_equal(patch_parse("TEST", diff, strlen(diff), &p), 0);
	r = patch_apply(unit_repo, t, &p, reverse, out, NULL, why);
	patch_free(&p);
	git_tree_free(t);
	return r;
}

static void assert_rejected(const git_oid *tree, const char *diff, bool reverse,
			    const char *path, size_t hunk, const char *detail)
{
	struct reject why;
	git_oid out;

	assert_int_equal(apply(tree, diff, reverse, &out, &why), 1);
	assert_string_equal(why.path, path);
	assert_int_equal(why.hunk, hunk);
	unit_assert_has(why.detail, detail);
	reject_free(&why);
}

static void changes_what_it_names(void **state)
{
	git_oid from = start(), to;
	struct reject why;

	(void)state;
	assert_int_equal(apply(&from, MODIFY ADD DELETE, false, &to, &why), 0);
	assert_string_equal(unit_content(&to, "d/f"), "a\nB\nc\n");
	assert_string_equal(unit_content(&to, "d/n"), "new\n");
	assert_int_equal(unit_mode(&to, "d/n"), 0100755);
	assert_null(unit_content(&to, "d/g"));
	assert_string_equal(unit_content(&to, "other"), "o\n");
	assert_int_equal(unit_mode(&to, "d/f"), 0100644);
}

/* Applied and taken back is where one began, to the tree's id. */
static void goes_both_ways(void **state)
{
	git_oid from = start(), to, back;
	struct reject why;

	(void)state;
	assert_int_equal(apply(&from, MODIFY ADD DELETE, false, &to, &why), 0);
	assert_int_equal(apply(&to, MODIFY ADD DELETE, true, &back, &why), 0);
	assert_true(git_oid_equal(&from, &back));
	assert_rejected(&from, MODIFY, true, "d/f", 1, "2 of 3 lines match");
}

static void changes_modes(void **state)
{
	git_oid from = start(), to, exec;
	struct reject why;

	(void)state;
	assert_int_equal(apply(&from, MODE, false, &to, &why), 0);
	assert_int_equal(unit_mode(&to, "d/g"), 0100755);
	assert_string_equal(unit_content(&to, "d/g"), "g\n");
	/* A mode that the patch does not speak of stays. */
	exec = unit_tree("*d/f", "a\nb\nc\n", NULL);
	assert_int_equal(apply(&exec, MODIFY, false, &to, &why), 0);
	assert_int_equal(unit_mode(&to, "d/f"), 0100755);
}

static void renames(void **state)
{
	git_oid from = start(), to, full;
	struct reject why;

	(void)state;
	assert_int_equal(apply(&from, RENAME, false, &to, &why), 0);
	assert_null(unit_content(&to, "d/g"));
	assert_string_equal(unit_content(&to, "h"), "g\n");
	full = unit_tree("d/g", "g\n", "h", "mine\n", NULL);
	assert_rejected(&full, RENAME, false, "h", 0, "it is there already");
}

/* The last file of a folder takes the folder with it. */
static void leaves_no_empty_folder(void **state)
{
	git_oid from = unit_tree("d/g", "g\n", "o", "", NULL), to;
	struct reject why;

	(void)state;
	assert_int_equal(apply(&from, DELETE, false, &to, &why), 0);
	assert_int_equal(unit_mode(&to, "d"), 0);
}

static void says_why_not(void **state)
{
	git_oid from = start();
	git_oid odd = unit_tree("d/f/x", "", "d/n", "", "d/g", "g\nmore\n", NULL);

	(void)state;
	assert_rejected(&odd, ADD, false, "d/n", 0, "the patch makes this file, and it is there already");
	assert_rejected(&odd, MODIFY, false, "d/f", 0, "this is no file");
	assert_rejected(&odd, DELETE, false, "d/g", 1, "nearest at line 1");
	assert_rejected(&odd, "diff --git a/d/g b/d/g\ndeleted file mode 100644\n"
			"--- a/d/g\n+++ /dev/null\n@@ -2 +0,0 @@\n-more\n",
			false, "d/g", 0, "it has more than the patch knows");
	assert_rejected(&from, "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n",
			false, "x", 0, "the file is not there");
	assert_rejected(&from, MODIFY "@@ -9,2 +9,2 @@ int f(void)\n-x\n+y\n z\n",
			false, "d/f", 2, "nothing like it");
}

static void an_empty_patch_changes_nothing(void **state)
{
	git_oid from = start(), to;
	struct reject why;

	(void)state;
	assert_int_equal(apply(&from, "", false, &to, &why), 0);
	assert_true(git_oid_equal(&from, &to));
}

static void tells_the_offset(void **state)
{
	git_oid from = unit_tree("d/f", "1\n2\na\nb\nc\nx\n", NULL), to;
	git_tree *t = unit_open_tree(&from);
	static const char diff[] = "diff --git a/d/f b/d/f\n--- a/d/f\n+++ b/d/f\n"
				   "@@ -2,3 +2,3 @@\n a\n-b\n+B\n c\n";
	struct reject why;
	struct patch p;
	long off = 0;

	(void)state;
	assert_int_equal(patch_parse("TEST", diff, strlen(diff), &p), 0);
	assert_int_equal(patch_apply(unit_repo, t, &p, false, &to, &off, &why), 0);
	assert_int_equal(off, 1);
	patch_free(&p);
	git_tree_free(t);
}

static void assert_malformed(const char *diff, const char *message)
{
	struct patch p;

	hw_set_exit(HW_ENV);
	unit_catch();
	assert_int_equal(patch_parse("TEST", diff, strlen(diff), &p), -1);
	unit_assert_has(unit_caught(), message);
	assert_int_equal(hw_exit_code(), HW_BAD_INPUT);
	patch_free(&p);
}

static void malformed(void **state)
{
	(void)state;
	assert_malformed("nonsense\n", "TEST: malformed patch");
	assert_malformed("diff --git a/f b/f\n--- a/f\n+++ b/f\n@@ -1,9 +1,9 @@\n a\n-b\n+c\n",
			 "TEST: malformed patch");
	assert_malformed("diff --git a/f b/f\n--- a/f\n+++ b/f\n@@ -1,2 +1,2 @@\n a\n b\n",
			 "TEST: f: hunk 1 is malformed");
	assert_malformed("diff --git a/f b/f\n--- a/f\n+++ b/f\n@@ what @@\n a\n",
			 "TEST: malformed patch");
	assert_malformed("diff --git a/d/g b/h\nsimilarity index 100%\ncopy from d/g\ncopy to h\n",
			 "TEST: h: copies are not supported");
	assert_malformed(MODIFY MODIFY, "TEST: d/f: changed twice in one patch");
	assert_malformed("diff --git a/f b/f\nindex 1111111..2222222 100644\nBinary files a/f and b/f differ\n",
			 "TEST: f: binary patches are not supported");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(changes_what_it_names),
		UNIT(goes_both_ways),
		UNIT(changes_modes),
		UNIT(renames),
		UNIT(leaves_no_empty_folder),
		UNIT(says_why_not),
		UNIT(an_empty_patch_changes_nothing),
		UNIT(tells_the_offset),
		UNIT(malformed),
	};

	return cmocka_run_group_tests_name("patch", tests, NULL, NULL);
}
