// SPDX-License-Identifier: GPL-2.0-only
/*
 * From a tarball to the objects of a repository: the reader's side of the
 * pipeline, then the trees and the commit.
 */
#include <stdlib.h>
#include <string.h>

#include "deflate.h"
#include "depot.h"
#include "hash.h"
#include "headway.h"
#include "ingest.h"
#include "progress.h"
#include "treebuild.h"
#include "unpack.h"
#include "xalloc.h"

struct work {
	struct tarball *tb;
	struct packwriter *pw;
	struct ingest *in;
	struct treebuild *trees;
	struct deflate *deflate;
	git_odb *have;
	struct progress progress;
	bool pack_failed;	/* the pack's writer knows why */
};

static int add_blob(struct work *w, const struct tar_entry *e)
{
	size_t size = e->kind == TAR_SYMLINK ? strlen(e->target) : e->size;
	git_oid *id = treebuild_add(w->trees, e->path, e->mode);
	void *data;

	if (!id)
		return tarball_refuse(w->tb, "is in the place of a folder, or below a file");
	data = ingest_reserve(w->in, size);
	if (!data) {
		w->pack_failed = true;
		return -1;
	}
	if (e->kind == TAR_SYMLINK)
		memcpy(data, e->target, size);
	else if (tarball_read(w->tb, data, size))
		return -1;
	ingest_submit(w->in, id);
	return 0;
}

static int add_entry(struct work *w, const struct tar_entry *e)
{
	switch (e->kind) {
	case TAR_FILE:
	case TAR_SYMLINK:
		return add_blob(w, e);
	case TAR_HARDLINK:
		if (treebuild_link(w->trees, e->path, e->target))
			return tarball_refuse(w->tb, "is a hard link to no file of the tarball");
		return 0;
	case TAR_DIR:
		if (treebuild_dir(w->trees, e->path))
			return tarball_refuse(w->tb,
					      "is a folder in the place of a file, or below one");
		return 0;
	}
	return -1;
}

/* Reads the whole tarball; its blobs are in the pack on success. */
static int read_entries(struct work *w)
{
	struct tar_entry e;
	int ret;

	w->in = ingest_new(w->pw, w->have);
	while ((ret = tarball_next(w->tb, &e)) > 0) {
		ret = add_entry(w, &e);
		if (ret)
			break;
		progress_set(&w->progress, tarball_consumed(w->tb));
	}
	if (ingest_finish(w->in)) {
		w->pack_failed = true;
		ret = -1;
	}
	w->in = NULL;
	return ret;
}

static int add_object(struct work *w, const git_oid *id, git_object_t type,
		      const void *data, size_t len)
{
	const void *z;
	size_t z_len;

	if (git_odb_exists_ext(w->have, id, GIT_ODB_LOOKUP_NO_REFRESH))
		return 0;
	z = deflate_data(w->deflate, data, len, &z_len);
	if (packwriter_add(w->pw, id, type, len, z, z_len)) {
		w->pack_failed = true;
		return -1;
	}
	return 0;
}

static int emit_tree(void *arg, const git_oid *id, const void *data, size_t len)
{
	return add_object(arg, id, GIT_OBJECT_TREE, data, len);
}

static int add_commit(struct work *w, const char *base, struct imported *im)
{
	int64_t date = tarball_date(w->tb);
	char *text = imported_commit(base, im, date > 0 ? date : 0);
	int ret;

	hash_object(&im->commit, GIT_OBJECT_COMMIT, text, strlen(text));
	ret = add_object(w, &im->commit, GIT_OBJECT_COMMIT, text, strlen(text));
	free(text);
	return ret;
}

static int check_sum(const struct work *w, const struct unpack *u,
		     const struct imported *im)
{
	if (!u->want_sha256 || !strcmp(u->want_sha256, im->sha256))
		return 0;
	hw_set_exit(HW_BAD_INPUT);
	hw_error("%s: the SHA-256 is %s, not %s", tarball_file(w->tb), im->sha256,
		 u->want_sha256);
	hw_hint("it is another file, or a damaged one; nothing was changed");
	return -1;
}

static int fill_pack(struct work *w, struct unpack *u, struct imported *im)
{
	git_oid empty_tree;

	if (read_entries(w))
		return -1;
	im->sha256 = xcalloc(1, SHA256_HEX + 1);
	if (tarball_finish(w->tb, im->sha256) || check_sum(w, u, im))
		return -1;
	if (treebuild_write(w->trees, &im->tree, emit_tree, w))
		return -1;
	hash_object(&empty_tree, GIT_OBJECT_TREE, "", 0);
	if (git_oid_equal(&im->tree, &empty_tree)) {
		hw_set_exit(HW_BAD_INPUT);
		return hw_error("%s has no files in it", tarball_file(w->tb));
	}
	if (add_commit(w, u->base, im))
		return -1;
	if (packwriter_finish(w->pw)) {
		w->pack_failed = true;
		return -1;
	}
	return 0;
}

/* The pack's length if the rest of the tarball is like what was read of it. */
static uint64_t estimate(const struct work *w)
{
	double read = tarball_consumed(w->tb);

	if (!read)
		return 0;
	return packwriter_bytes(w->pw) * (tarball_size(w->tb) / read);
}

int unpack_tarball(git_repository *repo, struct tarball *tb, struct unpack *u,
		   struct imported *im)
{
	char *objects = xasprintf("%sobjects", git_repository_path(repo));
	char *what = xasprintf("Importing %s", u->base);
	struct work w = { .tb = tb };
	int ret;

	w.trees = treebuild_new();
	w.deflate = deflate_new();
	progress_start(&w.progress, what, tarball_size(tb));
	ret = depot_own_objects(&w.have, repo);
	if (!ret)
		ret = packwriter_new(&w.pw, objects);
	if (!ret)
		ret = fill_pack(&w, u, im);
	progress_end(&w.progress);
	if (w.pack_failed)
		packwriter_report(w.pw, estimate(&w));
	if (!ret) {
		u->n_objects = packwriter_count(w.pw);
		u->n_bytes = packwriter_bytes(w.pw);
	}
	packwriter_free(w.pw);
	git_odb_free(w.have);
	deflate_free(w.deflate);
	treebuild_free(w.trees);
	free(what);
	free(objects);
	return ret ? -1 : 0;
}
