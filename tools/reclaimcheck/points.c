// SPDX-License-Identifier: GPL-2.0-only
/*
 * Functions flow into fields, global variables and parameters. Fields are told
 * apart by (struct, field), and where the program shows it by the field or
 * variable that the struct itself lies in: &gpu->recover_work and
 * &gpu->retire_work are both a work_struct, but not the same place.
 */
#include <stdlib.h>

#include "points.h"

struct token {
	uint32_t fn, outer;
};

struct edge {
	uint32_t dst, outer;
};

struct node {
	RC_DECLARE_VEC(struct token) tok;
	RC_DECLARE_VEC(struct edge) out;
	bool queued;
};

/* The nodes of a field by its struct's tag: found once, asked for often. */
struct namesakes {
	const char *tag, *field;	/* literals: the same pointers each time */
	struct rc_vec_u32 node;
};

struct resolver {
	struct rc_map node_of;
	RC_DECLARE_VEC(struct node) node;
	struct rc_vec_u32 work;
	struct rc_map edge_seen;
	RC_DECLARE_VEC(struct namesakes) namesakes;
};

uint32_t pt_node(struct resolver *r, unsigned int kind, uint32_t a, uint32_t b)
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
uint32_t pt_place(struct prog *p, uint32_t unit, uint32_t val)
{
	const struct sk_val *v = prog_val(p, unit, val);

	while (v->kind == SK_FIELD && wrapper(rc_str(&p->str, v->b))) {
		const struct sk_val *b = prog_val(p, unit, v->a);

		if (b->kind != SK_FIELD && b->kind != SK_GLOBAL)
			break;
		v = b;
	}
	if (v->kind == SK_FIELD)
		return pt_node(p->resolver, N_FIELD, v->b, v->c);
	if (v->kind == SK_GLOBAL)
		return pt_node(p->resolver, N_GLOBAL, v->a, 0);
	if (v->kind == SK_LOAD)
		return pt_place(p, unit, v->a);
	return RC_NONE;
}

/* Node of the memory at an address; *@outer: what it lies in. */
static uint32_t memory(struct prog *p, uint32_t unit, uint32_t addr, uint32_t *outer)
{
	const struct sk_val *v = prog_val(p, unit, addr);

	*outer = RC_NONE;
	if (v->kind == SK_GLOBAL)
		return pt_node(p->resolver, N_GLOBAL, v->a, 0);
	if (v->kind != SK_FIELD)
		return RC_NONE;
	*outer = pt_place(p, unit, v->a);
	return pt_node(p->resolver, N_FIELD, v->b, v->c);
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
			add_edge(r, pt_node(r, N_PARAM, fn, v->a), dst, outer);
		return;
	case SK_LOAD:
		t = memory(p, unit, v->a, &o);
		if (t != RC_NONE)
			add_edge(r, t, dst, outer);
		return;
	case SK_CALL:
		t = prog_fn(p, v->a);
		if (t != RC_NONE)
			add_edge(r, pt_node(r, N_RET, t, 0), dst, outer);
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
		flow_into(p, n, unit, sk->ret, pt_node(p->resolver, N_RET, n, 0), RC_NONE);
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
			flow_into(p, n, unit, e->args[a], pt_node(p->resolver, N_PARAM, t, a),
				  RC_NONE);
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
void pt_at_node(struct prog *p, uint32_t n, uint32_t outer, bool strict,
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

void pt_functions(struct prog *p, uint32_t fn, uint32_t unit, uint32_t val,
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
			pt_at_node(p, m, outer, false, out);
	} else if (v->kind == SK_CALL) {
		m = prog_fn(p, v->a);
		if (m != RC_NONE)
			pt_at_node(p, pt_node(p->resolver, N_RET, m, 0), RC_NONE, false, out);
	} else if (v->kind == SK_SET) {
		for (uint32_t i = 0; i < v->b; i++)
			pt_functions(p, fn, unit, p->unit.v[unit].sk->set[v->a + i], out);
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
			pt_at_node(p, m, RC_NONE, false, fns);
	}
}

/* Every node of a field in a struct with this tag, whichever file declares it. */
static const struct namesakes *namesakes(struct prog *p, const char *tag, const char *field)
{
	struct resolver *r = p->resolver;
	struct namesakes *ns;
	size_t n = strlen(tag);
	uint32_t f = rc_lookup(&p->str, field);

	for (uint32_t i = 0; i < r->namesakes.n; i++)
		if (r->namesakes.v[i].tag == tag && r->namesakes.v[i].field == field)
			return &r->namesakes.v[i];
	rc_push(&r->namesakes, ((struct namesakes){ .tag = tag, .field = field }));
	ns = &r->namesakes.v[r->namesakes.n - 1];
	for (uint32_t s = 0; f != RC_NONE && s < p->str.n; s++) {
		const char *name = rc_str(&p->str, s);
		uint32_t m;

		if (strncmp(name, tag, n) || name[n] != '@')
			continue;
		m = rc_map_get(&r->node_of, (uint64_t)N_FIELD << 60 | (uint64_t)s << 30 | f);
		if (m != RC_NONE)
			rc_push(&ns->node, m);
	}
	return ns;
}

/* Functions of the works or notifier blocks that lie at @pl. */
void pt_at_place(struct prog *p, const char *tag, const char *field, uint32_t pl,
		 struct rc_vec_u32 *out)
{
	const struct namesakes *ns = namesakes(p, tag, field);

	for (uint32_t i = 0; i < ns->node.n; i++)
		pt_at_node(p, ns->node.v[i], pl, true, out);
}

void points_to(struct prog *p)
{
	p->resolver = rc_alloc(sizeof(*p->resolver));
	collect_inits(p);
	for (uint32_t n = 0; n < p->fn.n; n++)
		collect_fn(p, n);
	propagate(p->resolver);
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
	for (uint32_t i = 0; i < r->namesakes.n; i++)
		rc_vec_free(&r->namesakes.v[i].node);
	rc_vec_free(&r->namesakes);
	rc_vec_free(&r->node);
	rc_map_free(&r->node_of);
	rc_vec_free(&r->work);
	rc_map_free(&r->edge_seen);
	free(r);
	p->resolver = NULL;
}
