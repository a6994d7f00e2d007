// SPDX-License-Identifier: GPL-2.0-only
/* Shared by the unit tests: a scratch folder, a scratch repository, messages. */
#define _GNU_SOURCE
#include <sys/mman.h>
#include <unistd.h>

#include "file.h"
#include "unit.h"
#include "xalloc.h"

char *unit_dir;
git_repository *unit_repo;

static char **kept;
static size_t n_kept;
static char *caught;
static int saved_stderr = -1;
static int caught_fd = -1;

static char *keep(char *s)
{
	*xpush(kept, n_kept) = s;
	return s;
}

int unit_setup(void **state)
{
	const char *tmp = getenv("TMPDIR");

	(void)state;
	if (git_libgit2_init() < 0)
		return -1;
	unit_dir = xasprintf("%s/headway-unit-XXXXXX", tmp ? tmp : "/tmp");
	if (!mkdtemp(unit_dir))
		return -1;
	return git_repository_init(&unit_repo, unit_path("repo.git"), 1);
}

int unit_teardown(void **state)
{
	int err;

	(void)state;
	git_repository_free(unit_repo);
	unit_repo = NULL;
	err = remove_tree(unit_dir);
	free(unit_dir);
	while (n_kept)
		free(kept[--n_kept]);
	free(kept);
	kept = NULL;
	free(caught);
	caught = NULL;
	git_libgit2_shutdown();
	return err;
}

const char *unit_path(const char *path)
{
	return keep(xasprintf("%s/%s", unit_dir, path));
}

void unit_write(const char *path, const char *text)
{
	if (file_replace(unit_path(path), text, strlen(text)))
		fail_msg("cannot write %s", path);
}

const char *unit_read(const char *path)
{
	char *text = file_read(unit_path(path), NULL);

	return text ? keep(text) : NULL;
}

void unit_catch(void)
{
	free(caught);
	caught = NULL;
	fflush(stderr);
	saved_stderr = dup(2);
	caught_fd = memfd_create("stderr", 0);
	if (saved_stderr < 0 || caught_fd < 0 || dup2(caught_fd, 2) < 0)
		fail_msg("cannot catch stderr");
}

const char *unit_caught(void)
{
	off_t size;

	fflush(stderr);
	dup2(saved_stderr, 2);
	close(saved_stderr);
	size = lseek(caught_fd, 0, SEEK_END);
	caught = xcalloc(1, size + 1);
	if (pread(caught_fd, caught, size, 0) != size)
		fail_msg("cannot read what was caught");
	close(caught_fd);
	return caught;
}

void unit_assert_has(const char *text, const char *part)
{
	if (!text || !strstr(text, part))
		fail_msg("\"%s\" is not in:\n%s", part, text ? text : "(null)");
}

void unit_assert_lacks(const char *text, const char *part)
{
	if (text && strstr(text, part))
		fail_msg("\"%s\" is in:\n%s", part, text);
}

git_oid unit_blob(const char *text)
{
	git_oid id;

	assert_int_equal(git_blob_create_from_buffer(&id, unit_repo, text,
						     strlen(text)), 0);
	return id;
}

git_tree *unit_open_tree(const git_oid *id)
{
	git_tree *tree = NULL;

	assert_int_equal(git_tree_lookup(&tree, unit_repo, id), 0);
	return tree;
}

git_oid unit_tree(const char *path, ...)
{
	git_tree_update *u = NULL;
	git_treebuilder *tb = NULL;
	git_tree *empty;
	size_t n = 0;
	git_oid id;
	va_list ap;

	assert_int_equal(git_treebuilder_new(&tb, unit_repo, NULL), 0);
	assert_int_equal(git_treebuilder_write(&id, tb), 0);
	git_treebuilder_free(tb);
	va_start(ap, path);
	for (; path; path = va_arg(ap, const char *)) {
		git_tree_update *up = xpush(u, n);

		up->action = GIT_TREE_UPDATE_UPSERT;
		up->filemode = *path == '*' ? GIT_FILEMODE_BLOB_EXECUTABLE :
					      GIT_FILEMODE_BLOB;
		up->path = path + (*path == '*');
		up->id = unit_blob(va_arg(ap, const char *));
	}
	va_end(ap);
	empty = unit_open_tree(&id);
	if (n)
		assert_int_equal(git_tree_create_updated(&id, unit_repo, empty,
							 n, u), 0);
	git_tree_free(empty);
	free(u);
	return id;
}

git_oid unit_commit(const git_oid *tree, const git_oid *parent,
		    const char *message)
{
	git_signature *sig = NULL;
	git_commit *p = NULL;
	git_tree *t = unit_open_tree(tree);
	git_oid id;

	assert_int_equal(git_signature_new(&sig, "Ann Author", "ann@localhost",
					   1795348800, 60), 0);
	if (parent)
		assert_int_equal(git_commit_lookup(&p, unit_repo, parent), 0);
	assert_int_equal(git_commit_create(&id, unit_repo, NULL, sig, sig, NULL,
					   message, t, !!p,
					   (const git_commit **)&p), 0);
	git_commit_free(p);
	git_signature_free(sig);
	git_tree_free(t);
	return id;
}

const char *unit_content(const git_oid *tree, const char *path)
{
	git_tree *t = unit_open_tree(tree);
	git_tree_entry *e = NULL;
	git_blob *blob = NULL;
	char *text = NULL;

	if (!git_tree_entry_bypath(&e, t, path) &&
	    !git_blob_lookup(&blob, unit_repo, git_tree_entry_id(e)))
		text = keep(xstrndup(git_blob_rawcontent(blob),
				     git_blob_rawsize(blob)));
	git_blob_free(blob);
	git_tree_entry_free(e);
	git_tree_free(t);
	return text;
}

unsigned int unit_mode(const git_oid *tree, const char *path)
{
	git_tree *t = unit_open_tree(tree);
	git_tree_entry *e = NULL;
	unsigned int mode = 0;

	if (!git_tree_entry_bypath(&e, t, path))
		mode = git_tree_entry_filemode(e);
	git_tree_entry_free(e);
	git_tree_free(t);
	return mode;
}
