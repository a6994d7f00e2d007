// SPDX-License-Identifier: GPL-2.0-only
/*
 * The visits of a search: the cheapest first, each with what the path to it says
 * of its arguments.
 */

#include <stdlib.h>

#include "search.h"

static double cost_of(const struct search *s, uint32_t i)
{
	return s->v.v[s->heap.v[i]].cost;
}

static bool before(const struct search *s, uint32_t a, uint32_t b)
{
	if (cost_of(s, a) != cost_of(s, b))
		return cost_of(s, a) < cost_of(s, b);
	return s->heap.v[a] < s->heap.v[b];
}

static void swap(struct search *s, uint32_t a, uint32_t b)
{
	uint32_t t = s->heap.v[a];

	s->heap.v[a] = s->heap.v[b];
	s->heap.v[b] = t;
}

static void heap_push(struct search *s, uint32_t visit)
{
	uint32_t i = s->heap.n;

	rc_push(&s->heap, visit);
	while (i && before(s, i, (i - 1) / 2)) {
		swap(s, i, (i - 1) / 2);
		i = (i - 1) / 2;
	}
}

static uint32_t heap_pop(struct search *s)
{
	uint32_t top = s->heap.v[0], i = 0;

	s->heap.v[0] = s->heap.v[--s->heap.n];
	for (;;) {
		uint32_t l = 2 * i + 1, best = i;

		if (l < s->heap.n && before(s, l, best))
			best = l;
		if (l + 1 < s->heap.n && before(s, l + 1, best))
			best = l + 1;
		if (best == i)
			return top;
		swap(s, i, best);
		i = best;
	}
}

bool search_argument(const struct search *s, uint32_t vi, uint32_t ev, uint8_t kind,
		     uint32_t param, uint32_t *num)
{
	for (;;) {
		const struct visit *v = &s->v.v[vi];
		const struct fn *f = &s->p->fn.v[v->fn];
		const struct sk_event *e = &f->sk->event[ev];
		const struct sk_val *a;

		if (!same_arguments(kind) || param >= e->nargs)
			return false;
		a = prog_val(s->p, f->unit, e->args[param]);
		*num = (uint32_t)a->num;
		if (a->kind == SK_CONST)
			return true;
		if (a->kind != SK_PARAM || v->parent == RC_NONE)
			return false;
		param = a->a;
		ev = v->event;
		kind = s->p->target.v[v->target].kind;
		vi = v->parent;
	}
}

bool search_parameter(const struct search *s, uint32_t vi, uint32_t param, uint32_t *num)
{
	const struct visit *v = &s->v.v[vi];

	return v->parent != RC_NONE &&
	       search_argument(s, v->parent, v->event, s->p->target.v[v->target].kind, param, num);
}

/* Visits of a function with other values are other visits. */
static uint64_t values(const struct search *s, const struct visit *v)
{
	uint64_t tags = s->p->fn.v[v->fn].tags, h = 0;
	uint32_t num;

	if (v->parent == RC_NONE)
		return 0;
	for (uint32_t k = 0; k < 64; k++)
		if (tags >> k & 1 && search_argument(s, v->parent, v->event,
						     s->p->target.v[v->target].kind, k, &num))
			h = h * 31 + num * 64 + k + 1;
	return h & 0xffff;
}

void search_add(struct search *s, struct visit v)
{
	uint64_t key = (values(s, &v) << 48) +
		       ((uint64_t)v.fn << 6 | v.depth << 2 | v.scope << 1 | v.release) + 1;
	uint32_t known = rc_map_get(&s->at, key);

	if (known != RC_NONE) {
		struct visit *old = &s->v.v[known];

		if (old->done || old->cost <= v.cost)
			return;
		old->done = true;	/* its place in the heap is void */
	}
	rc_map_put(&s->at, key, s->v.n);
	rc_push(&s->v, v);
	heap_push(s, s->v.n - 1);
}

uint32_t search_next(struct search *s)
{
	while (s->heap.n) {
		uint32_t vi = heap_pop(s);

		if (s->v.v[vi].done)
			continue;
		s->v.v[vi].done = true;
		return vi;
	}
	return RC_NONE;
}

void search_free(struct search *s)
{
	rc_vec_free(&s->v);
	rc_vec_free(&s->heap);
	rc_map_free(&s->at);
}
