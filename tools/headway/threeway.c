// SPDX-License-Identifier: GPL-2.0-only
/* Merging what a patch does into a file that has changed near by. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "adapt.h"
#include "headway.h"
#include "locktype.h"
#include "patch.h"
#include "xalloc.h"

/* The file that @f was made for, if our repository has it. */
static git_blob *find_original(struct adapt *a, const struct file_patch *f)
{
	const git_diff_delta *d = git_patch_get_delta(f->source);
	git_blob *blob = NULL;

	if (!a->ours || !f->old_path || d->old_file.id_abbrev < 7 ||
	    git_oid_is_zero(&d->old_file.id))
		return NULL;
	if (git_blob_lookup_prefix(&blob, a->ours, &d->old_file.id,
				   d->old_file.id_abbrev))
		return NULL;
	return blob;
}

/* What the patch makes of it; NULL if it is not the one after all. */
static char *apply_all(const git_blob *blob, const struct file_patch *f,
		       size_t *len)
{
	struct image im;
	char *out = NULL;
	size_t i;
	long off;

	image_init(&im, git_blob_rawcontent(blob), git_blob_rawsize(blob));
	for (i = 0; i < f->n_hunks; i++)
		if (!hunk_apply(&im, &f->hunks[i], false, &off))
			break;
	if (i == f->n_hunks)
		out = image_text(&im, len);
	image_free(&im);
	return out;
}

/* Show beside each other what the hunks expect and what is there. */
static void note_context(struct adapt *a, const struct file_patch *f,
			 const char *path, const char *text, size_t len)
{
	struct image im;
	size_t i;
	long off;

	image_init(&im, text, len);
	for (i = 0; i < f->n_hunks; i++) {
		char *seen;

		if (hunk_apply(&im, &f->hunks[i], false, &off))
			continue;
		seen = hunk_explain(&im, &f->hunks[i], false);
		adapt_note(a, "%s: hunk %zu merged three ways, its context differs:\n%s",
			   path, i + 1, seen);
		free(seen);
	}
	image_free(&im);
}

/* A merge takes added lines as they are: not where a lock is of another type here. */
static bool locks_differ(const struct file_patch *f, const char *text, size_t len)
{
	struct image im;
	bool differ = false;
	size_t i, j;

	image_init(&im, text, len);
	for (i = 0; i < f->n_hunks; i++) {
		const struct hunk *h = &f->hunks[i];
		size_t post = 0;

		for (j = 0; j < h->n_ops; j++) {
			char *doubt = NULL, *line = NULL;

			if (h->ops[j] == '+')
				line = locktype_rewrite(&im, h, &h->post[post], &doubt);
			differ |= line || doubt;
			post += h->ops[j] != '-';
			free(line);
			free(doubt);
		}
	}
	image_free(&im);
	return differ;
}

char *adapt_merge(struct adapt *a, const struct file_patch *f, const char *path,
		  const char *text, size_t len, size_t *out_len)
{
	git_merge_file_input base = { .version = GIT_MERGE_FILE_INPUT_VERSION };
	git_merge_file_input ours = { .version = GIT_MERGE_FILE_INPUT_VERSION };
	git_merge_file_input theirs = { .version = GIT_MERGE_FILE_INPUT_VERSION };
	git_merge_file_result res = { 0 };
	git_blob *blob = find_original(a, f);
	char *patched = NULL, *out = NULL;
	size_t n;

	if (blob)
		patched = apply_all(blob, f, &n);
	if (!patched || locks_differ(f, text, len))
		goto out;
	base.ptr = git_blob_rawcontent(blob);
	base.size = git_blob_rawsize(blob);
	ours.ptr = text;
	ours.size = len;
	theirs.ptr = patched;
	theirs.size = n;
	if (!git_merge_file(&res, &base, &ours, &theirs, NULL) &&
	    res.automergeable &&
	    (res.len != len || memcmp(res.ptr, text, len))) {
		out = xstrndup(res.ptr, res.len);
		*out_len = res.len;
		note_context(a, f, path, text, len);
	}
	git_merge_file_result_free(&res);
out:
	free(patched);
	git_blob_free(blob);
	return out;
}
