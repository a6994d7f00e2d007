// SPDX-License-Identifier: GPL-2.0-only
/*
 * Within a function: what is held before each event, on which paths, and how
 * much deeper in atomic context it is than where the function was entered.
 *
 * Depth is relative, and a set: rpm_resume() is entered with a spin lock held,
 * drops it, calls the driver and takes it again; the driver is called at -1.
 */
#include <stdlib.h>

#include "flow.h"

static bool merge(struct state *to, const struct state *from)
{
	struct state old = *to;

	if (!to->reached) {
		*to = *from;
		to->reached = true;
		return true;
	}
	to->depth |= from->depth;
	to->may |= from->may;
	to->must &= from->must;
	to->dropped &= from->dropped;
	to->may_drop |= from->may_drop;
	to->scope &= from->scope;
	to->signal |= from->signal;
	return old.depth != to->depth || old.may != to->may || old.must != to->must ||
	       old.dropped != to->dropped || old.may_drop != to->may_drop ||
	       old.scope != to->scope ||
	       old.signal != to->signal;
}

static void queue(struct fl *fl, uint32_t b)
{
	if (!fl->queued[b]) {
		fl->queued[b] = true;
		rc_push(&fl->todo, b);
	}
}

static void run_block(struct fl *fl, uint32_t n)
{
	const struct sk_block *b = &fl->f->sk->block[n];
	struct state s = fl->in[n];

	for (uint32_t i = b->first; i < b->first + b->n; i++) {
		fl->f->call[i].st = s;
		flow_transfer(fl, i, &s, -1);
	}
	for (uint32_t k = 0; k < b->nsucc; k++) {
		struct state out = s;

		if (b->cond != RC_NONE && b->nsucc == 2)
			flow_transfer(fl, b->cond, &out, (k == 0) == b->nonzero);
		if (merge(&fl->in[b->succ[k]], &out))
			queue(fl, b->succ[k]);
	}
	if (b->ret)
		merge(&fl->f->end, &s);
}

static bool run(struct prog *p, uint32_t n)
{
	struct fl fl = { .p = p, .f = &p->fn.v[n], .n = n };
	uint32_t nb = fl.f->sk->nblocks;
	bool changed;

	fl.in = rc_alloc(sizeof(*fl.in) * (nb + 1));
	fl.queued = rc_alloc(nb + 1);
	memset(&fl.f->end, 0, sizeof(fl.f->end));
	fl.in[0] = (struct state){ .depth = 1 << DEPTH_ZERO, .reached = true };
	if (nb)
		queue(&fl, 0);
	while (fl.todo.n) {
		uint32_t b = fl.todo.v[--fl.todo.n];

		fl.queued[b] = false;
		run_block(&fl, b);
	}
	changed = flow_summarise(&fl);
	free(fl.in);
	free(fl.queued);
	rc_vec_free(&fl.todo);
	return changed;
}

/* Callees before callers, as far as there is such an order. */
static void order(const struct prog *p, struct rc_vec_u32 *out)
{
	struct rc_vec_u32 stack = {};
	uint32_t *at = rc_alloc(sizeof(*at) * (p->fn.n + 1));
	bool *seen = rc_alloc(p->fn.n + 1);

	for (uint32_t n = 0; n < p->fn.n; n++) {
		if (seen[n])
			continue;
		seen[n] = true;
		rc_push(&stack, n);
		while (stack.n) {
			uint32_t f = stack.v[stack.n - 1];
			const struct fn *fn = &p->fn.v[f];
			uint32_t i = at[f]++;

			if (i >= fn->sk->nevents) {
				rc_push(out, f);
				stack.n--;
				continue;
			}
			for (uint32_t t = 0; t < fn->call[i].n; t++) {
				const struct target *tg = &p->target.v[fn->call[i].first + t];

				if (tg->kind == T_DIRECT && !seen[tg->fn]) {
					seen[tg->fn] = true;
					rc_push(&stack, tg->fn);
				}
			}
		}
	}
	free(at);
	free(seen);
	rc_vec_free(&stack);
}

/*
 * What is only ever called within a noreclaim scope is within one: helpers of
 * an error capture take locks and allocate under them.
 */
static void inherit_scopes(struct prog *p)
{
	bool *within = rc_alloc(p->fn.n + 1), again = true;

	for (uint32_t n = 0; n < p->fn.n; n++)
		within[n] = p->fn.v[n].caller.n;
	while (again) {
		again = false;
		for (uint32_t n = 0; n < p->fn.n; n++) {
			const struct rc_vec_u32 *c = &p->fn.v[n].caller;

			for (uint32_t i = 0; within[n] && i < c->n; i += 2) {
				const struct fn *g = &p->fn.v[c->v[i]];

				if (within[c->v[i]] || g->call[c->v[i + 1]].st.scope)
					continue;
				within[n] = false;
				again = true;
			}
		}
	}
	for (uint32_t n = 0; n < p->fn.n; n++)
		for (uint32_t i = 0; within[n] && i < p->fn.v[n].sk->nevents; i++)
			p->fn.v[n].call[i].st.scope = true;
	free(within);
}

void flow(struct prog *p)
{
	struct rc_vec_u32 ord = {};
	bool *dirty = rc_alloc(p->fn.n + 1), again = true;

	for (uint32_t n = 0; n < p->fn.n; n++)
		flow_prepare(p, n);
	order(p, &ord);
	memset(dirty, 1, p->fn.n);
	for (int round = 0; again && round < 8; round++) {
		again = false;
		for (uint32_t i = 0; i < ord.n; i++) {
			uint32_t n = ord.v[i];
			struct fn *f = &p->fn.v[n];

			if (!dirty[n])
				continue;
			dirty[n] = false;
			if (!run(p, n))
				continue;
			for (uint32_t c = 0; c < f->caller.n; c += 2) {
				dirty[f->caller.v[c]] = true;
				again = true;
			}
		}
	}
	inherit_scopes(p);
	free(dirty);
	rc_vec_free(&ord);
}
