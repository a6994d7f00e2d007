// SPDX-License-Identifier: GPL-2.0-only
/* The other half of a witness: who holds the lock, and what it does meanwhile. */
#include <stdlib.h>

#include "print.h"

static void add(struct side *side, struct step st, char *note)
{
	rc_push(&side->step, st);
	rc_push(&side->note, note);
}

static void add_chain(struct side *side, const struct chain *c)
{
	for (uint32_t i = 0; i < c->step.n; i++)
		add(side, c->step.v[i], NULL);
}

static uint32_t taken_at(const struct prog *p, uint32_t fn, uint32_t lock)
{
	const struct fn *f = &p->fn.v[fn];

	for (uint32_t i = 0; i < f->sk->nevents; i++)
		if (f->call[i].prim && f->call[i].lock == lock &&
		    (f->call[i].prim->op == P_LOCK || f->call[i].prim->op == P_TRYLOCK))
			return i;
	return RC_NONE;
}

static void side_of_lock(struct prog *p, uint32_t lock, const struct taint *t, struct side *side,
			 int hops)
{
	struct chain c = { .lock = RC_NONE };
	char name[256];
	uint32_t at;

	if (!t || hops > 4)
		return;
	lock_name(p, lock, name, sizeof(name));
	at = taken_at(p, t->fn, lock);
	if (at != RC_NONE)
		add(side, (struct step){ t->fn, at, RC_NONE },
		    rc_printf("%s() takes %s", fn_name(p, t->fn), name));
	if (t->target != RC_NONE) {
		uint32_t callee = p->target.v[t->target].fn;
		const struct fn *g = &p->fn.v[callee];
		char text[512];

		step_text(p, &(struct step){ t->fn, t->event, t->target }, text, sizeof(text));
		add(side, (struct step){ t->fn, t->event, t->target },
		    rc_printf("holding %s, %s", name, text));
		if (g->bad[t->kind][t->depth].set)
			chain_of_fact(p, callee, t->kind, t->depth, &c);
		else
			for (uint32_t k = 0; k < g->gfp.n && !c.step.n; k++)
				chain_of_gfp(p, callee, g->gfp.v[k].param, &c);
		add_chain(side, &c);
	} else {
		char text[512];

		step_text(p, &(struct step){ t->fn, t->event, RC_NONE }, text, sizeof(text));
		add(side, (struct step){ t->fn, t->event, RC_NONE },
		    rc_printf("holding %s, %s", name, text));
		c.lock = t->kind == FACT_LOCK ? t->lock : RC_NONE;
	}
	if (t->kind == FACT_LOCK && c.lock != RC_NONE && c.lock != lock)
		side_of_lock(p, c.lock, taint_best(p, c.lock), side, hops + 1);
	rc_vec_free(&c.step);
}

/* The chain below the last step of the path: into the allocator. */
static void side_of_call(struct prog *p, const struct finding *f, struct side *side)
{
	const struct step *last = &f->path.v[f->path.n - 1];
	const struct fn *fn = &p->fn.v[last->fn];
	const struct call *c = &fn->call[last->event];
	const struct sk_event *e = &fn->sk->event[last->event];

	for (uint32_t t = c->first; t < c->first + c->n; t++) {
		uint32_t g = p->target.v[t].fn;
		struct chain ch = { .lock = RC_NONE };

		for (uint32_t i = 0; i < p->fn.v[g].gfp.n && !ch.step.n; i++) {
			uint32_t k = p->fn.v[g].gfp.v[i].param;
			struct gfp flags = {};

			if (k < e->nargs)
				flags = gfp_eval(p, fn->unit, e->args[k]);
			if (flags.reclaim || flags.cond)
				chain_of_gfp(p, g, k, &ch);
		}
		for (uint8_t k = 0; k < FACT_KINDS && !ch.step.n; k++)
			for (uint8_t d = 0; d < FACT_DEPTHS && !ch.step.n; d++)
				if (p->fn.v[g].bad[k][d].set)
					chain_of_fact(p, g, k, d, &ch);
		add_chain(side, &ch);
		if (ch.lock != RC_NONE)
			side_of_lock(p, ch.lock, taint_best(p, ch.lock), side, 0);
		rc_vec_free(&ch.step);
		if (side->step.n)
			return;
	}
}

void finding_side(struct prog *p, const struct finding *f, struct side *side)
{
	if (f->kind == FIND_LOCK)
		side_of_lock(p, f->lock, &p->lock.v[f->lock].taint.v[f->taint], side, 0);
	else if (f->kind != FIND_LEAK)
		side_of_call(p, f, side);
}

void side_free(struct side *side)
{
	for (uint32_t i = 0; i < side->note.n; i++)
		free(side->note.v[i]);
	rc_vec_free(&side->step);
	rc_vec_free(&side->note);
}
