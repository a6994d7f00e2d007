// SPDX-License-Identifier: GPL-2.0-only
/* Files that a tree has in another place. */
#include <stdlib.h>
#include <string.h>

#include "adapt.h"
#include "headway.h"
#include "patch.h"
#include "xalloc.h"

struct search {
	git_repository *repo;
	const struct file_patch *f;
	const char *name;
	struct strlist hits;
};

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static int look(const char *root, const git_tree_entry *e, void *arg)
{
	struct search *s = arg;
	char *path;

	if (git_tree_entry_type(e) != GIT_OBJECT_BLOB ||
	    strcmp(git_tree_entry_name(e), s->name))
		return 0;
	if (!file_patch_fits(s->repo, git_tree_entry_id(e), s->f))
		return 0;
	path = xasprintf("%s%s", root, git_tree_entry_name(e));
	strlist_add(&s->hits, path);
	free(path);
	return 0;
}

static size_t folder_length(const char *path)
{
	return base_name(path) - path;
}

static bool same_folder(const char *a, const char *b)
{
	size_t n = folder_length(a);

	return n == folder_length(b) && !strncmp(a, b, n);
}

static bool is_there(git_tree *tree, const char *path)
{
	git_tree_entry *e = NULL;
	bool there = !git_tree_entry_bypath(&e, tree, path);

	git_tree_entry_free(e);
	return there;
}

static const char *known_move(const struct adapt *a, const char *path)
{
	size_t i;

	for (i = 0; i < a->n_moves; i++)
		if (!strcmp(a->moves[i].from, path))
			return a->moves[i].to;
	return NULL;
}

static const char *remember(struct adapt *a, const char *from, const char *to)
{
	struct moved *m = xpush(a->moves, a->n_moves);

	m->from = xstrdup(from);
	m->to = xstrdup(to);
	return m->to;
}

char *adapt_new_path(const struct adapt *a, git_tree *tree, const char *path)
{
	char *dir = xstrndup(path, folder_length(path) ?
			     folder_length(path) - 1 : 0);
	bool stays = !*dir || is_there(tree, dir);
	size_t i;

	free(dir);
	for (i = 0; !stays && i < a->n_moves; i++) {
		const struct moved *m = &a->moves[i];

		if (same_folder(m->from, path))
			return xasprintf("%.*s%s", (int)folder_length(m->to),
					 m->to, base_name(path));
	}
	return NULL;
}

const char *adapt_moved(struct adapt *a, git_repository *repo, git_tree *tree,
			const struct file_patch *f, const char *path, char **why)
{
	struct search s = { .repo = repo, .f = f, .name = base_name(path) };
	const char *to = known_move(a, path);
	char *beside;

	*why = NULL;
	if (to && is_there(tree, to))
		goto out;
	/* Where others of its folder went, it may have gone, too. */
	beside = adapt_new_path(a, tree, path);
	if (beside && is_there(tree, beside))
		to = remember(a, path, beside);
	free(beside);
	if (to)
		goto out;
	git_tree_walk(tree, GIT_TREEWALK_PRE, look, &s);
	if (s.hits.n == 1)
		to = remember(a, path, s.hits.v[0]);
	else if (s.hits.n)
		*why = xasprintf("the file is not there, and the patch fits both %s and %s",
				 s.hits.v[0], s.hits.v[1]);
out:
	strlist_free(&s.hits);
	if (to)
		adapt_note(a, "%s is %s here", path, to);
	return to;
}
