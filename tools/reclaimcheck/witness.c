// SPDX-License-Identifier: GPL-2.0-only
/* Why: the chains of events behind a fact. */
#include <stdlib.h>

#include "find.h"

void chain_of_gfp(struct prog *p, uint32_t fn, uint32_t param, struct chain *c)
{
	for (int hops = 0; hops < 64; hops++) {
		const struct fn *f = &p->fn.v[fn];
		const struct gfp_param *g = NULL;

		for (uint32_t i = 0; i < f->gfp.n && !g; i++)
			if (f->gfp.v[i].param == param)
				g = &f->gfp.v[i];
		if (!g)
			return;
		rc_push(&c->step, ((struct step){ fn, g->event, g->target }));
		if (g->target == RC_NONE)
			return;
		fn = p->target.v[g->target].fn;
		param = g->tparam;
	}
}

void chain_of_fact(struct prog *p, uint32_t fn, uint8_t kind, uint8_t depth, struct chain *c)
{
	const struct reason *r = &p->fn.v[fn].bad[kind][depth];

	c->lock = RC_NONE;
	for (int hops = 0; hops < 64; hops++) {
		const struct fn *g;
		const struct sk_event *e;
		bool fact = false;

		if (!r->set)
			return;
		rc_push(&c->step, ((struct step){ fn, r->event, r->target }));
		if (r->target == RC_NONE) {
			c->lock = r->lock;
			return;
		}
		g = &p->fn.v[p->target.v[r->target].fn];
		e = &p->fn.v[fn].sk->event[r->event];
		fact = r->fcase || g->bad[kind][r->depth].set;
		if (kind == FACT_ALLOC)
			for (uint32_t i = 0; i < g->gfp.n; i++) {
				const struct gfp_param *q = &g->gfp.v[i];
				struct gfp flags;

				if (q->param >= e->nargs)
					continue;
				flags = gfp_eval(p, p->fn.v[fn].unit, e->args[q->param]);
				if (!flags.reclaim && !flags.cond)
					continue;
				chain_of_gfp(p, p->target.v[r->target].fn, q->param, c);
				return;
			}
		if (!fact)
			return;
		fn = p->target.v[r->target].fn;
		r = r->fcase ? &g->fcase.v[r->fcase - 1].why : &g->bad[kind][r->depth];
	}
}

/* The more certain first; an allocation before a wait before another lock. */
const struct taint *taint_best(const struct prog *p, uint32_t lock)
{
	const struct lock *l = &p->lock.v[lock];
	const struct taint *best = NULL;

	for (uint32_t i = 0; i < l->taint.n; i++) {
		const struct taint *t = &l->taint.v[i];

		if (!best || t->belief < best->belief ||
		    (t->belief == best->belief && t->kind < best->kind))
			best = t;
	}
	return best;
}

static void value_name(const struct prog *p, uint32_t unit, uint32_t val, char *buf, size_t size)
{
	const struct sk_val *v = prog_val(p, unit, val);
	char tag[128];

	switch (v->kind) {
	case SK_FUNC:
	case SK_GLOBAL:
		plain(p, v->a, buf, size);
		return;
	case SK_FIELD:
		snprintf(buf, size, "%s.%s", plain(p, v->b, tag, sizeof(tag)),
			 rc_str(&p->str, v->c));
		return;
	case SK_LOAD:
		value_name(p, unit, v->a, buf, size);
		return;
	case SK_PARAM:
		snprintf(buf, size, "(argument %u)", v->a + 1);
		return;
	default:
		snprintf(buf, size, "(unknown)");
		return;
	}
}

const char *callee_name(const struct prog *p, uint32_t fn, uint32_t event, char *buf, size_t size)
{
	const struct fn *f = &p->fn.v[fn];

	value_name(p, f->unit, f->sk->event[event].callee, buf, size);
	return buf;
}
