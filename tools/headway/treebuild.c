// SPDX-License-Identifier: GPL-2.0-only
/*
 * Nested trees: every path component is a node, found by (folder, name) in one
 * hash table; the nodes of a folder are sorted when its tree is written.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hash.h"
#include "treebuild.h"
#include "xalloc.h"

/* Hard links share one. */
struct content {
	git_oid id;
	git_filemode_t mode;
	struct content *next;	/* all of them, to be freed */
};

struct node {
	struct node *parent;
	struct node *chain;	/* next in the hash bucket */
	struct content *content;	/* NULL: a folder */
	struct node **children;
	size_t n_children;
	git_oid id;		/* of a folder's tree, once written */
	size_t len;
	char name[];
};

struct treebuild {
	struct node *root;
	struct node **buckets;
	size_t n_buckets;	/* a power of two */
	size_t n_nodes;
	struct content *contents;
};

static uint64_t hash_name(const struct node *parent, const char *name, size_t len)
{
	uint64_t h = 0xcbf29ce484222325u ^ (uintptr_t)parent;

	for (size_t i = 0; i < len; i++)
		h = (h ^ (unsigned char)name[i]) * 0x100000001b3u;
	return h ^ (h >> 32);
}

static struct node **bucket(const struct treebuild *tb, const struct node *parent,
			    const char *name, size_t len)
{
	return &tb->buckets[hash_name(parent, name, len) & (tb->n_buckets - 1)];
}

static struct node *find(const struct treebuild *tb, const struct node *parent,
			 const char *name, size_t len)
{
	struct node *n = *bucket(tb, parent, name, len);

	while (n && (n->parent != parent || n->len != len ||
		     memcmp(n->name, name, len)))
		n = n->chain;
	return n;
}

static void grow_buckets(struct treebuild *tb)
{
	struct node **old = tb->buckets;
	size_t n_old = tb->n_buckets;

	if (tb->n_nodes < tb->n_buckets)
		return;
	tb->n_buckets *= 2;
	tb->buckets = xcalloc(tb->n_buckets, sizeof(*tb->buckets));
	for (size_t i = 0; i < n_old; i++) {
		struct node *n = old[i], *next;

		for (; n; n = next) {
			struct node **b = bucket(tb, n->parent, n->name, n->len);

			next = n->chain;
			n->chain = *b;
			*b = n;
		}
	}
	free(old);
}

static struct node *new_node(struct node *parent, const char *name, size_t len)
{
	struct node *n = xcalloc(1, sizeof(*n) + len + 1);

	n->parent = parent;
	n->len = len;
	memcpy(n->name, name, len);
	return n;
}

static struct node *add_child(struct treebuild *tb, struct node *parent,
			      const char *name, size_t len)
{
	struct node *n = new_node(parent, name, len);
	struct node **b;

	*xpush(parent->children, parent->n_children) = n;
	tb->n_nodes++;
	grow_buckets(tb);
	b = bucket(tb, parent, name, len);
	n->chain = *b;
	*b = n;
	return n;
}

struct treebuild *treebuild_new(void)
{
	struct treebuild *tb = xcalloc(1, sizeof(*tb));

	tb->n_buckets = 1024;
	tb->buckets = xcalloc(tb->n_buckets, sizeof(*tb->buckets));
	tb->root = new_node(NULL, "", 0);
	return tb;
}

void treebuild_free(struct treebuild *tb)
{
	struct content *c, *next_content;

	if (!tb)
		return;
	for (size_t i = 0; i < tb->n_buckets; i++) {
		struct node *n = tb->buckets[i], *next;

		for (; n; n = next) {
			next = n->chain;
			free(n->children);
			free(n);
		}
	}
	for (c = tb->contents; c; c = next_content) {
		next_content = c->next;
		free(c);
	}
	free(tb->root->children);
	free(tb->root);
	free(tb->buckets);
	free(tb);
}

/* Each way to use the last component of a path. */
enum at_end {
	FIND,		/* it must be there */
	MAKE_DIR,
	MAKE_FILE,
};

/* Goes down @path, making folders unless @how is FIND; NULL: does not fit. */
static struct node *walk(struct treebuild *tb, const char *path, enum at_end how)
{
	struct node *dir = tb->root, *n;

	for (;;) {
		size_t len = strcspn(path, "/");
		int last = !path[len];

		n = find(tb, dir, path, len);
		/* A folder that is only implied so far has no children yet. */
		if (!n && how == FIND)
			return NULL;
		if (!n) {
			n = add_child(tb, dir, path, len);
			if (last)
				return n;
		} else if (last) {
			/* A file over a file is fine, all else is not. */
			if (how == MAKE_FILE && !n->content)
				return NULL;
			if (how == MAKE_DIR && n->content)
				return NULL;
			return n;
		}
		if (n->content)
			return NULL;
		dir = n;
		path += len + 1;
	}
}

git_oid *treebuild_add(struct treebuild *tb, const char *path,
		       git_filemode_t mode)
{
	struct node *n = walk(tb, path, MAKE_FILE);

	if (!n)
		return NULL;
	/* Not into the old content: a hard link may share that. */
	n->content = xcalloc(1, sizeof(*n->content));
	n->content->mode = mode;
	n->content->next = tb->contents;
	tb->contents = n->content;
	return &n->content->id;
}

int treebuild_link(struct treebuild *tb, const char *path, const char *target)
{
	struct node *to = walk(tb, target, FIND);
	struct node *n;

	if (!to || !to->content)
		return -1;
	n = walk(tb, path, MAKE_FILE);
	if (!n)
		return -1;
	n->content = to->content;
	return 0;
}

int treebuild_dir(struct treebuild *tb, const char *path)
{
	return walk(tb, path, MAKE_DIR) ? 0 : -1;
}

/* git sorts a folder as if its name ended in a slash. */
static int compare_nodes(const void *a, const void *b)
{
	const struct node *x = *(const struct node *const *)a;
	const struct node *y = *(const struct node *const *)b;
	size_t len = x->len < y->len ? x->len : y->len;
	int diff = memcmp(x->name, y->name, len);
	unsigned char cx, cy;

	if (diff)
		return diff;
	cx = x->len > len ? x->name[len] : x->content ? 0 : '/';
	cy = y->len > len ? y->name[len] : y->content ? 0 : '/';
	return (cx > cy) - (cx < cy);
}

static size_t put_entry(char *p, const struct node *n)
{
	unsigned int mode = n->content ? n->content->mode : GIT_FILEMODE_TREE;
	const git_oid *id = n->content ? &n->content->id : &n->id;
	size_t len = sprintf(p, "%o ", mode);

	memcpy(p + len, n->name, n->len + 1);
	len += n->len + 1;
	memcpy(p + len, id->id, GIT_OID_RAWSZ);
	return len + GIT_OID_RAWSZ;
}

/*
 * Writes the tree of @dir, its folders first. @empty: nothing is in it, so no
 * tree was written. The depth is bounded: a path has at most PATH_MAX bytes.
 */
static int write_dir(struct node *dir, int *empty, treebuild_emit emit, void *arg)
{
	size_t size = 0, kept = 0, len = 0;
	char *data;
	int ret;

	for (size_t i = 0; i < dir->n_children; i++) {
		struct node *n = dir->children[i];
		int nothing = 0;

		if (!n->content) {
			ret = write_dir(n, &nothing, emit, arg);
			if (ret)
				return ret;
		}
		if (nothing)
			continue;	/* the hash table frees it */
		dir->children[kept++] = n;
		size += n->len + GIT_OID_RAWSZ + 16;
	}
	dir->n_children = kept;
	*empty = !kept;
	if (!kept && dir->parent)
		return 0;

	if (kept)
		qsort(dir->children, kept, sizeof(*dir->children), compare_nodes);
	data = xcalloc(1, size + 1);
	for (size_t i = 0; i < kept; i++)
		len += put_entry(data + len, dir->children[i]);
	hash_object(&dir->id, GIT_OBJECT_TREE, data, len);
	ret = emit(arg, &dir->id, data, len);
	free(data);
	return ret;
}

int treebuild_write(struct treebuild *tb, git_oid *root, treebuild_emit emit,
		    void *arg)
{
	int empty;
	int ret = write_dir(tb->root, &empty, emit, arg);

	git_oid_cpy(root, &tb->root->id);
	return ret;
}
