// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who is called. Functions flow into fields, global variables and parameters;
 * a call through one of these reaches what has flowed there. Fields are told
 * apart by (struct, field), and where the program shows it by the field or
 * variable that the struct itself lies in: &gpu->recover_work and
 * &gpu->retire_work are both a work_struct, but not the same place.
 *
 * A call of a parameter is no call of the function that makes it: it belongs to
 * the caller who handed the callback in, so that iterators over buses, trees
 * and lists do not make everybody call everything.
 */
#include <stdlib.h>

#include "program.h"

struct token {
	uint32_t fn, outer;
};

struct edge {
	uint32_t dst, outer;
};

struct node {
	RC_VEC(struct token) tok;
	RC_VEC(struct edge) out;
	bool queued;
};

struct resolver {
	struct rc_map node_of;
	RC_VEC(struct node) node;
	struct rc_vec_u32 work;
	struct rc_map edge_seen;
	/* pairs (place of a head, function) */
	struct rc_vec_u32 reg;
};

enum { N_FIELD = 1, N_GLOBAL, N_PARAM, N_RET };

static uint32_t node(struct resolver *r, unsigned int kind, uint32_t a, uint32_t b)
{
	uint64_t key = (uint64_t)kind << 60 | (uint64_t)a << 30 | b;
	uint32_t n = rc_map_get(&r->node_of, key);

	if (n == RC_NONE) {
		n = r->node.n;
		rc_map_put(&r->node_of, key, n);
		rc_push(&r->node, (struct node){});
	}
	return n;
}

static void add_token(struct resolver *r, uint32_t n, struct token t)
{
	struct node *d = &r->node.v[n];

	for (uint32_t i = 0; i < d->tok.n; i++)
		if (d->tok.v[i].fn == t.fn && d->tok.v[i].outer == t.outer)
			return;
	rc_push(&d->tok, t);
	if (!d->queued) {
		d->queued = true;
		rc_push(&r->work, n);
	}
}

static void add_edge(struct resolver *r, uint32_t src, uint32_t dst, uint32_t outer)
{
	uint64_t key[2] = { (uint64_t)src << 32 | dst, outer };
	uint64_t h = rc_hash(key, sizeof(key)) | 1;
	struct node *s;

	if (src == dst || rc_map_get(&r->edge_seen, h) != RC_NONE)
		return;
	rc_map_put(&r->edge_seen, h, 1);
	s = &r->node.v[src];
	rc_push(&s->out, ((struct edge){ dst, outer }));
	if (s->tok.n && !s->queued) {
		s->queued = true;
		rc_push(&r->work, src);
	}
}

static void propagate(struct resolver *r)
{
	while (r->work.n) {
		uint32_t n = r->work.v[--r->work.n];

		r->node.v[n].queued = false;
		for (uint32_t e = 0; e < r->node.v[n].out.n; e++) {
			struct edge ed = r->node.v[n].out.v[e];

			for (uint32_t i = 0; i < r->node.v[n].tok.n; i++) {
				struct token t = r->node.v[n].tok.v[i];

				if (ed.outer != RC_NONE)
					t.outer = ed.outer;
				add_token(r, ed.dst, t);
			}
		}
	}
}

/* Structs that only wrap another: the place is what lies around them. */
static bool wrapper(const char *tag)
{
	static const char *const tags[] = {
		"delayed_work@", "kthread_delayed_work@", "rcu_work@",
		"msm_kms_pending_timer@",
	};

	for (size_t i = 0; i < sizeof(tags) / sizeof(*tags); i++)
		if (!strncmp(tag, tags[i], strlen(tags[i])))
			return true;
	return false;
}

/* The field or variable that an address lies in, RC_NONE: the program does not say. */
static uint32_t place(struct prog *p, uint32_t unit, uint32_t val)
{
	const struct sk_val *v = prog_val(p, unit, val);

	while (v->kind == SK_FIELD && wrapper(rc_str(&p->str, v->b))) {
		const struct sk_val *b = prog_val(p, unit, v->a);

		if (b->kind != SK_FIELD && b->kind != SK_GLOBAL)
			break;
		v = b;
	}
	if (v->kind == SK_FIELD)
		return node(p->resolver, N_FIELD, v->b, v->c);
	if (v->kind == SK_GLOBAL)
		return node(p->resolver, N_GLOBAL, v->a, 0);
	if (v->kind == SK_LOAD)
		return place(p, unit, v->a);
	return RC_NONE;
}

/* Node of the memory at an address; *@outer: what it lies in. */
static uint32_t memory(struct prog *p, uint32_t unit, uint32_t addr, uint32_t *outer)
{
	const struct sk_val *v = prog_val(p, unit, addr);

	*outer = RC_NONE;
	if (v->kind == SK_GLOBAL)
		return node(p->resolver, N_GLOBAL, v->a, 0);
	if (v->kind != SK_FIELD)
		return RC_NONE;
	*outer = place(p, unit, v->a);
	return node(p->resolver, N_FIELD, v->b, v->c);
}

/* @val flows into @dst. */
static void flow_into(struct prog *p, uint32_t fn, uint32_t unit, uint32_t val,
		      uint32_t dst, uint32_t outer)
{
	struct resolver *r = p->resolver;
	const struct sk_val *v = prog_val(p, unit, val);
	uint32_t t, o;

	switch (v->kind) {
	case SK_FUNC:
		t = prog_fn(p, v->a);
		if (t != RC_NONE)
			add_token(r, dst, (struct token){ t, outer });
		return;
	case SK_PARAM:
		if (fn != RC_NONE)
			add_edge(r, node(r, N_PARAM, fn, v->a), dst, outer);
		return;
	case SK_LOAD:
		t = memory(p, unit, v->a, &o);
		if (t != RC_NONE)
			add_edge(r, t, dst, outer);
		return;
	case SK_CALL:
		t = prog_fn(p, v->a);
		if (t != RC_NONE)
			add_edge(r, node(r, N_RET, t, 0), dst, outer);
		return;
	case SK_SET:
		for (uint32_t i = 0; i < v->b; i++)
			flow_into(p, fn, unit, p->unit.v[unit].sk->set[v->a + i], dst, outer);
		return;
	default:
		return;
	}
}

static void collect_fn(struct prog *p, uint32_t n)
{
	const struct sk_fn *sk = p->fn.v[n].sk;
	uint32_t unit = p->fn.v[n].unit, outer, m;

	if (sk->ret != RC_NONE)
		flow_into(p, n, unit, sk->ret, node(p->resolver, N_RET, n, 0), RC_NONE);
	for (uint32_t i = 0; i < sk->nevents; i++) {
		const struct sk_event *e = &sk->event[i];
		const struct sk_val *c = prog_val(p, unit, e->callee);
		uint32_t t;

		if (e->kind == SK_E_STORE) {
			m = memory(p, unit, e->callee, &outer);
			if (m != RC_NONE)
				flow_into(p, n, unit, e->args[0], m, outer);
			continue;
		}
		t = c->kind == SK_FUNC ? prog_fn(p, c->a) : RC_NONE;
		if (t == RC_NONE)
			continue;
		for (uint32_t a = 0; a < e->nargs && a < 64; a++)
			flow_into(p, n, unit, e->args[a], node(p->resolver, N_PARAM, t, a), RC_NONE);
	}
}

static void collect_inits(struct prog *p)
{
	for (uint32_t u = 0; u < p->unit.n; u++) {
		const struct skel *sk = p->unit.v[u].sk;

		for (uint32_t i = 0; i < sk->ninit; i++) {
			uint32_t outer, m = memory(p, u, sk->init[i].addr, &outer);

			if (m != RC_NONE)
				flow_into(p, RC_NONE, u, sk->init[i].val, m, outer);
		}
	}
}

/* Functions at node @n, those of @outer alone if any is known to lie there. */
static void at_node(struct prog *p, uint32_t n, uint32_t outer, bool strict,
		    struct rc_vec_u32 *out)
{
	const struct node *d = &p->resolver->node.v[n];
	bool match = strict;

	for (uint32_t i = 0; i < d->tok.n && outer != RC_NONE; i++)
		match |= d->tok.v[i].outer == outer;
	for (uint32_t i = 0; i < d->tok.n; i++)
		if (!match || (outer != RC_NONE && d->tok.v[i].outer == outer))
			rc_set_add(out, d->tok.v[i].fn);
}

static void functions_of(struct prog *p, uint32_t fn, uint32_t unit, uint32_t val,
			 struct rc_vec_u32 *out)
{
	const struct sk_val *v = prog_val(p, unit, val);
	uint32_t outer, m;

	if (v->kind == SK_FUNC) {
		m = prog_fn(p, v->a);
		if (m != RC_NONE)
			rc_set_add(out, m);
	} else if (v->kind == SK_LOAD) {
		m = memory(p, unit, v->a, &outer);
		if (m != RC_NONE)
			at_node(p, m, outer, false, out);
	} else if (v->kind == SK_CALL) {
		m = prog_fn(p, v->a);
		if (m != RC_NONE)
			at_node(p, node(p->resolver, N_RET, m, 0), RC_NONE, false, out);
	} else if (v->kind == SK_SET) {
		for (uint32_t i = 0; i < v->b; i++)
			functions_of(p, fn, unit, p->unit.v[unit].sk->set[v->a + i], out);
	}
}

void resolve_field(struct prog *p, const char *tag, const char *field, struct rc_vec_u32 *fns)
{
	size_t n = strlen(tag);
	uint32_t f = rc_lookup(&p->str, field);

	if (f == RC_NONE)
		return;
	for (uint32_t s = 0; s < p->str.n; s++) {
		const char *name = rc_str(&p->str, s);
		uint64_t key = (uint64_t)N_FIELD << 60 | (uint64_t)s << 30 | f;
		uint32_t m;

		if (strncmp(name, tag, n) || (name[n] && name[n] != '@'))
			continue;
		m = rc_map_get(&p->resolver->node_of, key);
		if (m != RC_NONE)
			at_node(p, m, RC_NONE, false, fns);
	}
}

/* Where an address may lie, through parameters of the callers. */
static void places_of(struct prog *p, uint32_t fn, uint32_t val, int depth, struct rc_vec_u32 *out)
{
	uint32_t unit = p->fn.v[fn].unit, pl = place(p, unit, val);
	const struct sk_val *v = prog_val(p, unit, val);

	if (pl != RC_NONE) {
		rc_set_add(out, pl);
		return;
	}
	if (v->kind != SK_PARAM || depth > 3)
		return;
	for (uint32_t i = 0; i + 1 < p->fn.v[fn].caller.n; i += 2) {
		uint32_t g = p->fn.v[fn].caller.v[i];
		const struct sk_event *e = &p->fn.v[g].sk->event[p->fn.v[fn].caller.v[i + 1]];

		if (v->a < e->nargs)
			places_of(p, g, e->args[v->a], depth + 1, out);
	}
}

/* Functions of the works or notifier blocks that lie at @pl. */
static void at_place(struct prog *p, const char *tag, const char *field, uint32_t pl,
		     struct rc_vec_u32 *out)
{
	size_t n = strlen(tag);
	uint32_t f = rc_lookup(&p->str, field);

	for (uint32_t s = 0; f != RC_NONE && s < p->str.n; s++) {
		const char *name = rc_str(&p->str, s);
		uint64_t key = (uint64_t)N_FIELD << 60 | (uint64_t)s << 30 | f;
		uint32_t m;

		if (strncmp(name, tag, n) || name[n] != '@')
			continue;
		m = rc_map_get(&p->resolver->node_of, key);
		if (m != RC_NONE)
			at_node(p, m, pl, true, out);
	}
}

static void registrations(struct prog *p)
{
	for (uint32_t n = 0; n < p->fn.n; n++) {
		const struct sk_fn *sk = p->fn.v[n].sk;

		for (uint32_t i = 0; i < sk->nevents; i++) {
			const struct prim *pr = p->fn.v[n].call[i].prim;
			struct rc_vec_u32 heads = {}, nbs = {}, fns = {};

			if (!pr || pr->op != P_NREG || sk->event[i].nargs < 2)
				continue;
			places_of(p, n, sk->event[i].args[0], 0, &heads);
			places_of(p, n, sk->event[i].args[1], 0, &nbs);
			for (uint32_t k = 0; k < nbs.n; k++)
				at_place(p, "notifier_block", "notifier_call", nbs.v[k], &fns);
			for (uint32_t h = 0; h < heads.n; h++)
				for (uint32_t k = 0; k < fns.n; k++) {
					rc_push(&p->resolver->reg, heads.v[h]);
					rc_push(&p->resolver->reg, fns.v[k]);
				}
			rc_vec_free(&heads);
			rc_vec_free(&nbs);
			rc_vec_free(&fns);
		}
	}
}

static void add_targets(struct prog *p, uint32_t fn, uint32_t ev, struct rc_vec_u32 *fns,
			uint8_t kind, uint32_t via)
{
	for (uint32_t i = 0; i < fns->n; i++) {
		rc_push(&p->target, ((struct target){ .fn = fns->v[i], .via = via,
			.kind = kind, .fan = (uint16_t)(fns->n > 65535 ? 65535 : fns->n) }));
		rc_push(&p->fn.v[fns->v[i]].caller, fn);
		rc_push(&p->fn.v[fns->v[i]].caller, ev);
	}
}

static void target_work(struct prog *p, uint32_t n, uint32_t i, struct rc_vec_u32 *fns)
{
	const struct sk_event *e = &p->fn.v[n].sk->event[i];
	uint32_t pl = e->nargs ? place(p, p->fn.v[n].unit, e->args[0]) : RC_NONE;

	if (pl == RC_NONE)
		return;
	at_place(p, "work_struct", "func", pl, fns);
	at_place(p, "kthread_work", "func", pl, fns);
}

static void target_notifier(struct prog *p, uint32_t n, uint32_t i, struct rc_vec_u32 *fns)
{
	const struct sk_event *e = &p->fn.v[n].sk->event[i];
	const struct rc_vec_u32 *reg = &p->resolver->reg;
	struct rc_vec_u32 heads = {};

	if (e->nargs)
		places_of(p, n, e->args[0], 0, &heads);
	for (uint32_t k = 0; k + 1 < reg->n; k += 2)
		if (rc_set_has(&heads, reg->v[k]))
			rc_set_add(fns, reg->v[k + 1]);
	rc_vec_free(&heads);
}

static bool is_pm_ops(const struct prog *p, uint32_t unit, uint32_t callee)
{
	const struct sk_val *v = prog_val(p, unit, callee);

	for (uint32_t i = 0; v->kind == SK_SET && i < v->b; i++)
		if (is_pm_ops(p, unit, p->unit.v[unit].sk->set[v->a + i]))
			return true;
	if (v->kind == SK_LOAD)
		v = prog_val(p, unit, v->a);
	return v->kind == SK_FIELD && !strncmp(rc_str(&p->str, v->b), "dev_pm_ops@", 11);
}

/*
 * Power management calls every driver through one pointer. Which driver is a
 * matter of the device; a driver's own calls reach its own callbacks, and every
 * runtime resume that matters is a root of its own.
 */
static void keep_same_driver(struct prog *p, uint32_t n, struct rc_vec_u32 *fns)
{
	uint32_t k = 0;

	for (uint32_t i = 0; i < fns->n; i++)
		if (same_driver(fn_file(p, n), fn_file(p, fns->v[i])))
			fns->v[k++] = fns->v[i];
	fns->n = k;
}

static void target_rpm(struct prog *p, uint32_t n, uint32_t i)
{
	struct rc_vec_u32 fns = {}, self = {};
	uint32_t f = rc_lookup(&p->str, "__pm_runtime_resume");

	f = f == RC_NONE ? f : prog_fn(p, f);
	if (f != RC_NONE && f != n) {
		rc_push(&self, f);
		add_targets(p, n, i, &self, T_DIRECT, RC_NONE);
	}
	resolve_field(p, "dev_pm_ops", "runtime_resume", &fns);
	keep_same_driver(p, n, &fns);
	add_targets(p, n, i, &fns, T_RPM, RC_NONE);
	rc_vec_free(&fns);
	rc_vec_free(&self);
}

static void target_call(struct prog *p, uint32_t n, uint32_t i)
{
	const struct sk_event *e = &p->fn.v[n].sk->event[i];
	uint32_t unit = p->fn.v[n].unit;
	const struct sk_val *c = prog_val(p, unit, e->callee);
	const struct prim *pr = p->fn.v[n].call[i].prim;
	struct rc_vec_u32 fns = {};
	uint8_t kind = T_DIRECT;

	if (pr && pr->op == P_FLUSH) {
		target_work(p, n, i, &fns);
		kind = T_WORK;
	} else if (pr && pr->op == P_NCALL) {
		target_notifier(p, n, i, &fns);
		kind = T_NOTIFIER;
	} else if (pr && pr->op == P_RPM) {
		target_rpm(p, n, i);
	} else if (pr) {
		;
	} else if (c->kind == SK_PARAM) {
		if (c->a < 64)
			p->fn.v[n].invokes |= 1ull << c->a;
	} else {
		functions_of(p, n, unit, e->callee, &fns);
		if (c->kind != SK_FUNC) {
			kind = T_POINTER;
			p->calls_pointer++;
			p->calls_unknown += !fns.n;
			if (is_pm_ops(p, unit, e->callee))
				keep_same_driver(p, n, &fns);
		}
	}
	add_targets(p, n, i, &fns, kind, RC_NONE);
	rc_vec_free(&fns);
}

/* Callbacks that event @i hands to functions which call their parameter. */
static bool pass_on(struct prog *p, uint32_t n, uint32_t i)
{
	const struct sk_event *e = &p->fn.v[n].sk->event[i];
	const struct call *c = &p->fn.v[n].call[i];
	uint64_t before = p->fn.v[n].invokes;

	for (uint32_t t = c->first; t < c->first + c->n; t++) {
		uint64_t inv = p->fn.v[p->target.v[t].fn].invokes;

		for (uint32_t a = 0; a < e->nargs && a < 64; a++) {
			const struct sk_val *v = prog_val(p, p->fn.v[n].unit, e->args[a]);

			if ((inv >> a & 1) && v->kind == SK_PARAM && v->a < 64)
				p->fn.v[n].invokes |= 1ull << v->a;
		}
	}
	return before != p->fn.v[n].invokes;
}

static void target_callbacks(struct prog *p, uint32_t n, uint32_t i, const struct call *old)
{
	const struct sk_event *e = &p->fn.v[n].sk->event[i];

	for (uint32_t t = old->first; t < old->first + old->n; t++) {
		uint32_t f = p->target.v[t].fn;
		const char *name = fn_name(p, f);
		uint8_t kind = !strncmp(name, "kref_put", 8) ? T_RELEASE : T_CALLBACK;

		for (uint32_t a = 0; a < e->nargs && a < 64; a++) {
			struct rc_vec_u32 fns = {};

			if (!(p->fn.v[f].invokes >> a & 1))
				continue;
			functions_of(p, n, p->fn.v[n].unit, e->args[a], &fns);
			add_targets(p, n, i, &fns, kind, f);
			rc_vec_free(&fns);
		}
	}
}

/* Targets lie together for each event: copy, then append the callbacks. */
static void append_callbacks(struct prog *p)
{
	for (uint32_t n = 0; n < p->fn.n; n++) {
		for (uint32_t i = 0; i < p->fn.v[n].sk->nevents; i++) {
			struct call *c = &p->fn.v[n].call[i], old = *c;
			uint32_t first = p->target.n, got;

			target_callbacks(p, n, i, &old);
			got = p->target.n - first;
			if (!got)
				continue;
			for (uint32_t t = 0; t < old.n; t++)
				rc_push(&p->target, p->target.v[old.first + t]);
			c->first = first;
			c->n = old.n + got;
		}
	}
}

/* Only for the primitives' sake: which primitive a direct call is. */
static void find_prims(struct prog *p)
{
	char name[256];

	for (uint32_t n = 0; n < p->fn.n; n++) {
		const struct sk_fn *sk = p->fn.v[n].sk;

		for (uint32_t i = 0; i < sk->nevents; i++) {
			const struct sk_val *v = prog_val(p, p->fn.v[n].unit, sk->event[i].callee);
			struct rc_vec_u32 *callers;
			uint32_t t;

			if (sk->event[i].kind != SK_E_CALL || v->kind != SK_FUNC)
				continue;
			p->fn.v[n].call[i].prim = prim_find(plain(p, v->a, name, sizeof(name)));
			t = prog_fn(p, v->a);
			if (t == RC_NONE)
				continue;
			callers = &p->fn.v[t].caller;
			rc_push(callers, n);
			rc_push(callers, i);
		}
	}
}

void resolve(struct prog *p)
{
	bool again = true;

	p->resolver = rc_alloc(sizeof(*p->resolver));
	find_prims(p);
	collect_inits(p);
	for (uint32_t n = 0; n < p->fn.n; n++)
		collect_fn(p, n);
	propagate(p->resolver);
	registrations(p);
	for (uint32_t n = 0; n < p->fn.n; n++)
		p->fn.v[n].caller.n = 0;
	for (uint32_t n = 0; n < p->fn.n; n++) {
		for (uint32_t i = 0; i < p->fn.v[n].sk->nevents; i++) {
			struct call *c = &p->fn.v[n].call[i];

			c->first = p->target.n;
			if (p->fn.v[n].sk->event[i].kind == SK_E_CALL)
				target_call(p, n, i);
			c->n = p->target.n - c->first;
		}
	}
	for (int round = 0; again && round < 16; round++) {
		again = false;
		for (uint32_t n = 0; n < p->fn.n; n++)
			for (uint32_t i = 0; i < p->fn.v[n].sk->nevents; i++)
				again |= pass_on(p, n, i);
	}
	append_callbacks(p);
}

void resolve_free(struct prog *p)
{
	struct resolver *r = p->resolver;

	if (!r)
		return;
	for (uint32_t i = 0; i < r->node.n; i++) {
		rc_vec_free(&r->node.v[i].tok);
		rc_vec_free(&r->node.v[i].out);
	}
	rc_vec_free(&r->node);
	rc_map_free(&r->node_of);
	rc_vec_free(&r->work);
	rc_map_free(&r->edge_seen);
	rc_vec_free(&r->reg);
	free(r);
	p->resolver = NULL;
}
