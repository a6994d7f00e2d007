// SPDX-License-Identifier: GPL-2.0-only
/* Three-way merge of git trees that reads only what differs. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "headway.h"
#include "merge.h"
#include "strlist.h"
#include "xalloc.h"

struct merge {
	git_repository *repo;
	struct resolutions *memory;
	struct conflicts *conflicts;
};

enum { BASE, OURS, THEIRS, SIDES };

/* An entry of one side; mode 0 if the side has none. */
struct entry {
	git_oid id;
	git_filemode_t mode;
};

static int merge_level(struct merge *m, const char *prefix,
		       const struct entry side[SIDES], git_oid *out, bool *empty);

static struct entry entry_of(git_tree *tree, const char *name)
{
	const git_tree_entry *e = tree ? git_tree_entry_byname(tree, name) : NULL;
	struct entry out = { 0 };

	if (e) {
		out.id = *git_tree_entry_id(e);
		out.mode = git_tree_entry_filemode(e);
	}
	return out;
}

static bool same(const struct entry *a, const struct entry *b)
{
	return a->mode == b->mode &&
	       (!a->mode || git_oid_equal(&a->id, &b->id));
}

static bool is_file(const struct entry *e)
{
	return e->mode == GIT_FILEMODE_BLOB ||
	       e->mode == GIT_FILEMODE_BLOB_EXECUTABLE;
}

static int read_side(git_repository *repo, const struct entry *e,
		     git_blob **blob, git_merge_file_input *in, const char *path)
{
	in->path = path;
	in->mode = e->mode;
	if (!e->mode)
		return 0;
	if (git_blob_lookup(blob, repo, &e->id))
		return hw_git_error("%s", path);
	in->ptr = git_blob_rawcontent(*blob);
	in->size = git_blob_rawsize(*blob);
	return 0;
}

static int merge_text(struct merge *m, const char *path,
		      const struct entry side[SIDES], git_merge_file_result *res)
{
	git_blob *blob[SIDES] = { NULL };
	git_merge_file_input in[SIDES];
	git_merge_file_options opts;
	int i, err;

	err = git_merge_file_options_init(&opts, GIT_MERGE_FILE_OPTIONS_VERSION);
	for (i = 0; i < SIDES; i++)
		git_merge_file_input_init(&in[i], GIT_MERGE_FILE_INPUT_VERSION);
	opts.ancestor_label = "base";
	opts.our_label = "integration";
	opts.their_label = "topic";
	opts.flags = GIT_MERGE_FILE_STYLE_DIFF3;
	for (i = 0; !err && i < SIDES; i++)
		err = read_side(m->repo, &side[i], &blob[i], &in[i], path);
	if (!err && git_merge_file(res, side[BASE].mode ? &in[BASE] : NULL,
				   &in[OURS], &in[THEIRS], &opts))
		err = hw_git_error("%s", path);
	for (i = 0; i < SIDES; i++)
		git_blob_free(blob[i]);
	return err;
}

static void fill_conflict(struct conflict *c, const char *path,
			  const struct entry side[SIDES],
			  const git_merge_file_result *res)
{
	c->path = xstrdup(path);
	c->base = side[BASE].id;
	c->ours = side[OURS].id;
	c->theirs = side[THEIRS].id;
	if (res && res->ptr) {
		c->merged = xstrndup(res->ptr, res->len);
		c->merged_len = res->len;
	}
}

/* Both sides changed the file @path, in different ways. */
static int merge_files(struct merge *m, const char *path,
		       const struct entry side[SIDES], struct entry *out)
{
	git_merge_file_result res = { 0 };
	struct conflict c = { 0 };
	int r;

	out->mode = side[BASE].mode == side[OURS].mode ? side[THEIRS].mode :
							  side[OURS].mode;
	r = merge_text(m, path, side, &res);
	if (r)
		return r;
	if (res.automergeable) {
		r = git_blob_create_from_buffer(&out->id, m->repo, res.ptr,
						res.len);
		git_merge_file_result_free(&res);
		return r ? hw_git_error("cannot write an object") : 0;
	}
	fill_conflict(&c, path, side, &res);
	git_merge_file_result_free(&res);
	r = m->memory ? resolutions_apply(m->repo, m->memory, &c, &out->id) : 1;
	if (r == 1) {
		*xpush(m->conflicts->c, m->conflicts->n) = c;
		out->id = side[OURS].id;
		return 0;
	}
	conflict_free(&c);
	return r;
}

static int merge_entry(struct merge *m, const char *path,
		       const struct entry side[SIDES], struct entry *out)
{
	bool trees = true, files = true, empty = true;
	int i, r;

	if (same(&side[OURS], &side[THEIRS]) ||
	    same(&side[BASE], &side[THEIRS])) {
		*out = side[OURS];
		return 0;
	}
	if (same(&side[BASE], &side[OURS])) {
		*out = side[THEIRS];
		return 0;
	}
	for (i = 0; i < SIDES; i++) {
		trees &= !side[i].mode || side[i].mode == GIT_FILEMODE_TREE;
		files &= is_file(&side[i]) || (i == BASE && !side[i].mode);
	}
	if (files)
		return merge_files(m, path, side, out);
	if (!trees) {
		/* One side removed or retyped what the other changed. */
		fill_conflict(xpush(m->conflicts->c, m->conflicts->n), path,
			      side, NULL);
		*out = side[OURS];
		return 0;
	}
	r = merge_level(m, path, side, &out->id, &empty);
	out->mode = empty ? 0 : GIT_FILEMODE_TREE;
	return r;
}

static void add_names(struct strlist *names, git_tree *tree)
{
	const git_tree_entry *e;
	size_t i;

	for (i = 0; tree && i < git_tree_entrycount(tree); i++) {
		e = git_tree_entry_byindex(tree, i);
		strlist_add(names, git_tree_entry_name(e));
	}
}

static int merge_name(struct merge *m, const char *prefix, const char *name,
		      git_tree *tree[SIDES], git_treebuilder *tb)
{
	char *path = xasprintf("%s%s%s", prefix, *prefix ? "/" : "", name);
	struct entry side[SIDES], out = { 0 };
	int i, r;

	for (i = 0; i < SIDES; i++)
		side[i] = entry_of(tree[i], name);
	r = merge_entry(m, path, side, &out);
	if (!r && out.mode &&
	    git_treebuilder_insert(NULL, tb, name, &out.id, out.mode))
		r = hw_git_error("%s", path);
	free(path);
	return r;
}

static int merge_level(struct merge *m, const char *prefix,
		       const struct entry side[SIDES], git_oid *out, bool *empty)
{
	git_tree *tree[SIDES] = { NULL };
	struct strlist names = { 0 };
	git_treebuilder *tb = NULL;
	int i, r = 0;
	size_t n;

	for (i = 0; i < SIDES; i++) {
		if (side[i].mode &&
		    git_tree_lookup(&tree[i], m->repo, &side[i].id)) {
			r = hw_git_error("%s", prefix);
			goto out;
		}
		add_names(&names, tree[i]);
	}
	strlist_sort(&names);
	if (git_treebuilder_new(&tb, m->repo, NULL)) {
		r = hw_git_error("%s", prefix);
		goto out;
	}
	for (n = 0; !r && n < names.n; n++)
		if (!n || strcmp(names.v[n - 1], names.v[n]))
			r = merge_name(m, prefix, names.v[n], tree, tb);
	*empty = !git_treebuilder_entrycount(tb);
	if (!r && git_treebuilder_write(out, tb))
		r = hw_git_error("cannot write a tree");
out:
	git_treebuilder_free(tb);
	for (i = 0; i < SIDES; i++)
		git_tree_free(tree[i]);
	strlist_free(&names);
	return r;
}

int merge_trees(git_repository *repo, const git_oid *base, const git_oid *ours,
		const git_oid *theirs, struct resolutions *memory, git_oid *out,
		struct conflicts *conflicts)
{
	struct merge m = { repo, memory, conflicts };
	struct entry side[SIDES] = {
		[BASE] = { *base, GIT_FILEMODE_TREE },
		[OURS] = { *ours, GIT_FILEMODE_TREE },
		[THEIRS] = { *theirs, GIT_FILEMODE_TREE },
	};
	struct entry result = { 0 };
	size_t before = conflicts->n;
	int r = merge_entry(&m, "", side, &result);

	if (r)
		return r;
	*out = result.id;
	return conflicts->n > before;
}

void conflicts_free(struct conflicts *cs)
{
	size_t i;

	for (i = 0; i < cs->n; i++)
		conflict_free(&cs->c[i]);
	free(cs->c);
	memset(cs, 0, sizeof(*cs));
}
