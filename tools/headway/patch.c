// SPDX-License-Identifier: GPL-2.0-only
/* Patches of several files, and applying them to git trees in memory. */
#include <stdlib.h>
#include <string.h>

#include "adapt.h"
#include "headway.h"
#include "patch.h"
#include "xalloc.h"

/* "\ No newline at end of file": the last line so far of @l has none. */
static void drop_newline(struct line *l, size_t n)
{
	if (n && l[n - 1].n && l[n - 1].p[l[n - 1].n - 1] == '\n')
		l[n - 1].n--;
}

static void take_line(const git_diff_line *gl, struct hunk *h)
{
	const struct line l = { gl->content, gl->content_len };

	if (strchr(" -+", gl->origin))
		*xpush(h->ops, h->n_ops) = gl->origin;
	switch (gl->origin) {
	case GIT_DIFF_LINE_CONTEXT:
		*xpush(h->pre, h->n_pre) = l;
		*xpush(h->post, h->n_post) = l;
		h->trail++;
		break;
	case GIT_DIFF_LINE_DELETION:
		*xpush(h->pre, h->n_pre) = l;
		h->trail = 0;
		break;
	case GIT_DIFF_LINE_ADDITION:
		*xpush(h->post, h->n_post) = l;
		h->trail = 0;
		break;
	/* In a diff that was read, these speak of the line before them. */
	case GIT_DIFF_LINE_CONTEXT_EOFNL:
		drop_newline(h->pre, h->n_pre);
		drop_newline(h->post, h->n_post);
		break;
	case GIT_DIFF_LINE_DEL_EOFNL:
		drop_newline(h->pre, h->n_pre);
		break;
	case GIT_DIFF_LINE_ADD_EOFNL:
		drop_newline(h->post, h->n_post);
		break;
	}
}

static int take_hunk(git_patch *src, size_t idx, struct hunk *h)
{
	const git_diff_hunk *info;
	size_t n, i;

	if (git_patch_get_hunk(&info, &n, src, idx))
		return -1;
	h->header = xstrndup(info->header, strcspn(info->header, "\n"));
	h->old_start = info->old_start;
	h->new_start = info->new_start;
	for (i = 0; i < n; i++) {
		const git_diff_line *gl;

		if (git_patch_get_line_in_hunk(&gl, src, idx, i))
			return -1;
		take_line(gl, h);
	}
	/* A hunk of context alone changes nothing. */
	return h->trail < h->n_pre || h->trail < h->n_post ? 0 : -1;
}

static int take_file(const char *name, git_diff *diff, size_t idx,
		     struct file_patch *f)
{
	const git_diff_delta *d = git_diff_get_delta(diff, idx);
	size_t i;

	if (d->flags & GIT_DIFF_FLAG_BINARY)
		return hw_error("%s: %s: binary patches are not supported", name,
				d->new_file.path);
	if (d->status == GIT_DELTA_COPIED)
		return hw_error("%s: %s: copies are not supported: write the patch without -C",
				name, d->new_file.path);
	if (d->status != GIT_DELTA_ADDED)
		f->old_path = xstrdup(d->old_file.path);
	if (d->status != GIT_DELTA_DELETED)
		f->new_path = xstrdup(d->new_file.path);
	if (d->new_file.mode && d->new_file.mode != d->old_file.mode)
		f->mode = d->new_file.mode;
	if (git_patch_from_diff(&f->source, diff, idx))
		return hw_git_error("%s: %s", name, d->new_file.path);
	for (i = 0; i < git_patch_num_hunks(f->source); i++)
		if (take_hunk(f->source, i, xpush(f->hunks, f->n_hunks)))
			return hw_error("%s: %s: hunk %zu is malformed", name,
					d->new_file.path, i + 1);
	return 0;
}

/* git apply would see the first change of a file in its second; we would not. */
static int check_once(const char *name, const struct patch *p)
{
	const char *path, *other;
	size_t i, j;

	for (i = 1; i < p->n_files; i++)
		for (j = 0; j < i; j++) {
			path = p->files[i].new_path ?: p->files[i].old_path;
			other = p->files[j].new_path ?: p->files[j].old_path;
			if (!strcmp(path, other))
				return hw_error("%s: %s: changed twice in one patch",
						name, path);
		}
	return 0;
}

int patch_parse(const char *name, const char *diff, size_t len,
		struct patch *out)
{
	size_t i;

	memset(out, 0, sizeof(*out));
	if (!len)
		return 0;
	if (git_diff_from_buffer(&out->diff, diff, len)) {
		hw_git_error("%s: malformed patch", name);
		hw_set_exit(HW_BAD_INPUT);
		return -1;
	}
	for (i = 0; i < git_diff_num_deltas(out->diff); i++)
		if (take_file(name, out->diff, i,
			      xpush(out->files, out->n_files))) {
			hw_set_exit(HW_BAD_INPUT);
			return -1;
		}
	if (!check_once(name, out))
		return 0;
	hw_set_exit(HW_BAD_INPUT);
	return -1;
}

void patch_free(struct patch *p)
{
	size_t i, j;

	for (i = 0; i < p->n_files; i++) {
		struct file_patch *f = &p->files[i];

		for (j = 0; j < f->n_hunks; j++) {
			free(f->hunks[j].header);
			free(f->hunks[j].pre);
			free(f->hunks[j].post);
			free(f->hunks[j].ops);
		}
		free(f->hunks);
		free(f->old_path);
		free(f->new_path);
		git_patch_free(f->source);
	}
	free(p->files);
	git_diff_free(p->diff);
	memset(p, 0, sizeof(*p));
}

void reject_free(struct reject *r)
{
	free(r->path);
	free(r->header);
	free(r->detail);
	memset(r, 0, sizeof(*r));
}

static int reject_file(struct reject *why, const char *path, const char *detail)
{
	why->path = xstrdup(path);
	why->detail = xasprintf("    %s\n", detail);
	return 1;
}

/* What is made while a file is patched, and goes away after that. */
struct made {
	struct hunk **h;
	size_t n;
};

static void made_free(struct made *m)
{
	size_t i;

	for (i = 0; i < m->n; i++)
		adapt_hunk_free(m->h[i]);
	free(m->h);
}

/* @h the other way round, for those who only know the one; lines are borrowed. */
static struct hunk *reversed(const struct hunk *h, struct made *made)
{
	struct hunk *r = xcalloc(1, sizeof(*r));
	size_t i, pre = 0, post = 0;

	r->header = xstrdup(h->header);
	r->old_start = h->new_start;
	r->new_start = h->old_start;
	r->trail = h->trail;
	for (i = 0; i < h->n_ops; i++) {
		if (h->ops[i] != '-')
			*xpush(r->pre, r->n_pre) = h->post[post++];
		if (h->ops[i] != '+')
			*xpush(r->post, r->n_post) = h->pre[pre++];
		*xpush(r->ops, r->n_ops) = h->ops[i] == '+' ? '-' :
					   h->ops[i] == '-' ? '+' : ' ';
	}
	*xpush(made->h, made->n) = r;
	return r;
}

/* Apply @h as it is or, with @a, as far as it can be made to fit. */
static bool apply_hunk(struct image *im, const struct hunk *h, bool reverse,
		       long *off, struct adapt *a, const char *path,
		       struct made *made)
{
	struct hunk *fit = NULL;

	if (!a)
		return hunk_apply(im, h, reverse, off);
	if (reverse)
		h = reversed(h, made);
	free(a->doubt);
	a->doubt = NULL;
	if (!reverse)
		fit = adapt_locks(a, im, h, path);
	if (fit)
		*xpush(made->h, made->n) = fit;
	if (a->doubt)
		return false;
	if (hunk_apply(im, fit ? fit : h, false, off))
		return true;
	fit = a->exact ? NULL : adapt_hunk(a, im, h, path);
	if (!fit)
		return false;
	*xpush(made->h, made->n) = fit;
	return hunk_apply(im, fit, false, off);
}

static char *explain(const struct image *im, const struct hunk *h, bool reverse,
		     const struct adapt *a)
{
	char *seen = hunk_explain(im, h, reverse), *out;

	if (!a || !a->doubt)
		return seen;
	out = xasprintf("    %s\n%s", a->doubt, seen);
	free(seen);
	return out;
}

static int apply_hunks(struct image *im, const struct file_patch *f,
		       const char *path, bool reverse, long *offset,
		       struct adapt *a, struct made *made, struct reject *why)
{
	size_t i;
	long off;

	for (i = 0; i < f->n_hunks; i++) {
		if (!apply_hunk(im, &f->hunks[i], reverse, &off, a, path, made)) {
			why->path = xstrdup(path);
			why->hunk = i + 1;
			why->header = xstrdup(f->hunks[i].header);
			why->detail = explain(im, &f->hunks[i], reverse, a);
			return 1;
		}
		if (offset && labs(off) > labs(*offset))
			*offset = off;
	}
	return 0;
}

bool file_patch_fits(git_repository *repo, const git_oid *id,
		     const struct file_patch *f)
{
	struct reject why = { 0 };
	git_blob *blob = NULL;
	struct image im;
	bool fits;

	if (git_blob_lookup(&blob, repo, id))
		return false;
	image_init(&im, git_blob_rawcontent(blob), git_blob_rawsize(blob));
	fits = !apply_hunks(&im, f, "", false, NULL, NULL, NULL, &why);
	reject_free(&why);
	image_free(&im);
	git_blob_free(blob);
	return fits;
}

static void plan(git_tree_update **u, size_t *n, git_tree_update_t action,
		 const char *path, const git_oid *id, git_filemode_t mode)
{
	git_tree_update *new = xpush(*u, *n);

	new->action = action;
	new->path = path;
	new->filemode = mode;
	if (id)
		new->id = *id;
}

/* Read the old file, if the patch says that there is one. */
static int read_old(git_repository *repo, git_tree *tree, const char *path,
		    git_blob **blob, git_filemode_t *mode, struct reject *why)
{
	git_tree_entry *e = NULL;
	int err = git_tree_entry_bypath(&e, tree, path);

	if (err == GIT_ENOTFOUND)
		return reject_file(why, path, "the file is not there");
	if (err)
		return hw_git_error("%s", path);
	*mode = git_tree_entry_filemode(e);
	err = git_tree_entry_type(e) == GIT_OBJECT_BLOB ?
	      git_blob_lookup(blob, repo, git_tree_entry_id(e)) : 0;
	git_tree_entry_free(e);
	if (err)
		return hw_git_error("%s", path);
	return *blob ? 0 : reject_file(why, path, "this is no file");
}

/* The same; with @a, also where it was moved to: *@path is changed then. */
static int find_old(git_repository *repo, git_tree *tree,
		    const struct file_patch *f, const char **path,
		    git_blob **blob, git_filemode_t *mode, struct adapt *a,
		    struct reject *why)
{
	int r = read_old(repo, tree, *path, blob, mode, why);
	const char *to;
	char *detail;

	if (r != 1 || !a || a->exact)
		return r;
	to = adapt_moved(a, repo, tree, f, *path, &detail);
	if (to || detail)
		reject_free(why);
	if (detail)
		r = reject_file(why, *path, detail);
	free(detail);
	if (!to)
		return r;
	*path = to;
	return read_old(repo, tree, to, blob, mode, why);
}

static int write_new(git_repository *repo, const struct image *im, git_oid *id)
{
	size_t len;
	char *text = image_text(im, &len);
	int err = git_blob_create_from_buffer(id, repo, text, len);

	free(text);
	return err ? hw_git_error("cannot write an object") : 0;
}

/* The text of the file as @blob has it, patched; 1 with @why if it cannot be. */
static int patch_text(git_repository *repo, const git_blob *blob,
		      const struct file_patch *f, const char *path, bool reverse,
		      long *offset, struct adapt *a, size_t *lines, git_oid *id,
		      struct reject *why)
{
	const char *text = blob ? git_blob_rawcontent(blob) : "";
	size_t len = blob ? git_blob_rawsize(blob) : 0, merged_len;
	struct made made = { 0 };
	struct image im = { 0 };
	char *merged = NULL;
	int r;

	image_init(&im, text, len);
	r = apply_hunks(&im, f, path, reverse, offset, a, &made, why);
	if (r == 1 && a && !a->exact && !a->doubt && !reverse)
		merged = adapt_merge(a, f, path, text, len, &merged_len);
	if (merged) {
		reject_free(why);
		image_free(&im);
		image_init(&im, merged, merged_len);
		r = 0;
	}
	*lines = im.n;
	if (!r)
		r = write_new(repo, &im, id);
	image_free(&im);
	made_free(&made);
	free(merged);
	return r;
}

static int apply_file(git_repository *repo, git_tree *tree,
		      const struct file_patch *f, bool reverse, long *offset,
		      struct adapt *a, git_tree_update **u, size_t *n,
		      struct reject *why)
{
	const char *from = reverse ? f->new_path : f->old_path;
	const char *to = reverse ? f->old_path : f->new_path;
	git_filemode_t mode = GIT_FILEMODE_BLOB;
	const bool stays = from && to && !strcmp(from, to);
	git_tree_entry *there = NULL;
	git_blob *blob = NULL;
	size_t lines;
	git_oid id;
	int r = 0;

	if (from)
		r = find_old(repo, tree, f, &from, &blob, &mode, a, why);
	if (stays)
		to = from;
	if (!r && to && (!from || strcmp(from, to)) &&
	    !git_tree_entry_bypath(&there, tree, to))
		r = reject_file(why, to, "the patch makes this file, and it is there already");
	git_tree_entry_free(there);
	if (r)
		goto out;
	r = patch_text(repo, blob, f, from ? from : to, reverse, offset, a,
		       &lines, &id, why);
	if (r)
		goto out;
	if (!to && lines) {
		r = reject_file(why, from, "the patch removes this file, and it has more than the patch knows");
		goto out;
	}
	if (to)
		plan(u, n, GIT_TREE_UPDATE_UPSERT, to, &id,
		     f->mode && !reverse ? f->mode : mode);
	if (from && (!to || strcmp(from, to)))
		plan(u, n, GIT_TREE_UPDATE_REMOVE, from, NULL, 0);
out:
	git_blob_free(blob);
	return r;
}

int patch_fit(git_repository *repo, git_tree *tree, const struct patch *p,
	      bool reverse, struct adapt *a, git_oid *out, long *offset,
	      struct reject *why)
{
	git_tree_update *u = NULL;
	size_t n = 0, i;
	int r = 0;

	memset(why, 0, sizeof(*why));
	if (offset)
		*offset = 0;
	for (i = 0; !r && i < p->n_files; i++)
		r = apply_file(repo, tree, &p->files[i], reverse, offset, a, &u,
			       &n, why);
	if (!r && !n)
		*out = *git_tree_id(tree);
	else if (!r && git_tree_create_updated(out, repo, tree, n, u))
		r = hw_git_error("cannot write a tree");
	free(u);
	return r;
}

int patch_apply(git_repository *repo, git_tree *tree, const struct patch *p,
		bool reverse, git_oid *out, long *offset, struct reject *why)
{
	return patch_fit(repo, tree, p, reverse, NULL, out, offset, why);
}
