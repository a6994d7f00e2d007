// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who is called: what each call through a pointer may reach.
 *
 * A call of a parameter is no call of the function that makes it: it belongs to
 * the caller who handed the callback in, so that iterators over buses, trees
 * and lists do not make everybody call everything.
 */
#include <stdlib.h>

#include "points.h"

/* Where an address may lie, through parameters of the callers. */
static void places_of(struct prog *p, uint32_t fn, uint32_t val, int depth, struct rc_vec_u32 *out)
{
	uint32_t unit = p->fn.v[fn].unit, pl = pt_place(p, unit, val);
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

/* Functions that @fn itself puts into the notifier block at @pl. */
static bool stored_here(struct prog *p, uint32_t fn, uint32_t pl, struct rc_vec_u32 *out)
{
	const struct sk_fn *sk = p->fn.v[fn].sk;
	bool any = false;

	for (uint32_t i = 0; i < sk->nevents; i++) {
		const struct sk_event *e = &sk->event[i];
		const struct sk_val *addr = prog_val(p, p->fn.v[fn].unit, e->callee);

		if (e->kind != SK_E_STORE || addr->kind != SK_FIELD ||
		    strcmp(rc_str(&p->str, addr->c), "notifier_call") ||
		    pt_place(p, p->fn.v[fn].unit, addr->a) != pl)
			continue;
		pt_functions(p, fn, p->fn.v[fn].unit, e->args[0], out);
		any = true;
	}
	return any;
}

/* @fn registers the functions of @fns. */
static void note_listeners(struct prog *p, uint32_t fn, const struct rc_vec_u32 *fns,
			   struct rc_vec_u32 *out)
{
	for (uint32_t i = 0; i < fns->n; i++) {
		rc_set_add(out, fns->v[i]);
		rc_push(&p->listener, ((struct listener){ .fn = fns->v[i], .by = fn }));
	}
}

/*
 * What a notifier block calls when it is registered. One field may be used for
 * blocks of several heads: what the function that registers it has stored there
 * says more than the field.
 */
static void callbacks_of(struct prog *p, uint32_t fn, uint32_t val, int depth,
			 struct rc_vec_u32 *out)
{
	uint32_t unit = p->fn.v[fn].unit, pl = pt_place(p, unit, val);
	const struct sk_val *v = prog_val(p, unit, val);

	if (pl != RC_NONE) {
		struct rc_vec_u32 here = {};

		if (!stored_here(p, fn, pl, &here))
			pt_at_place(p, "notifier_block", "notifier_call", pl, &here);
		note_listeners(p, fn, &here, out);
		rc_vec_free(&here);
		return;
	}
	if (v->kind != SK_PARAM || depth > 3)
		return;
	for (uint32_t i = 0; i + 1 < p->fn.v[fn].caller.n; i += 2) {
		uint32_t g = p->fn.v[fn].caller.v[i];
		const struct sk_event *e = &p->fn.v[g].sk->event[p->fn.v[fn].caller.v[i + 1]];

		if (v->a < e->nargs)
			callbacks_of(p, g, e->args[v->a], depth + 1, out);
	}
}

/* Pairs: place of a head, function that is registered there. */
static void registrations(struct prog *p, struct rc_vec_u32 *reg)
{
	for (uint32_t n = 0; n < p->fn.n; n++) {
		const struct sk_fn *sk = p->fn.v[n].sk;

		for (uint32_t i = 0; i < sk->nevents; i++) {
			const struct prim *pr = p->fn.v[n].call[i].prim;
			struct rc_vec_u32 heads = {}, fns = {};

			if (!pr || pr->op != P_NREG || sk->event[i].nargs < 2)
				continue;
			places_of(p, n, sk->event[i].args[0], 0, &heads);
			callbacks_of(p, n, sk->event[i].args[1], 0, &fns);
			for (uint32_t h = 0; h < heads.n; h++)
				for (uint32_t k = 0; k < fns.n; k++) {
					rc_push(reg, heads.v[h]);
					rc_push(reg, fns.v[k]);
				}
			rc_vec_free(&heads);
			rc_vec_free(&fns);
		}
	}
}

static void add_targets(struct prog *p, uint32_t fn, uint32_t ev, struct rc_vec_u32 *fns,
			uint8_t kind, uint32_t via)
{
	for (uint32_t i = 0; i < fns->n; i++) {
		struct target t = { .fn = fns->v[i], .via = via, .kind = kind,
				    .fan = (uint16_t)(fns->n > 65535 ? 65535 : fns->n) };

		rc_push(&p->target, t);
		rc_push(&p->fn.v[fns->v[i]].caller, fn);
		rc_push(&p->fn.v[fns->v[i]].caller, ev);
	}
}

static void target_work(struct prog *p, uint32_t n, uint32_t i, struct rc_vec_u32 *fns)
{
	const struct sk_event *e = &p->fn.v[n].sk->event[i];
	uint32_t pl = e->nargs ? pt_place(p, p->fn.v[n].unit, e->args[0]) : RC_NONE;

	if (pl == RC_NONE)
		return;
	pt_at_place(p, "work_struct", "func", pl, fns);
	pt_at_place(p, "kthread_work", "func", pl, fns);
}

static void target_notifier(struct prog *p, uint32_t n, uint32_t i,
			    const struct rc_vec_u32 *reg, struct rc_vec_u32 *fns)
{
	const struct sk_event *e = &p->fn.v[n].sk->event[i];
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

	if (p->every_lock)
		return;
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

static void target_call(struct prog *p, uint32_t n, uint32_t i, const struct rc_vec_u32 *reg)
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
		target_notifier(p, n, i, reg, &fns);
		kind = T_NOTIFIER;
	} else if (pr && pr->op == P_RPM) {
		target_rpm(p, n, i);
	} else if (pr) {
		;
	} else if (c->kind == SK_PARAM) {
		if (c->a < 64)
			p->fn.v[n].invokes |= 1ull << c->a;
	} else {
		pt_functions(p, n, unit, e->callee, &fns);
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
			pt_functions(p, n, p->fn.v[n].unit, e->args[a], &fns);
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
			plain(p, v->a, name, sizeof(name));
			p->fn.v[n].call[i].prim = p->every_lock ? prim_find_lock(name) :
								  prim_find(name);
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
	struct rc_vec_u32 reg = {};
	bool again = true;

	find_prims(p);
	points_to(p);
	registrations(p, &reg);
	for (uint32_t n = 0; n < p->fn.n; n++)
		p->fn.v[n].caller.n = 0;
	for (uint32_t n = 0; n < p->fn.n; n++) {
		for (uint32_t i = 0; i < p->fn.v[n].sk->nevents; i++) {
			struct call *c = &p->fn.v[n].call[i];

			c->first = p->target.n;
			if (p->fn.v[n].sk->event[i].kind == SK_E_CALL)
				target_call(p, n, i, &reg);
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
	mark_deferred(p);
	rc_vec_free(&reg);
}

