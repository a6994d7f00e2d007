// SPDX-License-Identifier: GPL-2.0-only
/* What goes upstream, and to whom: choosing the changes and sorting them. */
#define _GNU_SOURCE
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "headway.h"
#include "ktree.h"
#include "plan.h"
#include "seriesfile.h"
#include "store.h"
#include "xalloc.h"

static void leave_out(struct plan *p, const struct fork *f, const struct cell *c,
		      char *why)
{
	struct left_out *l = xpush(p->left, p->n_left);

	l->cell = c;
	l->base = f->base;
	l->why = why;
}

static const struct cell *cell_on(const struct fork *f, const struct cell *c)
{
	size_t i, j;

	for (i = 0; i < f->n_branches; i++)
		for (j = 0; j < f->branches[i].n_cells; j++)
			if (f->branches[i].cells[j].change == c->change)
				return &f->branches[i].cells[j];
	return NULL;
}

/* A commit id of 40 digits in what a topic says of a change; NULL: none. */
static char *find_id(const char *why)
{
	while (why && *why) {
		size_t n = strspn(why, "0123456789abcdef");

		if (n == 40 && !isalnum((unsigned char)why[n]))
			return xstrndup(why, n);
		why += n + strcspn(why + n, " \t\n(");
		why += strspn(why, " \t\n(");
	}
	return NULL;
}

/* Mainline's commit of what the newest base has, if the topic names it. */
static char *upstream_id(const struct cell *newest)
{
	const struct origin *o = newest ? &newest->change->origin : NULL;

	if (o && o->kind == ORIGIN_UPSTREAM)
		return xstrdup(o->commit);
	if (newest && newest->state == CELL_UPSTREAM)
		return find_id(newest->why);
	return NULL;
}

/*
 * May @c, carried by the older base of @f, go to stable? What mainline still needs
 * has to be there first, and tests are not for stable. NULL: yes; else the reason,
 * the caller's to free.
 */
static char *not_for_stable(const struct plan *p, const struct fork *f,
			    const struct cell *c)
{
	const struct stable_word *word = stable_on(&c->change->stable, f->base);
	const struct cell *newest = cell_on(&p->forks[0], c);

	if (c->change->kunit.n)
		return xstrdup("tests, stable takes fixes alone");
	if (newest && newest->state == CELL_CARRIED)
		return xasprintf("mainline first, %s needs it too",
				 p->forks[0].base);
	if (newest && newest->state == CELL_FAILS)
		return xasprintf("it fails on %s", p->forks[0].base);
	if (word->kind == STABLE_NO)
		return xasprintf("not for stable: %s", word->why);
	return NULL;
}

static bool same_part(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

static struct outgoing *find_series(struct plan *p, const struct fork *f,
				    const struct topic *t, const struct owner *o,
				    const char *part)
{
	size_t i;

	for (i = 0; i < p->n; i++) {
		struct outgoing *s = &p->s[i];

		if (s->fork != f || s->topic != t || !same_part(s->part, part))
			continue;
		/* What goes into the same tree goes there in one series. */
		if (s->stable || !strcmp(s->entry, o->entry) ||
		    (s->scm && o->scm && !strcmp(s->scm, o->scm)))
			return s;
	}
	return NULL;
}

static void put_into_series(struct plan *p, const struct fork *f, struct piece *piece)
{
	const struct owner *o = piece->owner;
	/* Stable gets one series a topic, whatever mainline gets. */
	const char *part = f == &p->forks[0] ? piece->cell->change->part : NULL;
	struct outgoing *s = find_series(p, f, piece->cell->topic, o, part);

	if (!s) {
		s = xpush(p->s, p->n);
		s->topic = piece->cell->topic;
		s->fork = f;
		s->stable = f != &p->forks[0];
		s->part = part;
		s->entry = xstrdup(o->entry);
		s->scm = o->scm ? xstrdup(o->scm) : NULL;
	}
	*xpush(s->p, s->n) = *piece;
}

/* The changes of one base that are to go upstream, not sorted yet. */
static int choose(struct plan *p, const struct fork *f, struct piece **out,
		  size_t *n)
{
	size_t i, j;
	int err = 0;

	for (i = 0; !err && i < f->n_branches; i++) {
		const struct topic *t = f->branches[i].topic;
		char *no = NULL;

		err = seriesfile_refuses(t, &no);
		for (j = 0; !err && j < f->branches[i].n_cells; j++) {
			const struct cell *c = &f->branches[i].cells[j];
			struct piece *piece;
			char *why = NULL;

			if (c->state != CELL_CARRIED)
				continue;
			if (no)
				why = xstrdup(no);
			else if (f != &p->forks[0])
				why = not_for_stable(p, f, c);
			if (why) {
				leave_out(p, f, c, why);
				continue;
			}
			piece = xpush(*out, *n);
			piece->cell = c;
			if (f != &p->forks[0]) {
				const struct cell *up = cell_on(&p->forks[0], c);

				piece->upstream = upstream_id(up);
			}
			err = piece_read(p->repo, piece);
		}
		free(no);
	}
	return err;
}

/* The entry that owns most of the lines that @piece changes. */
static const struct owner *piece_owner(const struct owners *os,
				       const struct piece *piece)
{
	const struct owner *best = NULL;
	size_t most = 0, i, j;

	for (i = 0; i < piece->n_files; i++) {
		const struct owner *o = owner_of(os, piece->files[i].path);
		size_t lines = 0;

		for (j = 0; j < piece->n_files; j++) {
			const struct owner *other =
				owner_of(os, piece->files[j].path);

			if (!strcmp(o->entry, other->entry))
				lines += piece->files[j].lines + 1;
		}
		if (lines > most) {
			most = lines;
			best = o;
		}
	}
	return best;
}

/* The pieces of each base in @all[], sorted into series. */
static int sort_pieces(struct plan *p, struct piece **all, const size_t *n, int err)
{
	struct strlist files = { 0 };
	size_t i, j, k;

	for (i = 0; i < p->n_forks; i++)
		for (j = 0; j < n[i]; j++)
			for (k = 0; k < all[i][j].n_files; k++)
				strlist_add(&files, all[i][j].files[k].path);
	if (!err)
		err = owners_find(p->scripts, &files, &p->owners);
	strlist_free(&files);
	for (i = 0; i < p->n_forks; i++)
		for (j = 0; j < n[i]; j++) {
			struct piece *piece = &all[i][j];

			if (!err)
				piece->owner = piece_owner(&p->owners, piece);
			if (!err && !piece->owner)
				err = hw_error("change %s: it touches no file",
					       piece->cell->change->name);
			if (err)
				piece_free(piece);
			else
				put_into_series(p, &p->forks[i], piece);
		}
	return err;
}

static int build_forks(struct plan *p, struct resolutions *memory)
{
	struct fork_options fo = { .memory = memory };
	int err = store_bases(p->repo, &p->bases);
	size_t i;

	p->forks = xcalloc(p->bases.n + 1, sizeof(*p->forks));
	for (i = p->bases.n; !err && i-- > 0;)
		err = fork_build(p->repo, p->topics, p->bases.v[i], &fo,
				 &p->forks[p->n_forks++]);
	return err;
}

int plan_make(git_repository *repo, const struct topics *topics,
	      struct resolutions *memory, const char *name, const char *email,
	      struct plan *p)
{
	struct piece **all = NULL;
	size_t *n = NULL, i;
	int err;

	memset(p, 0, sizeof(*p));
	p->repo = repo;
	p->topics = topics;
	p->name = name ? xstrdup(name) : NULL;
	p->email = email ? xstrdup(email) : NULL;
	err = build_forks(p, memory);
	if (!err)
		err = ktree_make(repo, &p->forks[0].base_commit, &p->scripts);
	all = xcalloc(p->n_forks + 1, sizeof(*all));
	n = xcalloc(p->n_forks + 1, sizeof(*n));
	for (i = 0; !err && i < p->n_forks; i++)
		err = choose(p, &p->forks[i], &all[i], &n[i]);
	err = sort_pieces(p, all, n, err);
	for (i = 0; i < p->n_forks; i++)
		free(all[i]);
	free(all);
	free(n);
	if (!err)
		err = plan_cut_all(p);
	if (!err)
		err = plan_name_all(p);
	return err;
}

static void outgoing_free(struct outgoing *s)
{
	size_t i;

	for (i = 0; i < s->n; i++)
		piece_free(&s->p[i]);
	for (i = 0; i < s->n_needs; i++)
		free(s->needs[i].why);
	free(s->p);
	free(s->needs);
	free(s->name);
	free(s->entry);
	free(s->scm);
	free(s->title);
	free(s->cover);
	free(s->change_id);
	free(s->refused);
}

void plan_free(struct plan *p)
{
	size_t i;

	for (i = 0; i < p->n; i++)
		outgoing_free(&p->s[i]);
	for (i = 0; i < p->n_left; i++)
		free(p->left[i].why);
	for (i = 0; i < p->n_forks; i++)
		fork_free(&p->forks[i]);
	free(p->s);
	free(p->left);
	free(p->forks);
	strlist_free(&p->bases);
	free(p->scripts);
	free(p->name);
	free(p->email);
	owners_free(&p->owners);
	memset(p, 0, sizeof(*p));
}

bool plan_named(const struct outgoing *s, const char *name)
{
	/* One that became a part of another has no name. */
	return s->n && (!strcmp(s->name, name) || !strcmp(s->topic->name, name));
}

void plan_need(struct outgoing *s, size_t series, const char *fmt, ...)
{
	struct need *need;
	va_list ap;
	size_t i;

	for (i = 0; i < s->n_needs; i++)
		if (s->needs[i].series == series)
			return;
	need = xpush(s->needs, s->n_needs);
	need->series = series;
	va_start(ap, fmt);
	if (vasprintf(&need->why, fmt, ap) < 0)
		need->why = xstrdup("");
	va_end(ap);
}

static void below(const struct plan *p, const struct outgoing *s, bool *seen,
		  size_t *order, size_t *n)
{
	size_t i;

	for (i = 0; i < s->n_needs; i++) {
		size_t k = s->needs[i].series;

		if (seen[k])
			continue;
		seen[k] = true;
		below(p, &p->s[k], seen, order, n);
		order[(*n)++] = k;
	}
}

size_t plan_below(const struct plan *p, const struct outgoing *s, size_t *order)
{
	bool *seen = xcalloc(p->n, sizeof(*seen));
	size_t n = 0;

	seen[s - p->s] = true;
	below(p, s, seen, order, &n);
	free(seen);
	return n;
}
