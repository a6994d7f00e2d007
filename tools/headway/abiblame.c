// SPDX-License-Identifier: GPL-2.0-only
/* Which change a difference of the interface comes from. */
#define _GNU_SOURCE
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "abiblame.h"
#include "headway.h"
#include "patchset.h"
#include "xalloc.h"

/* Lines of a text, counted from 1; 0, 0: none. */
struct range {
	size_t first, last;
};

static bool in_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/*
 * Does the line declare or export @name? Such lines begin at the margin; those
 * that use it do not; comments and strings do not count.
 */
static bool declares(const char *p, size_t n, const char *name)
{
	const char *start = p, *end = p + n;
	size_t len = strlen(name);

	if (!n || !in_word(*p))
		return false;
	while ((p = memmem(p, end - p, name, len))) {
		if (memchr(start, '"', p - start))
			return false;
		if ((p == start || !in_word(p[-1])) && (p + len == end || !in_word(p[len])))
			return true;
		p += len;
	}
	return false;
}

/* Where @text defines @what ("struct foo {" to the brace that closes it). */
static struct range find_body(const char *text, const char *what)
{
	char *head = xasprintf("%s {", what);
	const char *at = strstr(text, head), *p;
	struct range r = { 0, 0 };
	int depth = 0;

	free(head);
	if (!at)
		return r;
	r.first = 1;
	for (p = text; p < at; p++)
		r.first += *p == '\n';
	r.last = r.first;
	for (p = at; *p; p++) {
		r.last += *p == '\n';
		depth += (*p == '{') - (*p == '}');
		if (*p == '}' && !depth)
			break;
	}
	return r;
}

static struct range body_in(git_repository *repo, const git_oid *id,
			    const char *what)
{
	struct range r = { 0, 0 };
	git_blob *blob = NULL;
	char *text;

	if (git_oid_is_zero(id) || git_blob_lookup(&blob, repo, id))
		return r;
	text = xstrndup(git_blob_rawcontent(blob), git_blob_rawsize(blob));
	r = find_body(text, what);
	free(text);
	git_blob_free(blob);
	return r;
}

static bool within(const struct range *r, int line)
{
	return line > 0 && (size_t)line >= r->first && (size_t)line <= r->last;
}

static bool line_counts(const git_diff_line *l, const struct abi_item *it,
			const struct range *old, const struct range *new)
{
	if (abi_is_type(it))
		return within(new, l->new_lineno) || within(old, l->old_lineno);
	return declares(l->content, l->content_len, it->name);
}

/* Does the patch of one file touch the definition? */
static bool touches(git_repository *repo, git_patch *p, const struct abi_item *it)
{
	const git_diff_delta *d = git_patch_get_delta(p);
	struct range old = { 0, 0 }, new = { 0, 0 };
	const git_diff_line *l;
	size_t h, i, n;

	if (abi_is_type(it)) {
		old = body_in(repo, &d->old_file.id, it->what);
		new = body_in(repo, &d->new_file.id, it->what);
	}
	for (h = 0; h < git_patch_num_hunks(p); h++) {
		n = git_patch_num_lines_in_hunk(p, h);
		for (i = 0; i < n; i++) {
			if (git_patch_get_line_in_hunk(&l, p, h, i) ||
			    (l->origin != '+' && l->origin != '-'))
				continue;
			if (line_counts(l, it, &old, &new))
				return true;
		}
	}
	return false;
}

/* 1 if commit @id touches the definition of @it, 0 if not, -1 after a message. */
static int blame_commit(git_repository *repo, const git_oid *id,
			const struct abi_item *it)
{
	git_diff *diff = NULL;
	git_patch *p = NULL;
	int r = 0;
	size_t i;

	if (patchset_diff(repo, id, &diff))
		return -1;
	for (i = 0; !r && i < git_diff_num_deltas(diff); i++) {
		if (git_patch_from_diff(&p, diff, i))
			r = hw_git_error("%s", git_oid_tostr_s(id));
		else
			r = touches(repo, p, it);
		git_patch_free(p);
		p = NULL;
	}
	git_diff_free(diff);
	return r;
}

int abi_blame(git_repository *repo, const struct fork *f,
	      const struct abi_item *it, struct strlist *out)
{
	size_t i, j;
	int r = 0;

	for (i = 0; r >= 0 && i < f->n_branches; i++)
		for (j = 0; r >= 0 && j < f->branches[i].n_cells; j++) {
			const struct cell *c = &f->branches[i].cells[j];
			char *name;

			if (c->state != CELL_CARRIED)
				continue;
			r = blame_commit(repo, &c->commit, it);
			if (r != 1)
				continue;
			name = xasprintf("%s/%s", c->topic->name,
					 c->change->name);
			strlist_add(out, name);
			free(name);
		}
	return r < 0 ? r : 0;
}
