// SPDX-License-Identifier: GPL-2.0-only
/*
 * Across functions: which functions reach reclaim, a fence wait or a lock that
 * somebody holds over one of these. Facts are only ever added, in the order of
 * a queue, so the first reason of each is a shortest one and the result depends
 * on nothing but the program.
 *
 * Three passes: the first believes only what is certain; the second adds what
 * happens if a last reference is dropped; the third what lies behind calls with
 * many possible targets and flags nobody can know.
 */
#include <stdlib.h>

#include "program.h"

/* Of so many, each is less likely than a finding of the high tier has to be. */
#define OWN_FAN 3

struct solver {
	struct prog *p;
	struct rc_vec_u32 queue;	/* pairs: function, event */
	uint32_t head;
	uint8_t belief;
};

static void enqueue(struct solver *s, uint32_t fn, uint32_t ev)
{
	struct call *c = &s->p->fn.v[fn].call[ev];

	if (c->queued)
		return;
	c->queued = true;
	rc_push(&s->queue, fn);
	rc_push(&s->queue, ev);
}

static void enqueue_pairs(struct solver *s, const struct rc_vec_u32 *pairs)
{
	for (uint32_t i = 0; i + 1 < pairs->n; i += 2)
		enqueue(s, pairs->v[i], pairs->v[i + 1]);
}

int min_depth(uint8_t set)
{
	int low = 0;

	while (low < 7 && !(set >> low & 1))
		low++;
	return low - DEPTH_ZERO;
}

static void add_case(struct solver *s, uint32_t n, struct fcase c)
{
	struct fn *f = &s->p->fn.v[n];

	for (uint32_t i = 0; i < f->fcase.n; i++) {
		const struct fcase *o = &f->fcase.v[i];

		if (o->param == c.param && o->value == c.value && o->kind == c.kind &&
		    o->depth == c.depth)
			return;
	}
	if (f->fcase.n >= 256)
		return;
	c.why.set = true;
	c.why.belief = s->belief;
	rc_push(&f->fcase, c);
	if (c.param < 64)
		f->tags |= 1ull << c.param;
	enqueue_pairs(s, &f->caller);
}

static void fact(struct solver *s, uint32_t n, uint8_t kind, int depth, struct reason why)
{
	struct fn *f = &s->p->fn.v[n];
	int idx = -depth;

	if (depth > 0)
		return;
	if (idx >= FACT_DEPTHS)
		idx = FACT_DEPTHS - 1;
	if (f->call[why.event].tagged) {
		struct fcase fc = { .param = f->call[why.event].tag,
				    .value = f->call[why.event].value,
				    .kind = kind, .depth = (uint8_t)idx, .why = why };

		add_case(s, n, fc);
		return;
	}
	if (f->bad[kind][idx].set)
		return;
	why.set = true;
	why.belief = s->belief;
	f->bad[kind][idx] = why;
	enqueue_pairs(s, &f->caller);
}

static void taint(struct solver *s, uint32_t lock, struct taint t)
{
	struct lock *l = &s->p->lock.v[lock];

	if (l->taint.n >= MAX_TAINTS || (l->merged && s->belief != UNSURE))
		return;
	for (uint32_t i = 0; i < l->taint.n; i++)
		if (l->taint.v[i].fn == t.fn && l->taint.v[i].event == t.event &&
		    l->taint.v[i].kind == t.kind)
			return;
	t.belief = s->belief;
	rc_push(&l->taint, t);
	if (l->taint.n == 1)
		enqueue_pairs(s, &l->taker);
}

/* Does @fn have the fact at some event before which it has not dropped @lock? */
static bool bad_holding(struct prog *p, uint32_t fn, uint8_t kind, uint32_t lock, int hops)
{
	const struct fn *f = &p->fn.v[fn];
	uint64_t bit = 0;

	for (uint32_t i = 0; i < f->lock.n; i++)
		if (f->lock.v[i] == lock)
			bit = 1ull << i;
	for (uint32_t i = 0; i < f->sk->nevents; i++) {
		const struct call *c = &f->call[i];

		if (!c->st.reached || c->st.dropped & bit || c->cut)
			continue;
		if (c->prim && c->prim->op != P_FLUSH && c->prim->op != P_NCALL &&
		    c->prim->op != P_RPM) {
			if ((kind == FACT_ALLOC &&
			     (c->prim->op == P_RECLAIM || c->prim->op == P_ALLOC)) ||
			    (kind == FACT_WAIT && c->prim->op == P_WAIT) ||
			    (kind == FACT_LOCK && c->prim->op == P_LOCK && c->lock != lock &&
			     c->lock != RC_NONE && !(c->lock & LOCK_PARAM) &&
			     p->lock.v[c->lock].taint.n))
				return true;
			continue;
		}
		for (uint32_t t = c->first; t < c->first + c->n; t++) {
			const struct fn *g = &p->fn.v[p->target.v[t].fn];
			bool is = g->bad[kind][0].set || g->bad[kind][1].set ||
				  g->bad[kind][2].set || g->fcase.n ||
				  (kind == FACT_ALLOC && g->gfp.n);

			if (!is || p->target.v[t].cut)
				continue;
			if (hops > 2 || bad_holding(p, p->target.v[t].fn, kind, lock, hops + 1))
				return true;
		}
	}
	return false;
}

/* Everything held at an event where something bad happens is tainted. */
static void taint_held(struct solver *s, uint32_t n, uint32_t ev, uint8_t kind,
		       uint32_t target, uint8_t depth, uint32_t lock)
{
	struct fn *f = &s->p->fn.v[n];
	uint64_t may = f->call[ev].st.may;
	struct taint t = { .fn = n, .event = ev, .target = target,
			   .kind = kind, .depth = depth, .lock = lock };

	for (uint32_t i = 0; may && i < f->lock.n; i++, may >>= 1) {
		uint32_t l = f->lock.v[i];

		if (!(may & 1) || l & LOCK_PARAM || l == lock)
			continue;
		if (target != RC_NONE &&
		    !bad_holding(s->p, s->p->target.v[target].fn, kind, l, 0))
			continue;
		taint(s, l, t);
	}
}

static void heat(struct solver *s, uint32_t n, uint32_t param, int hops);

static void add_gfp(struct solver *s, uint32_t n, struct gfp_param g)
{
	struct fn *f = &s->p->fn.v[n];

	for (uint32_t i = 0; i < f->gfp.n; i++)
		if (f->gfp.v[i].param == g.param && f->gfp.v[i].event == g.event &&
		    f->gfp.v[i].target == g.target)
			return;
	rc_push(&f->gfp, g);
	enqueue_pairs(s, &f->caller);
	if (g.param < 64 && f->hot >> g.param & 1) {
		taint_held(s, n, g.event, FACT_ALLOC, g.target, g.depth, RC_NONE);
		if (g.target != RC_NONE)
			heat(s, s->p->target.v[g.target].fn, g.tparam, 0);
	}
}

/* Some caller lets parameter @param reclaim: what is held over that, inside. */
static void heat(struct solver *s, uint32_t n, uint32_t param, int hops)
{
	struct fn *f = &s->p->fn.v[n];

	if (param >= 64 || hops > 12 || f->hot >> param & 1)
		return;
	f->hot |= 1ull << param;
	for (uint32_t i = 0; i < f->gfp.n; i++) {
		struct gfp_param g = f->gfp.v[i];

		if (g.param != param)
			continue;
		taint_held(s, n, g.event, FACT_ALLOC, g.target, g.depth, RC_NONE);
		if (g.target != RC_NONE)
			heat(s, s->p->target.v[g.target].fn, g.tparam, hops + 1);
	}
}

/* GFP flags @val reach reclaim @depth below event @ev. */
static void use_gfp(struct solver *s, uint32_t n, uint32_t ev, uint32_t val, int depth,
		    uint32_t target, uint32_t tparam)
{
	struct gfp g = gfp_eval(s->p, s->p->fn.v[n].unit, val);
	struct reason why = { .event = ev, .target = target, .lock = RC_NONE, .fs = g.fs };
	uint8_t idx = (uint8_t)-depth;

	if (idx >= FACT_DEPTHS)
		idx = FACT_DEPTHS - 1;
	for (uint32_t k = 0; k < 64; k++)
		if (g.params >> k & 1)
			add_gfp(s, n,
				(struct gfp_param){ .param = k, .event = ev, .depth = idx,
						    .target = target, .tparam = tparam });
	if (!g.reclaim && !g.cond && !(g.unsure && s->belief == UNSURE))
		return;
	if (!g.reclaim && g.cond)
		add_case(s, n,
			 (struct fcase){ .param = g.if_param, .value = g.if_value,
					 .kind = FACT_ALLOC, .depth = idx, .why = why });
	else
		fact(s, n, FACT_ALLOC, depth, why);
	taint_held(s, n, ev, FACT_ALLOC, target, idx, RC_NONE);
	if (target != RC_NONE)
		heat(s, s->p->target.v[target].fn, tparam, 0);
}

static void block_on(struct solver *s, uint32_t n, uint32_t ev, uint32_t lock, int depth)
{
	if (lock == RC_NONE || lock & LOCK_PARAM || !s->p->lock.v[lock].taint.n)
		return;
	fact(s, n, FACT_LOCK, depth,
	     (struct reason){ .event = ev, .target = RC_NONE, .lock = lock });
	taint_held(s, n, ev, FACT_LOCK, RC_NONE, 0, lock);
}

/* Is the call believed in this pass? */
static bool believed(const struct solver *s, uint32_t n, const struct target *t)
{
	if (t->cut)
		return false;
	if (t->kind == T_RELEASE)
		return s->belief >= ON_RELEASE;
	if (t->deferred)
		return s->belief == UNSURE;
	/*
	 * A file that chooses among functions of its own does so for each object,
	 * as regmap does for each bus: an object of one kind never meets the rest.
	 */
	if (t->kind == T_POINTER && t->fan >= OWN_FAN &&
	    !strcmp(fn_file(s->p, n), fn_file(s->p, t->fn)))
		return s->belief == UNSURE;
	if (s->belief == UNSURE || t->kind != T_POINTER || t->fan <= 4)
		return true;
	return supplies(fn_file(s->p, n), fn_file(s->p, t->fn)) ||
	       strstr(fn_file(s->p, t->fn), "qcom");
}

/* A callee's fact that depends on what it is handed. */
static void from_case(struct solver *s, uint32_t n, uint32_t ev, uint32_t ti, uint32_t number,
		      int depth)
{
	const struct target *t = &s->p->target.v[ti];
	struct fcase c = s->p->fn.v[t->fn].fcase.v[number];
	const struct fn *f = &s->p->fn.v[n];
	const struct sk_event *e = &f->sk->event[ev];
	const struct sk_val *v = NULL;

	c.why = (struct reason){ .event = ev, .target = ti, .lock = c.why.lock,
				 .depth = c.depth, .fs = c.why.fs, .fcase = number + 1 };
	if (same_arguments(t->kind) && c.param < e->nargs)
		v = prog_val(s->p, f->unit, e->args[c.param]);
	if (v && v->kind == SK_CONST && (uint32_t)v->num != c.value)
		return;
	depth -= c.depth;
	if (v && v->kind == SK_PARAM && v->a < 64 && !f->call[ev].tagged) {
		c.param = v->a;
		c.depth = (uint8_t)(-depth >= FACT_DEPTHS ? FACT_DEPTHS - 1 : -depth);
		add_case(s, n, c);
	} else {
		fact(s, n, c.kind, depth, c.why);
	}
	taint_held(s, n, ev, c.kind, ti, c.why.depth, c.kind == FACT_LOCK ? c.why.lock : RC_NONE);
}

static void from_target(struct solver *s, uint32_t n, uint32_t ev, uint32_t ti, int depth)
{
	const struct target *t = &s->p->target.v[ti];
	const struct fn *g = &s->p->fn.v[t->fn];
	const struct fn *f = &s->p->fn.v[n];
	const struct sk_event *e = &f->sk->event[ev];
	bool scope = f->call[ev].st.scope;

	if (!believed(s, n, t) || (g->prim && g->prim->op != P_RPM && t->kind == T_DIRECT))
		return;
	for (uint8_t k = 0; k < FACT_KINDS; k++) {
		for (uint8_t d = 0; d < FACT_DEPTHS; d++) {
			const struct reason *r = &g->bad[k][d];

			if (!r->set || depth - d > 0 || (k == FACT_ALLOC && scope) ||
			    r->belief > s->belief)
				continue;
			fact(s, n, k, depth - d,
			     (struct reason){ .event = ev, .target = ti, .lock = r->lock,
					      .depth = d, .fs = r->fs });
			taint_held(s, n, ev, k, ti, d, k == FACT_LOCK ? r->lock : RC_NONE);
		}
	}
	for (uint32_t i = 0; i < g->fcase.n; i++)
		if (depth - g->fcase.v[i].depth <= 0 &&
		    !(g->fcase.v[i].kind == FACT_ALLOC && scope) &&
		    g->fcase.v[i].why.belief <= s->belief)
			from_case(s, n, ev, ti, i, depth);
	if (scope || t->kind == T_CALLBACK)
		return;
	for (uint32_t i = 0; i < g->gfp.n; i++) {
		const struct gfp_param *q = &g->gfp.v[i];

		if (q->param < e->nargs && depth - q->depth <= 0)
			use_gfp(s, n, ev, e->args[q->param], depth - q->depth, ti, q->param);
	}
}

/*
 * The locks that direct callees of an event block on because they are handed
 * them, as the caller sees them.
 */
static void handed_locks(struct prog *p, uint32_t n, uint32_t ev, struct rc_vec_u32 *locks)
{
	const struct fn *f = &p->fn.v[n];
	const struct call *c = &f->call[ev];
	const struct sk_event *e = &f->sk->event[ev];

	for (uint32_t t = c->first; t < c->first + c->n; t++) {
		const struct target *tg = &p->target.v[t];
		const struct fn *g = &p->fn.v[tg->fn];

		if (tg->kind != T_DIRECT || tg->cut)
			continue;
		for (uint32_t k = 0; k < g->param_block.n; k++) {
			uint32_t a = g->param_block.v[k].lock & ~LOCK_PARAM;

			if (a < e->nargs)
				rc_push(locks, lock_of_value(p, f->unit, e->args[a], 0));
		}
	}
}

static void from_param_locks(struct solver *s, uint32_t n, uint32_t ev, int depth)
{
	struct rc_vec_u32 locks = {};

	handed_locks(s->p, n, ev, &locks);
	for (uint32_t i = 0; i < locks.n; i++)
		block_on(s, n, ev, locks.v[i], depth);
	rc_vec_free(&locks);
}

static void evaluate(struct solver *s, uint32_t n, uint32_t ev)
{
	struct fn *f = &s->p->fn.v[n];
	struct call *c = &f->call[ev];
	const struct sk_event *e = &f->sk->event[ev];
	struct reason here = { .event = ev, .target = RC_NONE, .lock = RC_NONE, .fs = true };
	int depth;

	if (!c->st.reached || e->kind != SK_E_CALL || c->cut)
		return;
	depth = min_depth(c->st.depth);
	if (c->prim && depth <= 0) {
		switch (c->prim->op) {
		case P_RECLAIM:
			if (!c->st.scope && e->nargs)
				use_gfp(s, n, ev, e->args[0], depth, RC_NONE, 0);
			break;
		case P_ALLOC:
			if (c->st.scope)
				break;
			fact(s, n, FACT_ALLOC, depth, here);
			taint_held(s, n, ev, FACT_ALLOC, RC_NONE, 0, RC_NONE);
			break;
		case P_WAIT:
			fact(s, n, FACT_WAIT, depth, here);
			taint_held(s, n, ev, FACT_WAIT, RC_NONE, 0, RC_NONE);
			break;
		case P_LOCK:
			block_on(s, n, ev, c->lock, depth);
			break;
		default:
			break;
		}
	}
	for (uint32_t t = c->first; t < c->first + c->n; t++)
		from_target(s, n, ev, t, depth);
	from_param_locks(s, n, ev, depth);
}

/* Notes the locks of its parameters that an event blocks on; true if one is new. */
static bool note_param_blocks(struct prog *p, uint32_t n, uint32_t ev)
{
	struct fn *f = &p->fn.v[n];
	const struct call *c = &f->call[ev];
	struct rc_vec_u32 locks = {};
	bool added = false;

	if (c->prim && c->prim->op == P_LOCK)
		rc_push(&locks, c->lock);
	handed_locks(p, n, ev, &locks);
	for (uint32_t k = 0; k < locks.n; k++) {
		struct effect e = { .lock = locks.v[k] };
		bool known = false;

		if (e.lock == RC_NONE || !(e.lock & LOCK_PARAM))
			continue;
		for (uint32_t b = 0; b < f->param_block.n; b++)
			known |= f->param_block.v[b].lock == e.lock;
		if (known)
			continue;
		rc_push(&f->param_block, e);
		added = true;
	}
	rc_vec_free(&locks);
	return added;
}

/* Functions that block on a lock they are handed: their callers do. */
static void find_param_blocks(struct prog *p)
{
	bool again = true;

	for (int round = 0; again && round < 8; round++) {
		again = false;
		for (uint32_t n = 0; n < p->fn.n; n++)
			for (uint32_t i = 0; i < p->fn.v[n].sk->nevents; i++)
				again |= note_param_blocks(p, n, i);
	}
}

static void add_taker(struct prog *p, uint32_t lock, uint32_t n, uint32_t ev)
{
	if (lock == RC_NONE || lock & LOCK_PARAM)
		return;
	rc_push(&p->lock.v[lock].taker, n);
	rc_push(&p->lock.v[lock].taker, ev);
}

static void find_takers(struct prog *p)
{
	struct rc_vec_u32 locks = {};

	for (uint32_t n = 0; n < p->fn.n; n++) {
		const struct fn *f = &p->fn.v[n];

		for (uint32_t i = 0; i < f->sk->nevents; i++) {
			const struct call *c = &f->call[i];

			if (c->prim && c->prim->op == P_LOCK)
				add_taker(p, c->lock, n, i);
			locks.n = 0;
			handed_locks(p, n, i, &locks);
			for (uint32_t k = 0; k < locks.n; k++)
				add_taker(p, locks.v[k], n, i);
		}
	}
	rc_vec_free(&locks);
}

static void drain(struct solver *s)
{
	for (s->head = 0; s->head < s->queue.n; s->head += 2) {
		uint32_t n = s->queue.v[s->head], ev = s->queue.v[s->head + 1];

		s->p->fn.v[n].call[ev].queued = false;
		evaluate(s, n, ev);
	}
	s->queue.n = 0;
}

void solve(struct prog *p)
{
	struct solver s = { .p = p };

	find_param_blocks(p);
	find_takers(p);
	for (s.belief = SURE; s.belief < BELIEFS; s.belief++) {
		for (uint32_t n = 0; n < p->fn.n; n++)
			for (uint32_t i = 0; i < p->fn.v[n].sk->nevents; i++)
				if (p->fn.v[n].call[i].n || p->fn.v[n].call[i].prim)
					enqueue(&s, n, i);
		drain(&s);
	}
	rc_vec_free(&s.queue);
}
