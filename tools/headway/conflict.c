// SPDX-License-Identifier: GPL-2.0-only
/* The conflict memory: topics/resolutions/. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conflict.h"
#include "file.h"
#include "headway.h"
#include "patch.h"
#include "strlist.h"
#include "xalloc.h"

static char *conflict_key(const struct conflict *c)
{
	char b[GIT_OID_HEXSZ + 1], o[GIT_OID_HEXSZ + 1], t[GIT_OID_HEXSZ + 1];

	git_oid_tostr(b, sizeof(b), &c->base);
	git_oid_tostr(o, sizeof(o), &c->ours);
	git_oid_tostr(t, sizeof(t), &c->theirs);
	return xasprintf("%s-%s-%s", b, o, t);
}

/* The value of a "Name: value" line before the diff; caller's to free. */
static char *head_value(const char *text, const char *name)
{
	size_t n = strlen(name);

	for (; *text && strncmp(text, "diff ", 5);
	     text += strcspn(text, "\n"), text += *text == '\n')
		if (!strncmp(text, name, n) && !strncmp(text + n, ": ", 2))
			return xstrndup(text + n + 2,
					strcspn(text + n + 2, "\n"));
	return NULL;
}

static int read_one(const char *file, struct resolution *r)
{
	char *text, *diff;
	size_t len;

	r->file = xstrdup(file);
	text = file_read(file, &len);
	if (!text)
		return hw_errno("%s", file);
	r->key = head_value(text, "Blobs");
	r->kernel = head_value(text, "Base");
	diff = strstr(text, "\ndiff --git ");
	if (r->key && r->kernel) {
		/* Without a diff, our side is the resolution. */
		r->diff = xstrdup(diff ? diff + 1 : "");
		r->diff_len = strlen(r->diff);
	}
	free(text);
	if (r->diff)
		return 0;
	hw_set_exit(HW_BAD_INPUT);
	return hw_error("%s: not a resolution: wants \"Base:\" and \"Blobs:\" lines", file);
}

int resolutions_read(const char *top, struct resolutions *out)
{
	char *dir = xasprintf("%s/topics/resolutions", top);
	struct strlist names = { 0 };
	DIR *d = opendir(dir);
	struct dirent *e;
	int err = 0;
	size_t i;

	memset(out, 0, sizeof(*out));
	if (!d && errno != ENOENT)
		err = hw_errno("%s", dir);
	while (d && (e = readdir(d)))
		if (strlen(e->d_name) > 6 &&
		    !strcmp(e->d_name + strlen(e->d_name) - 6, ".patch"))
			strlist_add(&names, e->d_name);
	strlist_sort(&names);
	for (i = 0; !err && i < names.n; i++) {
		char *file = xasprintf("%s/%s", dir, names.v[i]);

		err = read_one(file, xpush(out->r, out->n));
		free(file);
	}
	if (d)
		closedir(d);
	strlist_free(&names);
	free(dir);
	return err;
}

void resolutions_free(struct resolutions *rs)
{
	size_t i;

	for (i = 0; i < rs->n; i++) {
		free(rs->r[i].file);
		free(rs->r[i].key);
		free(rs->r[i].kernel);
		free(rs->r[i].diff);
	}
	free(rs->r);
	memset(rs, 0, sizeof(*rs));
}

/* Turn our side into the resolved text by the remembered patch. */
static int resolve(git_repository *repo, const struct resolution *r,
		   const git_oid *ours, git_oid *out)
{
	struct image im = { 0 };
	struct patch p = { 0 };
	git_blob *blob = NULL;
	char *text = NULL;
	size_t len, i;
	long off;
	int err;

	err = patch_parse(r->file, r->diff, r->diff_len, &p);
	if (!err && p.n_files > 1)
		err = hw_error("%s: expected a diff of one file", r->file);
	if (!err && git_blob_lookup(&blob, repo, ours))
		err = hw_git_error("%s", r->file);
	if (err)
		goto out;
	image_init(&im, git_blob_rawcontent(blob), git_blob_rawsize(blob));
	for (i = 0; !err && p.n_files && i < p.files[0].n_hunks; i++)
		if (!hunk_apply(&im, &p.files[0].hunks[i], false, &off) || off)
			err = hw_error("%s: hunk %zu does not fit the blob it names",
				       r->file, i + 1);
	if (err)
		goto out;
	text = image_text(&im, &len);
	if (git_blob_create_from_buffer(out, repo, text, len))
		err = hw_git_error("cannot write an object");
out:
	free(text);
	image_free(&im);
	git_blob_free(blob);
	patch_free(&p);
	if (err)
		hw_set_exit(HW_BAD_INPUT);
	return err;
}

int resolutions_apply(git_repository *repo, struct resolutions *rs,
		      const struct conflict *c, git_oid *out)
{
	char *key = conflict_key(c);
	int r = 1;
	size_t i;

	for (i = 0; i < rs->n; i++) {
		if (strcmp(rs->r[i].key, key))
			continue;
		rs->r[i].used = true;
		r = resolve(repo, &rs->r[i], &c->ours, out);
		break;
	}
	free(key);
	return r;
}

int resolutions_check_used(const struct resolutions *rs, const char *kernel)
{
	int err = 0;
	size_t i;

	for (i = 0; i < rs->n; i++) {
		if (rs->r[i].used || strcmp(rs->r[i].kernel, kernel))
			continue;
		err = hw_error("%s: no merge on base %s meets these blobs any more",
			       rs->r[i].file, kernel);
		hw_hint("remove the file, or record the resolution anew with headway build --record");
	}
	if (err)
		hw_set_exit(HW_BAD_INPUT);
	return err;
}

static int write_side(git_repository *repo, const char *dir, const char *path,
		      const char *suffix, const git_oid *id)
{
	char *file = xasprintf("%s/%s.%s", dir, path, suffix);
	git_blob *blob = NULL;
	int err = 0;

	if (!git_oid_is_zero(id) && git_blob_lookup(&blob, repo, id))
		err = hw_git_error("%s", path);
	if (!err)
		err = file_replace(file, blob ? git_blob_rawcontent(blob) : "",
				   blob ? git_blob_rawsize(blob) : 0);
	git_blob_free(blob);
	free(file);
	return err;
}

int conflict_write(git_repository *repo, const char *dir,
		   const struct conflict *c)
{
	char *merged = xasprintf("%s/%s.merged", dir, c->path);
	char *ids = xasprintf("%s/%s.blobs", dir, c->path);
	char *key = conflict_key(c);
	int err;

	err = write_side(repo, dir, c->path, "base", &c->base);
	if (!err)
		err = write_side(repo, dir, c->path, "ours", &c->ours);
	if (!err)
		err = write_side(repo, dir, c->path, "theirs", &c->theirs);
	if (!err && c->merged)
		err = file_replace(merged, c->merged, c->merged_len);
	if (!err)
		err = file_replace(ids, key, strlen(key));
	free(key);
	free(ids);
	free(merged);
	return err;
}

static bool has_markers(const char *text)
{
	return !strncmp(text, "<<<<<<< ", 8) || strstr(text, "\n<<<<<<< ") ||
	       strstr(text, "\n=======\n") || strstr(text, "\n>>>>>>> ");
}

static int write_resolution(const char *top, const char *kernel,
			    const char *topic, const char *path,
			    const char *key, const char *diff)
{
	char *name = xasprintf("%s/topics/resolutions/%s-%s-%.12s-%.12s-%.12s.patch",
			       top, kernel, topic, key, key + 41, key + 82);
	char *text = xasprintf("# SPDX-License-Identifier: GPL-2.0-only\nBase: %s\nTopic: %s\nPath: %s\nBlobs: %s\n\n%s",
			       kernel, topic, path, key, diff);
	int err = file_replace(name, text, strlen(text));

	if (!err)
		hw_say("recorded: %s", name);
	free(text);
	free(name);
	return err;
}

/* @stem is "<dir>/<path>", the common part of a conflict's five files. */
static int record_one(git_repository *repo, const char *top, const char *stem,
		      const char *path, const char *kernel, const char *topic)
{
	char *merged_file = xasprintf("%s.merged", stem);
	char *blobs_file = xasprintf("%s.blobs", stem);
	char *merged = NULL, *key = NULL;
	git_patch *patch = NULL;
	git_buf diff = { 0 };
	git_blob *ours = NULL;
	size_t len = 0;
	git_oid id;
	int r = -1;

	merged = file_read(merged_file, &len);
	key = file_read(blobs_file, NULL);
	if (!merged || !key || strlen(key) != 122) {
		hw_errno("%s", merged ? blobs_file : merged_file);
		goto out;
	}
	if (has_markers(merged)) {
		hw_say("not recorded, has conflict markers still: %s", merged_file);
		r = 0;
		goto out;
	}
	if (git_oid_fromstrn(&id, key + 41, GIT_OID_HEXSZ) ||
	    git_blob_lookup(&ours, repo, &id) ||
	    git_patch_from_blob_and_buffer(&patch, ours, path, merged, len,
					   path, NULL) ||
	    git_patch_to_buf(&diff, patch)) {
		hw_git_error("%s", merged_file);
		goto out;
	}
	r = write_resolution(top, kernel, topic, path, key,
			     diff.ptr ? diff.ptr : "") ? -1 : 1;
out:
	git_buf_dispose(&diff);
	git_patch_free(patch);
	git_blob_free(ours);
	free(key);
	free(merged);
	free(blobs_file);
	free(merged_file);
	return r;
}

/* nftw() hands no argument through; one thread walks one folder at a time. */
static struct strlist *stems;

static int note_stem(const char *path, const struct stat *st, int flag,
		     struct FTW *ftw)
{
	size_t n = strlen(path);

	(void)st;
	(void)ftw;
	if (flag == FTW_F && n > 6 && !strcmp(path + n - 6, ".blobs")) {
		char *stem = xstrndup(path, n - 6);

		strlist_add(stems, stem);
		free(stem);
	}
	return 0;
}

int conflicts_record(git_repository *repo, const char *top, const char *dir,
		     const char *kernel, const char *topic)
{
	struct strlist found = { 0 };
	int count = 0, r = 0;
	size_t i;

	stems = &found;
	nftw(dir, note_stem, 16, FTW_PHYS);
	strlist_sort(&found);
	for (i = 0; r >= 0 && i < found.n; i++) {
		r = record_one(repo, top, found.v[i],
			       found.v[i] + strlen(dir) + 1, kernel, topic);
		count += r > 0;
	}
	strlist_free(&found);
	return r < 0 ? -1 : count;
}

void conflict_free(struct conflict *c)
{
	free(c->path);
	free(c->merged);
	memset(c, 0, sizeof(*c));
}
