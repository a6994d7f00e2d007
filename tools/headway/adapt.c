// SPDX-License-Identifier: GPL-2.0-only
/* Fitting a hunk to a tree that is not ours. */
#define _GNU_SOURCE
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "adapt.h"
#include "locktype.h"
#include "vendorline.h"
#include "xalloc.h"

void adapt_note(struct adapt *a, const char *fmt, ...)
{
	char *line = NULL;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&line, fmt, ap) < 0)
		abort();
	va_end(ap);
	if (!strlist_has(&a->notes, line))
		strlist_add(&a->notes, line);
	free(line);
}

void adapt_free(struct adapt *a)
{
	size_t i;

	for (i = 0; i < a->n_moves; i++) {
		free(a->moves[i].from);
		free(a->moves[i].to);
	}
	free(a->moves);
	strlist_free(&a->notes);
	strlist_free(&a->text);
	free(a->doubt);
	memset(a, 0, sizeof(*a));
}

void adapt_hunk_free(struct hunk *h)
{
	if (!h)
		return;
	free(h->header);
	free(h->pre);
	free(h->post);
	free(h->ops);
	free(h);
}

static bool same_line(const struct line *a, const struct line *b)
{
	return a->n == b->n && !memcmp(a->p, b->p, a->n);
}

static bool is_blank(const struct line *l)
{
	return l->n == 1 && *l->p == '\n';
}

/* Without the blanks around it, for notes. */
static struct line trimmed(const struct line *l)
{
	struct line t = *l;

	while (t.n && strchr(" \t", *t.p)) {
		t.p++;
		t.n--;
	}
	while (t.n && strchr(" \t\r\n", t.p[t.n - 1]))
		t.n--;
	return t;
}

/* Lines at @pos that a vendor put there, with the empty line that came along. */
static size_t gap_at(const struct image *im, size_t pos, const struct line *want)
{
	size_t n = 0, more;

	while ((more = vendorline_at(im, pos + n)))
		n += more;
	if (n && pos + n < im->n && is_blank(&im->l[pos + n]) && !is_blank(want))
		n++;
	return n;
}

/*
 * Does @h match at @pos? gaps[i] is how many lines are passed over before line i
 * of its pre side. The number of lines that it takes in @im, or 0.
 */
static size_t match_at(const struct image *im, const struct hunk *h, size_t pos,
		       size_t *gaps)
{
	size_t at = pos, i;

	for (i = 0; i < h->n_pre; i++) {
		const struct line *want = &h->pre[i];

		gaps[i] = 0;
		if (i && at < im->n && !same_line(&im->l[at], want)) {
			gaps[i] = gap_at(im, at, want);
			at += gaps[i];
		}
		if (at >= im->n || im->patched[at] ||
		    (!same_line(&im->l[at], want) &&
		     !locktype_same(&im->l[at], want)))
			return 0;
		at++;
	}
	if (!h->trail && at != im->n)
		return 0;
	return at - pos;
}

/* The one place where @h matches; im->n if there is none or more than one. */
static size_t find_one(const struct image *im, const struct hunk *h, size_t *gaps)
{
	size_t pos, found = im->n, last = h->old_start <= 1 ? 1 : im->n;

	for (pos = 0; pos < last && pos < im->n; pos++) {
		if (!match_at(im, h, pos, gaps))
			continue;
		if (found != im->n)
			return im->n;
		found = pos;
	}
	if (found != im->n)
		match_at(im, h, found, gaps);
	return found;
}

/* What was removed around a hook: nobody here knows whether the hook may stay. */
static bool gap_in_removed(const struct hunk *h, const size_t *gaps)
{
	size_t i, pre = 0;
	char before = 0;

	for (i = 0; i < h->n_ops; i++) {
		if (h->ops[i] == '+')
			continue;
		if (gaps[pre] && before == '-' && h->ops[i] == '-')
			return true;
		before = h->ops[i];
		pre++;
	}
	return false;
}

static void note_line(struct adapt *a, const char *path, size_t line,
		      const struct line *there, const struct line *want)
{
	struct line t = trimmed(there), w = want ? trimmed(want) : t;

	if (want)
		adapt_note(a, "%s:%zu: \"%.*s\" stands for \"%.*s\"", path, line,
			   (int)t.n, t.p, (int)w.n, w.p);
	else if (t.n)
		adapt_note(a, "%s:%zu: passed over \"%.*s\"", path, line,
			   (int)t.n, t.p);
}

static void push(struct hunk *h, char op, const struct line *l)
{
	if (op != '+')
		*xpush(h->pre, h->n_pre) = *l;
	if (op != '-')
		*xpush(h->post, h->n_post) = *l;
	*xpush(h->ops, h->n_ops) = op;
}

/* An added line, with the lock types that @im has. */
static void push_added(struct adapt *a, const struct image *im, const char *path,
		       const struct hunk *h, const struct line *l, struct hunk *out)
{
	char *text = locktype_rewrite(im, h, l, &a->doubt);
	struct line made = *l, t, w;

	if (text) {
		strlist_add(&a->text, text);
		free(text);
		made.p = a->text.v[a->text.n - 1];
		made.n = strlen(made.p);
		t = trimmed(&made);
		w = trimmed(l);
		adapt_note(a, "%s: adds \"%.*s\" for \"%.*s\"", path, (int)t.n,
			   t.p, (int)w.n, w.p);
	}
	push(out, '+', &made);
}

static struct hunk *start_hunk(const struct hunk *h)
{
	struct hunk *out = xcalloc(1, sizeof(*out));

	out->header = xstrdup(h->header);
	out->old_start = h->old_start;
	out->new_start = h->new_start;
	out->trail = h->trail;
	return out;
}

/* Forget the hunk, and the notes that came with it. */
static struct hunk *give_up(struct adapt *a, size_t notes, struct hunk *h)
{
	while (a->notes.n > notes)
		free(a->notes.v[--a->notes.n]);
	adapt_hunk_free(h);
	return NULL;
}

struct hunk *adapt_hunk(struct adapt *a, const struct image *im,
			const struct hunk *h, const char *path)
{
	size_t *gaps = xcalloc(h->n_pre + 1, sizeof(*gaps));
	size_t pos = h->n_pre ? find_one(im, h, gaps) : im->n;
	size_t notes = a->notes.n, i, pre = 0, post = 0;
	struct hunk *out = NULL;

	if (pos == im->n || gap_in_removed(h, gaps))
		goto out;
	out = start_hunk(h);
	for (i = 0; i < h->n_ops; i++) {
		if (h->ops[i] == '+') {
			push_added(a, im, path, h, &h->post[post++], out);
			continue;
		}
		for (; gaps[pre]; gaps[pre]--, pos++) {
			note_line(a, path, pos + 1, &im->l[pos], NULL);
			push(out, ' ', &im->l[pos]);
		}
		if (!same_line(&im->l[pos], &h->pre[pre]))
			note_line(a, path, pos + 1, &im->l[pos], &h->pre[pre]);
		push(out, h->ops[i], &im->l[pos++]);
		pre++;
		post += h->ops[i] == ' ';
	}
	/* Which type a new line wants is not for us to guess. */
	if (a->doubt)
		out = give_up(a, notes, out);
out:
	free(gaps);
	return out;
}

struct hunk *adapt_locks(struct adapt *a, const struct image *im,
			 const struct hunk *h, const char *path)
{
	struct hunk *out = start_hunk(h);
	size_t notes = a->notes.n, i, pre = 0, post = 0;

	for (i = 0; i < h->n_ops; i++) {
		if (h->ops[i] == '+') {
			push_added(a, im, path, h, &h->post[post++], out);
			continue;
		}
		push(out, h->ops[i], &h->pre[pre++]);
		post += h->ops[i] == ' ';
	}
	if (a->notes.n > notes && !a->doubt)
		return out;
	return give_up(a, notes, out);
}
