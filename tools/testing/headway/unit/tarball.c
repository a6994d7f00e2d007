// SPDX-License-Identifier: GPL-2.0-only
/* Names in tarballs, entries of tarballs, and the trees that they make. */
#define _GNU_SOURCE

#include <archive.h>
#include <archive_entry.h>

#include "hash.h"
#include "tarball.h"
#include "tarpath.h"
#include "treebuild.h"
#include "unit.h"
#include "xalloc.h"

static void clean_names(void **state)
{
	static const struct {
		const char *name;
		const char *clean;	/* NULL: refused */
	} cases[] = {
		{ "a/b", "a/b" }, { "./a//b/./c/", "a/b/c" }, { "a/...", "a/..." },
		{ "a/..b", "a/..b" }, { "a/.gitignore", "a/.gitignore" },
		{ "a/x.git", "a/x.git" }, { "a/git", "a/git" },
		{ "", NULL }, { ".", NULL }, { "./", NULL }, { "/", NULL },
		{ "/a", NULL }, { "//a", NULL }, { "..", NULL }, { "../a", NULL },
		{ "a/..", NULL }, { "a/../b", NULL }, { "./../a", NULL },
		{ ".git", NULL }, { "a/.git/b", NULL }, { "a/.GIT", NULL },
		{ "a/.gIt/x", NULL }, { "a/git~1/x", NULL }, { "a/GIT~1", NULL },
	};
	char out[64];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *wrong = tarpath_clean(cases[i].name, out);

		if (!cases[i].clean != !!wrong)
			fail_msg("'%s': %s", cases[i].name, wrong ? wrong : "accepted");
		if (cases[i].clean)
			assert_string_equal(out, cases[i].clean);
	}
}

struct spec {
	const char *name;
	unsigned int type;
	unsigned int mode;
	const char *text;	/* content, or a link's target */
};

static const char *make_tar(const struct spec *specs, size_t n)
{
	const char *path = unit_path("made.tar");
	struct archive *a = archive_write_new();

	archive_write_set_format_gnutar(a);
	assert_int_equal(archive_write_open_filename(a, path), ARCHIVE_OK);
	for (size_t i = 0; i < n; i++) {
		struct archive_entry *e = archive_entry_new();

		archive_entry_set_pathname(e, specs[i].name);
		archive_entry_set_perm(e, specs[i].mode);
		archive_entry_set_mtime(e, 1000 + i, 0);
		archive_entry_set_size(e, 0);
		if (!specs[i].type)
			archive_entry_set_hardlink(e, specs[i].text);
		else
			archive_entry_set_filetype(e, specs[i].type);
		if (specs[i].type == AE_IFLNK)
			archive_entry_set_symlink(e, specs[i].text);
		if (specs[i].type == AE_IFREG)
			archive_entry_set_size(e, strlen(specs[i].text));
		assert_int_equal(archive_write_header(a, e), ARCHIVE_OK);
		if (specs[i].type == AE_IFREG)
			archive_write_data(a, specs[i].text, strlen(specs[i].text));
		archive_entry_free(e);
	}
	archive_write_close(a);
	archive_write_free(a);
	return path;
}

static void entries(void **state)
{
	static const struct spec specs[] = {
		{ "top/", AE_IFDIR, 0755, NULL },
		{ "top/file", AE_IFREG, 0644, "hello" },
		{ "top/run", AE_IFREG, 0755, "x" },
		{ "top/group", AE_IFREG, 0654, "" },
		{ "top/link", AE_IFLNK, 0777, "../anywhere" },
		{ "top/hard", 0, 0644, "top/file" },
	};
	static const struct tar_entry want[] = {
		{ TAR_FILE, "file", NULL, GIT_FILEMODE_BLOB, 5 },
		{ TAR_FILE, "run", NULL, GIT_FILEMODE_BLOB_EXECUTABLE, 1 },
		{ TAR_FILE, "group", NULL, GIT_FILEMODE_BLOB, 0 },
		{ TAR_SYMLINK, "link", "../anywhere", GIT_FILEMODE_LINK, 0 },
		{ TAR_HARDLINK, "hard", "file", 0, 0 },
	};
	const char *path = make_tar(specs, sizeof(specs) / sizeof(specs[0]));
	char sum[SHA256_HEX + 1], file_sum[SHA256_HEX + 1], data[5];
	struct tar_entry e;
	struct tarball *tb;

	(void)state;
	assert_int_equal(tarball_open(&tb, path), 0);
	for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
		assert_int_equal(tarball_next(tb, &e), 1);
		assert_int_equal(e.kind, want[i].kind);
		assert_string_equal(e.path, want[i].path);
		assert_int_equal(e.mode, want[i].mode);
		assert_int_equal(e.size, want[i].size);
		if (want[i].target)
			assert_string_equal(e.target, want[i].target);
		if (!i) {
			assert_int_equal(tarball_read(tb, data, 5), 0);
			assert_memory_equal(data, "hello", 5);
		}
	}
	assert_int_equal(tarball_next(tb, &e), 0);
	assert_int_equal(tarball_finish(tb, sum), 0);
	assert_int_equal(hash_file(path, file_sum), 0);
	assert_string_equal(sum, file_sum);
	assert_int_equal(tarball_date(tb), 1005);
	assert_int_equal(tarball_consumed(tb), tarball_size(tb));
	tarball_close(tb);
}

static void refused(void **state)
{
	static const struct {
		struct spec spec;
		const char *message;
	} cases[] = {
		{ { "top/../../x", AE_IFREG, 0644, "" }, "'top/../../x' leads out of the tree" },
		{ { "/etc/x", AE_IFREG, 0644, "" }, "'/etc/x' is an absolute path" },
		{ { "top/.git/hooks/x", AE_IFREG, 0755, "" }, "belongs to git" },
		{ { "x", AE_IFREG, 0644, "" }, "'x' is not in a folder" },
		{ { "top/fifo", AE_IFIFO, 0644, NULL }, "'top/fifo' is neither" },
		{ { "top/char", AE_IFCHR, 0644, NULL }, "'top/char' is neither" },
		{ { "top/block", AE_IFBLK, 0644, NULL }, "'top/block' is neither" },
		{ { "top/hard", 0, 0644, "/etc/passwd" }, "'/etc/passwd' is an absolute path" },
		{ { "top/hard", 0, 0644, "top/../../x" }, "leads out of the tree" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *path = make_tar(&cases[i].spec, 1);
		struct tar_entry e;
		struct tarball *tb;

		hw_set_exit(HW_OK);
		assert_int_equal(tarball_open(&tb, path), 0);
		unit_catch();
		assert_int_equal(tarball_next(tb, &e), -1);
		unit_assert_has(unit_caught(), cases[i].message);
		assert_int_equal(hw_exit_code(), HW_BAD_INPUT);
		tarball_close(tb);
	}
}

static int note_tree(void *arg, const git_oid *id, const void *data, size_t len)
{
	size_t *n = arg;
	git_oid again;

	hash_object(&again, GIT_OBJECT_TREE, data, len);
	assert_memory_equal(&again, id, sizeof(again));
	*n += 1;
	return 0;
}

/* The ids are those of "git mktree" for the same entries. */
static void trees(void **state)
{
	struct treebuild *tb = treebuild_new();
	git_oid root, hello, want, *id;
	size_t n = 0;

	(void)state;
	hash_object(&hello, GIT_OBJECT_BLOB, "hello\n", 6);
	assert_int_equal(treebuild_dir(tb, "empty/deeper"), 0);
	id = treebuild_add(tb, "a/x", GIT_FILEMODE_BLOB);
	assert_non_null(id);
	*id = hello;
	id = treebuild_add(tb, "a.b", GIT_FILEMODE_BLOB_EXECUTABLE);
	assert_non_null(id);
	*id = hello;
	assert_int_equal(treebuild_link(tb, "a-b", "a.b"), 0);

	assert_null(treebuild_add(tb, "a", GIT_FILEMODE_BLOB));
	assert_null(treebuild_add(tb, "a.b/c", GIT_FILEMODE_BLOB));
	assert_null(treebuild_add(tb, "empty", GIT_FILEMODE_BLOB));
	assert_int_equal(treebuild_dir(tb, "a.b"), -1);
	assert_int_equal(treebuild_dir(tb, "a.b/c"), -1);
	assert_int_equal(treebuild_link(tb, "y", "missing"), -1);
	assert_int_equal(treebuild_link(tb, "y", "a"), -1);
	assert_int_equal(treebuild_link(tb, "a", "a.b"), -1);

	assert_int_equal(treebuild_write(tb, &root, note_tree, &n), 0);
	assert_int_equal(n, 2);
	git_oid_fromstr(&want, "8201f58f12322e540e84ae78ada1f60e3a844f09");
	assert_memory_equal(&root, &want, sizeof(root));
	treebuild_free(tb);
}

/* A later entry replaces an earlier one, but not what links to that. */
static void replaced(void **state)
{
	struct treebuild *a = treebuild_new(), *b = treebuild_new();
	git_oid one, two, root_a, root_b;
	size_t n = 0;

	(void)state;
	hash_object(&one, GIT_OBJECT_BLOB, "1", 1);
	hash_object(&two, GIT_OBJECT_BLOB, "2", 1);
	*treebuild_add(a, "f", GIT_FILEMODE_BLOB) = one;
	assert_int_equal(treebuild_link(a, "g", "f"), 0);
	*treebuild_add(a, "f", GIT_FILEMODE_BLOB_EXECUTABLE) = two;
	*treebuild_add(b, "g", GIT_FILEMODE_BLOB) = one;
	*treebuild_add(b, "f", GIT_FILEMODE_BLOB_EXECUTABLE) = two;
	assert_int_equal(treebuild_write(a, &root_a, note_tree, &n), 0);
	assert_int_equal(treebuild_write(b, &root_b, note_tree, &n), 0);
	assert_memory_equal(&root_a, &root_b, sizeof(root_a));
	treebuild_free(a);
	treebuild_free(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(clean_names),
		UNIT(entries),
		UNIT(refused),
		cmocka_unit_test(trees),
		cmocka_unit_test(replaced),
	};

	hash_init();
	return cmocka_run_group_tests_name("tarball", tests, NULL, NULL);
}
