// SPDX-License-Identifier: GPL-2.0-only
/* One commit that is to go upstream: what it touches. */
#include <stdlib.h>
#include <string.h>

#include "headway.h"
#include "mail.h"
#include "plan.h"
#include "xalloc.h"

static int diff_of(git_repository *repo, git_commit *c, git_diff **out)
{
	git_commit *parent = NULL;
	git_tree *a = NULL, *b = NULL;
	int err;

	*out = NULL;
	err = git_commit_parent(&parent, c, 0);
	if (!err)
		err = git_commit_tree(&a, parent);
	if (!err)
		err = git_commit_tree(&b, c);
	if (!err)
		err = git_diff_tree_to_tree(out, repo, a, b, NULL);
	git_tree_free(a);
	git_tree_free(b);
	git_commit_free(parent);
	return err;
}

static int count_lines(git_diff *diff, size_t i, struct touched *t)
{
	git_patch *patch = NULL;
	size_t added, removed;
	int err;

	err = git_patch_from_diff(&patch, diff, i);
	if (!err && patch)
		err = git_patch_line_stats(NULL, &added, &removed, patch);
	if (!err && patch)
		t->lines = added + removed;
	git_patch_free(patch);
	return err;
}

/* The lines of @patch that begin with '+', without it. */
static char *added_lines(const char *patch)
{
	char *out = xcalloc(1, strlen(patch) + 1), *to = out;

	while (*patch) {
		size_t n = strcspn(patch, "\n") + 1;

		if (!patch[n - 1])
			n--;
		if (*patch == '+' && strncmp(patch, "+++ ", 4)) {
			memcpy(to, patch + 1, n - 1);
			to += n - 1;
		}
		patch += n;
	}
	*to = '\0';
	return out;
}

int piece_read(git_repository *repo, struct piece *p)
{
	git_commit *c = NULL;
	git_diff *diff = NULL;
	git_buf buf = { 0 };
	size_t i;
	int err;

	err = git_commit_lookup(&c, repo, &p->cell->commit);
	if (!err)
		err = diff_of(repo, c, &diff);
	for (i = 0; !err && i < git_diff_num_deltas(diff); i++) {
		struct touched *t = xpush(p->files, p->n_files);

		t->path = xstrdup(git_diff_get_delta(diff, i)->new_file.path);
		err = count_lines(diff, i, t);
	}
	if (!err)
		err = git_diff_to_buf(&buf, diff, GIT_DIFF_FORMAT_PATCH);
	if (!err) {
		p->added = added_lines(buf.ptr);
		p->subject = message_subject(git_commit_message(c));
	}
	git_buf_dispose(&buf);
	git_diff_free(diff);
	git_commit_free(c);
	return err ? hw_git_error("change %s", p->cell->change->name) : 0;
}

void piece_free(struct piece *p)
{
	size_t i;

	for (i = 0; i < p->n_files; i++)
		free(p->files[i].path);
	free(p->files);
	free(p->added);
	free(p->upstream);
	free(p->subject);
}
