// SPDX-License-Identifier: GPL-2.0-only
/*
 * Order, and grouping by dominating edge: when many findings of a root come
 * through one call that leads out of the driver, that call is what to look at.
 */
#include <stdlib.h>

#include "find.h"

struct order {
	const struct prog *p;
	const struct findings *fs;
};

/* run_job before runtime_resume before signalling sections. */
static const char *why(const struct findings *fs, const struct finding *f)
{
	return f->root == RC_NONE ? "" : fs->root.v[f->root].why;
}

static int by_place(const void *a, const void *b, void *arg)
{
	const struct prog *p = ((const struct order *)arg)->p;
	const struct findings *fs = ((const struct order *)arg)->fs;
	const struct finding *x = a, *y = b;
	const struct step *sx = &x->path.v[x->path.n - 1], *sy = &y->path.v[y->path.n - 1];
	int c;

	if (x->tier != y->tier)
		return x->tier < y->tier ? -1 : 1;
	if (x->score != y->score)
		return x->score > y->score ? -1 : 1;
	c = strcmp(why(fs, x), why(fs, y));
	if (c)
		return c;
	c = strcmp(fn_file(p, sx->fn), fn_file(p, sy->fn));
	if (c)
		return c;
	if (p->fn.v[sx->fn].sk->event[sx->event].line != p->fn.v[sy->fn].sk->event[sy->event].line)
		return p->fn.v[sx->fn].sk->event[sx->event].line <
		       p->fn.v[sy->fn].sk->event[sy->event].line ? -1 : 1;
	c = strcmp(x->key, y->key);
	if (c)
		return c;
	return x->path.n < y->path.n ? -1 : x->path.n > y->path.n;
}

static bool leaves_driver(const struct prog *p, const struct finding *f, uint32_t i)
{
	return !same_driver(fn_file(p, f->path.v[i].fn), fn_file(p, f->path.v[i + 1].fn)) &&
	       same_driver(fn_file(p, f->path.v[0].fn), fn_file(p, f->path.v[i].fn));
}

static uint64_t step_key(const struct finding *f, uint32_t i)
{
	uint64_t k[3] = { f->root, (uint64_t)f->path.v[i].fn << 32 | f->path.v[i].event,
			  (uint64_t)f->path.v[i + 1].fn << 8 | f->tier };

	return rc_hash(k, sizeof(k)) | 1;
}

static uint64_t site_key(const struct finding *f)
{
	const struct step *last = &f->path.v[f->path.n - 1];
	uint64_t k[3] = { (uint64_t)last->fn << 32 | last->event, f->kind, f->tier };

	return rc_hash(k, sizeof(k)) | 1;
}

static uint32_t head_of(const struct findings *fs, uint32_t i)
{
	while (fs->v.v[i].group != RC_NONE)
		i = fs->v.v[i].group;
	return i;
}

/* The same place, reached from the roots of several drivers. */
static void join_sites(struct findings *fs)
{
	struct rc_map first = {};

	for (uint32_t i = 0; i < fs->v.n; i++) {
		uint64_t key = site_key(&fs->v.v[i]);
		uint32_t head = rc_map_get(&first, key), a, b;

		if (head == RC_NONE) {
			rc_map_put(&first, key, i);
			continue;
		}
		a = head_of(fs, i);
		b = head_of(fs, head);
		if (a > b)
			fs->v.v[a].group = b;
		else if (b > a)
			fs->v.v[b].group = a;
	}
	/* Everybody points to the head itself. */
	for (uint32_t i = 0; i < fs->v.n; i++)
		if (fs->v.v[i].group != RC_NONE)
			fs->v.v[i].group = head_of(fs, i);
	rc_map_free(&first);
}

/*
 * The edge of a finding: the last call on its path that leads out of the root's
 * driver. All paths of the search tree below that edge share it, so within what
 * the root reaches it dominates them.
 */
void findings_group(struct prog *p, struct findings *fs)
{
	struct order order = { p, fs };
	struct rc_map first = {};

	if (fs->v.n)
		qsort_r(fs->v.v, fs->v.n, sizeof(*fs->v.v), by_place, &order);
	for (uint32_t i = 0; i < fs->v.n; i++) {
		struct finding *f = &fs->v.v[i];
		uint32_t k, head;
		uint64_t key;
		char *s;

		if (f->root == RC_NONE)
			continue;
		for (k = f->path.n - 1; k-- > 0;)
			if (leaves_driver(p, f, k))
				break;
		if (k == RC_NONE)
			continue;
		s = rc_printf("%s -> %s", fn_name(p, f->path.v[k].fn),
			      fn_name(p, f->path.v[k + 1].fn));
		f->edge = rc_arena_str(s, strlen(s));
		free(s);
		key = step_key(f, k);
		head = rc_map_get(&first, key);
		if (head == RC_NONE)
			rc_map_put(&first, key, i);
		else
			f->group = head;
	}
	rc_map_free(&first);
	join_sites(fs);
}
