// SPDX-License-Identifier: GPL-2.0-only
/* A commit taken apart into a patch and files of ours; and what a save writes. */
#include <sys/stat.h>

#include "extract.h"
#include "file.h"
#include "saveset.h"
#include "unit.h"
#include "xalloc.h"

#define MAKEFILE "a\nb\nc\n"

static git_oid base;

/* Commit a tree on top of the base and take it apart. */
static int extract(const git_oid *parent, const git_oid *tree,
		   const struct change *c, struct extract *x)
{
	git_oid id = unit_commit(tree, parent, "Subject\n\nBody.\n");
	git_commit *commit = NULL;
	int err;

	assert_int_equal(git_commit_lookup(&commit, unit_repo, &id), 0);
	err = extract_commit(unit_repo, &base, commit, c, x);
	git_commit_free(commit);
	return err;
}

static void make_base(void)
{
	git_oid tree = unit_tree("Makefile", MAKEFILE, "old", "o\n", NULL);

	base = unit_commit(&tree, NULL, "base\n");
}

static void new_files_are_ours(void **state)
{
	struct extract x;
	git_oid tree;

	(void)state;
	make_base();
	tree = unit_tree("Makefile", "a\nb\nc\nd\n", "old", "o\n", "t/new.c",
			 "new\n", NULL);
	assert_int_equal(extract(&base, &tree, NULL, &x), 0);
	assert_int_equal(x.n_own, 1);
	assert_string_equal(x.own[0].path, "t/new.c");
	assert_memory_equal(git_blob_rawcontent(x.own[0].blob), "new\n", 4);
	unit_assert_has(x.mail, "diff --git a/Makefile b/Makefile");
	unit_assert_has(x.mail, " 1 file changed, 1 insertion(+)\n");
	unit_assert_lacks(x.mail, "new.c");
	extract_free(&x);
}

/* Only new files: the mail has words and no diff. */
static void nothing_but_files_of_ours(void **state)
{
	struct extract x;
	git_oid tree;

	(void)state;
	make_base();
	tree = unit_tree("Makefile", MAKEFILE, "old", "o\n", "n", "new\n", NULL);
	assert_int_equal(extract(&base, &tree, NULL, &x), 0);
	assert_int_equal(x.n_own, 1);
	unit_assert_has(x.mail, "\n\nBody.\n");
	unit_assert_lacks(x.mail, "diff --git");
	extract_free(&x);
}

/* A removal of a file that the kernel has is a part of the patch. */
static void removals(void **state)
{
	struct extract x;
	git_oid tree;

	(void)state;
	make_base();
	tree = unit_tree("Makefile", MAKEFILE, NULL);
	assert_int_equal(extract(&base, &tree, NULL, &x), 0);
	assert_int_equal(x.n_own, 0);
	unit_assert_has(x.mail, "deleted file mode 100644");
	extract_free(&x);
}

/* A file that an earlier change brought is that change's alone. */
static void files_of_another_change(void **state)
{
	struct strlist files = { 0 };
	struct change mine = { .name = "mine" };
	git_oid first, second, parent;
	struct extract x;

	(void)state;
	make_base();
	first = unit_tree("Makefile", MAKEFILE, "old", "o\n", "n", "1\n", NULL);
	second = unit_tree("Makefile", MAKEFILE, "old", "o\n", "n", "2\n", NULL);
	parent = unit_commit(&first, &base, "first\n");
	unit_catch();
	assert_int_equal(extract(&parent, &second, &mine, &x), -1);
	unit_assert_has(unit_caught(), "commit \"Subject\" touches n, which another change brings");
	assert_int_equal(hw_exit_code(), HW_FINDING);
	extract_free(&x);
	/* Unless it is the change's own. */
	strlist_add(&files, "n");
	mine.files = files;
	assert_int_equal(extract(&parent, &second, &mine, &x), 0);
	assert_int_equal(x.n_own, 1);
	extract_free(&x);
	strlist_free(&files);
}

/* The file says the same if words and outcome are: offsets do not matter. */
static void same_as_the_file(void **state)
{
	struct extract x;
	git_oid tree;
	char *other, *at;

	(void)state;
	make_base();
	tree = unit_tree("Makefile", "a\nB\nc\n", "old", "o\n", "n", "new\n", NULL);
	assert_int_equal(extract(&base, &tree, NULL, &x), 0);
	unit_write("p.patch", x.mail);
	assert_true(extract_is_file(&x, unit_path("p.patch")));

	other = xstrdup(x.mail);
	at = strstr(other, "\nindex ");
	assert_non_null(at);
	memcpy(at + 7, "000000", 6);
	unit_write("index.patch", other);
	assert_true(extract_is_file(&x, unit_path("index.patch")));
	at = strstr(other, "Body.");
	at[0] = 'b';
	unit_write("words.patch", other);
	assert_false(extract_is_file(&x, unit_path("words.patch")));
	at[0] = 'B';
	at = strstr(other, "\n+B");
	at[2] = 'X';
	unit_write("text.patch", other);
	assert_false(extract_is_file(&x, unit_path("text.patch")));
	assert_false(extract_is_file(&x, unit_path("none.patch")));
	free(other);
	extract_free(&x);
}

static void add(struct saveset *s, const char *path, const char *text)
{
	saveset_add(s, unit_path(path), text, strlen(text));
}

static void a_save_is_written(void **state)
{
	struct saveset s = { 0 };

	(void)state;
	unit_write("same", "s\n");
	unit_write("old", "o\n");
	add(&s, "same", "s\n");
	add(&s, "old", "O\n");
	add(&s, "d/new", "n\n");
	assert_int_equal(s.n, 2);
	assert_string_equal(unit_read("old"), "o\n");
	assert_int_equal(saveset_write(&s), 0);
	assert_string_equal(unit_read("old"), "O\n");
	assert_string_equal(unit_read("d/new"), "n\n");
	assert_int_equal(saveset_write_copy(&s, unit_dir, unit_path("copy")), 0);
	assert_string_equal(unit_read("copy/old"), "O\n");
	assert_string_equal(unit_read("copy/d/new"), "n\n");
	saveset_free(&s);
}

/* Half a save is none: what was written is taken back. */
static void a_failed_save_is_taken_back(void **state)
{
	struct saveset s = { 0 };

	(void)state;
	unit_write("old", "o\n");
	unit_write("file", "f\n");
	add(&s, "old", "O\n");
	add(&s, "d/new", "n\n");
	add(&s, "file/below", "b\n");
	unit_catch();
	assert_int_equal(saveset_write(&s), -1);
	unit_assert_has(unit_caught(), "file/below");
	assert_string_equal(unit_read("old"), "o\n");
	assert_null(unit_read("d/new"));
	assert_string_equal(unit_read("file"), "f\n");
	saveset_free(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(new_files_are_ours),
		UNIT(nothing_but_files_of_ours),
		UNIT(removals),
		UNIT(files_of_another_change),
		UNIT(same_as_the_file),
		UNIT(a_save_is_written),
		UNIT(a_failed_save_is_taken_back),
	};

	return cmocka_run_group_tests_name("extract", tests, NULL, NULL);
}
