// SPDX-License-Identifier: GPL-2.0-only
/* What GFP flags may be, as far as reclaim cares. */
#include "program.h"

#define GFP_DIRECT_RECLAIM 0x400u
#define GFP_FS 0x80u

struct ctx {
	const struct prog *p;
	int depth;
	/* inside a called function: the value of its parameter 0 */
	const struct gfp *arg0;
};

static struct gfp eval(struct ctx *c, uint32_t unit, uint32_t val);

static struct gfp either(struct gfp a, struct gfp b)
{
	if (a.cond && b.cond && (a.if_param != b.if_param || a.if_value != b.if_value))
		a.reclaim = true;
	if (!a.cond && b.cond) {
		a.cond = true;
		a.if_param = b.if_param;
		a.if_value = b.if_value;
	}
	a.reclaim |= b.reclaim;
	a.fs |= b.fs;
	a.unsure |= b.unsure;
	a.params |= b.params;
	return a;
}

static bool constant(const struct prog *p, uint32_t unit, uint32_t val, uint64_t *num)
{
	const struct sk_val *v = prog_val(p, unit, val);

	*num = v->num;
	return v->kind == SK_CONST;
}

static struct gfp eval_and(struct ctx *c, uint32_t unit, const struct sk_val *v)
{
	struct gfp a = eval(c, unit, v->a), b = eval(c, unit, v->b), r;
	uint64_t num;

	/* A mask that leaves the bit alone says nothing of its own. */
	if (constant(c->p, unit, v->b, &num) || constant(c->p, unit, v->a, &num)) {
		r = constant(c->p, unit, v->b, &num) ? a : b;
		if (!(num & GFP_DIRECT_RECLAIM))
			return (struct gfp){};
		r.fs = r.fs && (num & GFP_FS);
		return r;
	}
	r = either(a, b);
	r.reclaim = a.reclaim && b.reclaim;
	r.unsure = r.unsure && !(a.reclaim && b.reclaim);
	return r;
}

/* gfp = current_gfp_context(flags), and what else computes flags from flags. */
static struct gfp eval_call(struct ctx *c, uint32_t unit, const struct sk_val *v)
{
	uint32_t f = prog_fn(c->p, v->a);
	struct gfp arg;
	struct ctx in;

	if (f == RC_NONE || c->depth > 4 || c->p->fn.v[f].sk->ret == RC_NONE)
		return (struct gfp){ .unsure = true };
	arg = eval(c, unit, v->b);
	in = (struct ctx){ .p = c->p, .depth = c->depth + 1, .arg0 = &arg };
	return eval(&in, c->p->fn.v[f].unit, c->p->fn.v[f].sk->ret);
}

/* atomic ? GFP_ATOMIC : GFP_KERNEL */
static struct gfp eval_if(struct ctx *c, uint32_t unit, const struct sk_val *v)
{
	struct gfp a = eval(c, unit, v->a), b = eval(c, unit, v->b), r = either(a, b);

	if (a.reclaim == b.reclaim || r.unsure || r.params || r.cond || c->arg0 || v->c >= 64)
		return r;
	r.reclaim = false;
	r.cond = true;
	r.if_param = v->c;
	r.if_value = a.reclaim;
	return r;
}

static struct gfp eval(struct ctx *c, uint32_t unit, uint32_t val)
{
	const struct sk_val *v = prog_val(c->p, unit, val);
	struct gfp r = {};

	switch (v->kind) {
	case SK_CONST:
		r.reclaim = v->num & GFP_DIRECT_RECLAIM;
		r.fs = v->num & GFP_FS;
		return r;
	case SK_PARAM:
		if (c->arg0 && !v->a)
			return *c->arg0;
		if (c->arg0 || v->a >= 64)
			r.unsure = true;
		else
			r.params = 1ull << v->a;
		return r;
	case SK_OR:
		return either(eval(c, unit, v->a), eval(c, unit, v->b));
	case SK_AND:
		return eval_and(c, unit, v);
	case SK_SET:
		for (uint32_t i = 0; i < v->b; i++)
			r = either(r, eval(c, unit, c->p->unit.v[unit].sk->set[v->a + i]));
		return r;
	case SK_IF:
		return eval_if(c, unit, v);
	case SK_CALL:
		return eval_call(c, unit, v);
	default:
		r.unsure = true;
		return r;
	}
}

struct gfp gfp_eval(const struct prog *p, uint32_t unit, uint32_t val)
{
	struct ctx c = { .p = p };

	return eval(&c, unit, val);
}
