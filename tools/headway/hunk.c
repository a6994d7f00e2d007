// SPDX-License-Identifier: GPL-2.0-only
/* Hunks and the text that they apply to. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hunk.h"
#include "xalloc.h"

struct side {
	const struct line *pre, *post;
	size_t n_pre, n_post;
	size_t old_start, new_start;
};

static struct side side_of(const struct hunk *h, bool reverse)
{
	struct side s = { h->pre, h->post, h->n_pre, h->n_post,
			  h->old_start, h->new_start };
	struct side r = { h->post, h->pre, h->n_post, h->n_pre,
			  h->new_start, h->old_start };

	return reverse ? r : s;
}

void image_init(struct image *im, const char *text, size_t len)
{
	const char *end = text + len;

	memset(im, 0, sizeof(*im));
	while (text < end) {
		const char *nl = memchr(text, '\n', end - text);
		struct line *l = xpush(im->l, im->n);

		l->p = text;
		l->n = (nl ? nl + 1 : end) - text;
		text += l->n;
	}
	im->patched = xcalloc(im->n, sizeof(*im->patched));
}

void image_free(struct image *im)
{
	free(im->l);
	free(im->patched);
	memset(im, 0, sizeof(*im));
}

char *image_text(const struct image *im, size_t *len)
{
	size_t i, total = 0;
	char *text, *p;

	for (i = 0; i < im->n; i++)
		total += im->l[i].n;
	text = xcalloc(1, total + 1);
	p = text;
	for (i = 0; i < im->n; i++) {
		memcpy(p, im->l[i].p, im->l[i].n);
		p += im->l[i].n;
	}
	*len = total;
	return text;
}

static bool same_line(const struct line *a, const struct line *b)
{
	return a->n == b->n && !memcmp(a->p, b->p, a->n);
}

static bool matches_at(const struct image *im, const struct side *s, size_t pos)
{
	size_t i;

	if (pos + s->n_pre > im->n)
		return false;
	for (i = 0; i < s->n_pre; i++)
		if (im->patched[pos + i] ||
		    !same_line(&im->l[pos + i], &s->pre[i]))
			return false;
	return true;
}

/*
 * The place nearest to @want where all of @s matches, the later one of two that
 * are equally near; im->n + 1 if there is none.
 */
static size_t find_place(const struct image *im, const struct side *s,
			 size_t want)
{
	size_t d;

	for (d = 0; d <= im->n; d++) {
		if (want + d <= im->n && matches_at(im, s, want + d))
			return want + d;
		if (d && d <= want && matches_at(im, s, want - d))
			return want - d;
	}
	return im->n + 1;
}

static void replace_lines(struct image *im, size_t pos, const struct side *s)
{
	size_t tail = im->n - pos - s->n_pre;
	size_t n = im->n - s->n_pre + s->n_post;
	struct line *l = xcalloc(n, sizeof(*l));
	bool *patched = xcalloc(n, sizeof(*patched));
	size_t i;

	if (pos) {
		memcpy(l, im->l, pos * sizeof(*l));
		memcpy(patched, im->patched, pos * sizeof(*patched));
	}
	for (i = 0; i < s->n_post; i++) {
		l[pos + i] = s->post[i];
		patched[pos + i] = true;
	}
	if (tail) {
		memcpy(l + pos + s->n_post, im->l + pos + s->n_pre,
		       tail * sizeof(*l));
		memcpy(patched + pos + s->n_post, im->patched + pos + s->n_pre,
		       tail * sizeof(*patched));
	}
	image_free(im);
	im->l = l;
	im->patched = patched;
	im->n = n;
}

bool hunk_apply(struct image *im, const struct hunk *h, bool reverse,
		long *offset)
{
	struct side s = side_of(h, reverse);
	bool at_start = s.old_start <= 1;
	bool at_end = !h->trail;
	size_t want = s.new_start ? s.new_start - 1 : 0;
	size_t pos;

	if (s.n_pre > im->n)
		return false;
	if (want > im->n)
		want = im->n;
	if (at_start || at_end) {
		/* Less context than usual means the file's start or end. */
		pos = at_start ? 0 : im->n - s.n_pre;
		if (at_end && pos + s.n_pre != im->n)
			return false;
		if (!matches_at(im, &s, pos))
			return false;
	} else {
		pos = find_place(im, &s, want);
		if (pos > im->n)
			return false;
	}
	*offset = (long)pos - (long)want;
	replace_lines(im, pos, &s);
	return true;
}

static size_t matching_lines(const struct image *im, const struct side *s,
			     size_t pos)
{
	size_t i, hits = 0;

	for (i = 0; i < s->n_pre && pos + i < im->n; i++)
		hits += same_line(&im->l[pos + i], &s->pre[i]);
	return hits;
}

static void print_line(FILE *f, char mark, const struct line *l)
{
	size_t n = l->n;

	while (n && (l->p[n - 1] == '\n' || l->p[n - 1] == '\r'))
		n--;
	fprintf(f, "    %c %.*s\n", mark, (int)n, l->p);
}

char *hunk_explain(const struct image *im, const struct hunk *h, bool reverse)
{
	struct side s = side_of(h, reverse);
	size_t pos, best = 0, best_hits = 0, i, hits;
	char *out = NULL;
	size_t len;
	FILE *f = open_memstream(&out, &len);

	if (!f)
		return xstrdup("");
	for (pos = 0; pos < im->n; pos++) {
		hits = matching_lines(im, &s, pos);
		if (hits > best_hits) {
			best_hits = hits;
			best = pos;
		}
	}
	if (best_hits * 3 < s.n_pre || !best_hits) {
		fprintf(f, "    the file has nothing like it (%zu of %zu lines found together at best)\n",
			best_hits, s.n_pre);
	} else {
		fprintf(f, "    nearest at line %zu, %zu of %zu lines match ('-' wanted, '+' there):\n",
			best + 1, best_hits, s.n_pre);
		for (i = 0; i < s.n_pre; i++) {
			bool there = best + i < im->n;

			if (there && same_line(&im->l[best + i], &s.pre[i])) {
				print_line(f, ' ', &s.pre[i]);
				continue;
			}
			print_line(f, '-', &s.pre[i]);
			if (there)
				print_line(f, '+', &im->l[best + i]);
		}
	}
	fclose(f);
	return out;
}
