// SPDX-License-Identifier: GPL-2.0-only
/* Three-way merge of trees, and the conflict memory. */
#include "file.h"
#include "merge.h"
#include "unit.h"
#include "xalloc.h"

#define TEXT(first, last) first "\n2\n3\n4\n5\n6\n" last "\n"

static git_oid tree_of_f(const char *text)
{
	return text ? unit_tree("d/f", text, "keep", "k\n", NULL) :
		      unit_tree("keep", "k\n", NULL);
}

/* Merge trees that differ in d/f alone (NULL: not there). */
static int merge_f(const char *base, const char *ours, const char *theirs,
		   struct resolutions *memory, git_oid *out,
		   struct conflicts *cs)
{
	git_oid b = tree_of_f(base), o = tree_of_f(ours), t = tree_of_f(theirs);

	memset(cs, 0, sizeof(*cs));
	return merge_trees(unit_repo, &b, &o, &t, memory, out, cs);
}

static void assert_merges(const char *base, const char *ours,
			  const char *theirs, const char *want)
{
	struct conflicts cs;
	git_oid out;

	assert_int_equal(merge_f(base, ours, theirs, NULL, &out, &cs), 0);
	assert_int_equal(cs.n, 0);
	if (want)
		assert_string_equal(unit_content(&out, "d/f"), want);
	else
		assert_int_equal(unit_mode(&out, "d"), 0);
	assert_string_equal(unit_content(&out, "keep"), "k\n");
	conflicts_free(&cs);
}

static void assert_conflicts(const char *base, const char *ours,
			     const char *theirs, bool is_text)
{
	struct conflicts cs;
	git_oid out;

	assert_int_equal(merge_f(base, ours, theirs, NULL, &out, &cs), 1);
	assert_int_equal(cs.n, 1);
	assert_string_equal(cs.c[0].path, "d/f");
	assert_int_equal(!!cs.c[0].merged, is_text);
	conflicts_free(&cs);
}

static void one_side(void **state)
{
	(void)state;
	assert_merges("a\n", "b\n", "a\n", "b\n");
	assert_merges("a\n", "a\n", "b\n", "b\n");
	assert_merges("a\n", NULL, "a\n", NULL);
	assert_merges("a\n", "a\n", NULL, NULL);
	assert_merges(NULL, "a\n", NULL, "a\n");
	assert_merges(NULL, NULL, "a\n", "a\n");
}

static void both_sides_alike(void **state)
{
	(void)state;
	assert_merges("a\n", "b\n", "b\n", "b\n");
	assert_merges("a\n", NULL, NULL, NULL);
	assert_merges(NULL, "a\n", "a\n", "a\n");
	assert_merges("a\n", "a\n", "a\n", "a\n");
}

static void both_sides_apart(void **state)
{
	(void)state;
	assert_merges(TEXT("1", "7"), TEXT("one", "7"), TEXT("1", "seven"),
		      TEXT("one", "seven"));
}

static void conflicts(void **state)
{
	(void)state;
	assert_conflicts("a\n", "b\n", "c\n", true);
	assert_conflicts(NULL, "b\n", "c\n", true);
	assert_conflicts("a\n", NULL, "c\n", false);
	assert_conflicts("a\n", "b\n", NULL, false);
}

static void a_conflict_has_its_sides(void **state)
{
	struct conflicts cs;
	git_oid out, id;

	(void)state;
	assert_int_equal(merge_f("a\n", "b\n", "c\n", NULL, &out, &cs), 1);
	id = unit_blob("a\n");
	assert_true(git_oid_equal(&cs.c[0].base, &id));
	id = unit_blob("b\n");
	assert_true(git_oid_equal(&cs.c[0].ours, &id));
	id = unit_blob("c\n");
	assert_true(git_oid_equal(&cs.c[0].theirs, &id));
	assert_string_equal(cs.c[0].merged,
			    "<<<<<<< integration\nb\n||||||| base\na\n=======\nc\n>>>>>>> topic\n");
	conflicts_free(&cs);
}

static void file_against_folder(void **state)
{
	git_oid b = unit_tree("f", "a\n", NULL);
	git_oid o = unit_tree("f", "b\n", NULL);
	git_oid t = unit_tree("f/x", "a\n", NULL), out;
	struct conflicts cs = { 0 };

	(void)state;
	assert_int_equal(merge_trees(unit_repo, &b, &o, &t, NULL, &out, &cs), 1);
	assert_int_equal(cs.n, 1);
	assert_string_equal(cs.c[0].path, "f");
	assert_null(cs.c[0].merged);
	conflicts_free(&cs);
	/* Nothing stands against it if our side left the file alone. */
	assert_int_equal(merge_trees(unit_repo, &b, &b, &t, NULL, &out, &cs), 0);
	assert_string_equal(unit_content(&out, "f/x"), "a\n");
}

static void modes(void **state)
{
	git_oid b = unit_tree("f", TEXT("1", "7"), NULL);
	git_oid o = unit_tree("*f", TEXT("1", "7"), NULL);
	git_oid t = unit_tree("f", TEXT("1", "seven"), NULL), out;
	struct conflicts cs = { 0 };

	(void)state;
	assert_int_equal(merge_trees(unit_repo, &b, &o, &t, NULL, &out, &cs), 0);
	assert_int_equal(unit_mode(&out, "f"), 0100755);
	assert_string_equal(unit_content(&out, "f"), TEXT("1", "seven"));
	assert_int_equal(merge_trees(unit_repo, &b, &t, &o, NULL, &out, &cs), 0);
	assert_int_equal(unit_mode(&out, "f"), 0100755);
}

/* Both add files to a folder that was not there. */
static void new_folders(void **state)
{
	git_oid b = unit_tree("k", "", NULL);
	git_oid o = unit_tree("k", "", "n/o/x", "x\n", NULL);
	git_oid t = unit_tree("k", "", "n/o/y", "y\n", NULL), out;
	struct conflicts cs = { 0 };

	(void)state;
	assert_int_equal(merge_trees(unit_repo, &b, &o, &t, NULL, &out, &cs), 0);
	assert_string_equal(unit_content(&out, "n/o/x"), "x\n");
	assert_string_equal(unit_content(&out, "n/o/y"), "y\n");
}

/* Leave a conflict of a/b/c in unit_dir/conflicts, resolved as @resolved. */
static void leave_resolved(const char *resolved)
{
	struct conflicts cs;
	git_oid out;

	assert_int_equal(merge_f("a\n", "b\n", "c\n", NULL, &out, &cs), 1);
	assert_int_equal(conflict_write(unit_repo, unit_path("conflicts"),
					&cs.c[0]), 0);
	conflicts_free(&cs);
	if (resolved)
		unit_write("conflicts/d/f.merged", resolved);
}

static int record(void)
{
	int r;

	hw_quiet = true;
	r = conflicts_record(unit_repo, unit_dir, unit_path("conflicts"), "6.1",
			     "one");
	hw_quiet = false;
	return r;
}

static void sides_are_written_out(void **state)
{
	(void)state;
	leave_resolved(NULL);
	assert_string_equal(unit_read("conflicts/d/f.base"), "a\n");
	assert_string_equal(unit_read("conflicts/d/f.ours"), "b\n");
	assert_string_equal(unit_read("conflicts/d/f.theirs"), "c\n");
	unit_assert_has(unit_read("conflicts/d/f.merged"), "<<<<<<< integration");
	/* With its markers it is no resolution. */
	assert_int_equal(record(), 0);
	assert_false(file_exists(unit_path("topics/resolutions")));
}

/* Recorded as @resolved, it is used for these three blobs and no others. */
static void check_memory(const char *resolved)
{
	struct resolutions rs;
	struct conflicts cs;
	git_oid out;

	leave_resolved(resolved);
	assert_int_equal(record(), 1);
	assert_int_equal(resolutions_read(unit_dir, &rs), 0);
	assert_int_equal(rs.n, 1);
	unit_catch();
	assert_int_equal(resolutions_check_used(&rs, "6.1"), -1);
	unit_assert_has(unit_caught(), "no merge on base 6.1 meets these blobs any more");
	assert_int_equal(resolutions_check_used(&rs, "6.12"), 0);

	assert_int_equal(merge_f("a\n", "b\n", "C\n", &rs, &out, &cs), 1);
	conflicts_free(&cs);
	assert_int_equal(merge_f("a\n", "c\n", "b\n", &rs, &out, &cs), 1);
	conflicts_free(&cs);
	assert_false(rs.r[0].used);
	assert_int_equal(merge_f("a\n", "b\n", "c\n", &rs, &out, &cs), 0);
	assert_string_equal(unit_content(&out, "d/f"), resolved);
	assert_true(rs.r[0].used);
	assert_int_equal(resolutions_check_used(&rs, "6.1"), 0);
	resolutions_free(&rs);
}

static void remembers(void **state)
{
	(void)state;
	check_memory("b and c\n");
}

static void remembers_without_a_last_newline(void **state)
{
	(void)state;
	check_memory("b and c");
}

/* The resolution may be to keep our side as it is. */
static void remembers_to_keep_ours(void **state)
{
	(void)state;
	check_memory("b\n");
}

static void memory_messages(void **state)
{
	struct resolutions rs;

	(void)state;
	assert_int_equal(resolutions_read(unit_dir, &rs), 0);
	assert_int_equal(rs.n, 0);
	resolutions_free(&rs);
	unit_write("topics/resolutions/x.patch", "Base: 6.1\nnothing more\n");
	hw_set_exit(HW_ENV);
	unit_catch();
	assert_int_equal(resolutions_read(unit_dir, &rs), -1);
	unit_assert_has(unit_caught(), "x.patch: not a resolution");
	assert_int_equal(hw_exit_code(), HW_BAD_INPUT);
	resolutions_free(&rs);
}

/* A diff that does not fit its blob is an error, never applied elsewhere. */
static void a_resolution_that_does_not_fit(void **state)
{
	struct resolutions rs;
	struct conflicts cs;
	git_oid b = unit_blob("a\n"), o = unit_blob("b\n"), t = unit_blob("c\n");
	char hex[3][GIT_OID_HEXSZ + 1], *text;
	git_oid out;

	(void)state;
	git_oid_tostr(hex[0], sizeof(hex[0]), &b);
	git_oid_tostr(hex[1], sizeof(hex[1]), &o);
	git_oid_tostr(hex[2], sizeof(hex[2]), &t);
	text = xasprintf("Base: 6.1\nBlobs: %s-%s-%s\n\ndiff --git a/d/f b/d/f\n--- a/d/f\n+++ b/d/f\n@@ -1 +1 @@\n-x\n+y\n",
			 hex[0], hex[1], hex[2]);
	unit_write("topics/resolutions/x.patch", text);
	free(text);
	assert_int_equal(resolutions_read(unit_dir, &rs), 0);
	unit_catch();
	assert_int_equal(merge_f("a\n", "b\n", "c\n", &rs, &out, &cs), -1);
	unit_assert_has(unit_caught(), "hunk 1 does not fit the blob it names");
	conflicts_free(&cs);
	resolutions_free(&rs);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(one_side),
		UNIT(both_sides_alike),
		UNIT(both_sides_apart),
		UNIT(conflicts),
		UNIT(a_conflict_has_its_sides),
		UNIT(file_against_folder),
		UNIT(modes),
		UNIT(new_folders),
		UNIT(sides_are_written_out),
		UNIT(remembers),
		UNIT(remembers_without_a_last_newline),
		UNIT(remembers_to_keep_ours),
		UNIT(memory_messages),
		UNIT(a_resolution_that_does_not_fit),
	};

	return cmocka_run_group_tests_name("merge", tests, NULL, NULL);
}
