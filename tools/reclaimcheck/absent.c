// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who cannot be there while a root runs, and so holds no lock that it would wait for.
 *
 * A scheduler runs one job at a time, and power management calls the runtime callbacks
 * of a device one at a time: what is only ever called by such a function is not there
 * while it, or another of them, is. That is said of one scheduler and of one device, and
 * a lock's class is that of many; so it is asked of locks alone that lie in the struct
 * that has the scheduler, or that is the device's own data.
 */
#include <stdlib.h>

#include "search.h"

/* How the address of a function is used. */
enum { TAKEN_JOB = 1, TAKEN_PM = 2, TAKEN_ELSE = 4 };

/* Functions, and structs in which a lock that they alone hold is free for the root. */
struct peers {
	struct rc_vec_u32 fn;
	struct rc_vec_u32 tag;
	uint8_t taken;		/* how the address of each has to be used */
};

enum { BY_JOB, BY_DEVICE, PEERS };

struct company {
	struct peers (*of)[PEERS];	/* of each root */
	bool *made;
	uint8_t *taken;			/* of each function */
	uint32_t nroots;
};

static bool is_slot(const struct prog *p, const struct sk_val *v, const char *tag,
		    const char *field)
{
	size_t n = strlen(tag);
	const char *id;

	if (v->kind != SK_FIELD)
		return false;
	id = rc_str(&p->str, v->b);
	return !strncmp(id, tag, n) && id[n] == '@' && !strcmp(rc_str(&p->str, v->c), field);
}

static uint8_t slot_of(const struct prog *p, const struct sk_val *v)
{
	if (is_slot(p, v, "drm_sched_backend_ops", "run_job"))
		return TAKEN_JOB;
	/* Not "runtime_idle", which may run beside the two, nor what a system's sleep calls. */
	if (is_slot(p, v, "dev_pm_ops", "runtime_suspend") ||
	    is_slot(p, v, "dev_pm_ops", "runtime_resume"))
		return TAKEN_PM;
	return TAKEN_ELSE;
}

#define MAX_DEPTH 32

static void mark(const struct prog *p, struct company *c, uint32_t unit, uint32_t val, uint8_t how,
		 int depth)
{
	const struct sk_val *v = prog_val(p, unit, val);
	uint32_t fn;

	if (depth > MAX_DEPTH)
		return;
	switch (v->kind) {
	case SK_FUNC:
		fn = prog_fn(p, v->a);
		if (fn != RC_NONE)
			c->taken[fn] |= how;
		return;
	case SK_SET:
		for (uint32_t i = 0; i < v->b; i++)
			mark(p, c, unit, p->unit.v[unit].sk->set[v->a + i], how, depth + 1);
		return;
	case SK_FIELD:
	case SK_LOAD:
		mark(p, c, unit, v->a, TAKEN_ELSE, depth + 1);
		return;
	case SK_CALL:
		mark(p, c, unit, v->b, TAKEN_ELSE, depth + 1);
		return;
	case SK_OR:
	case SK_AND:
	case SK_IF:
		mark(p, c, unit, v->a, how, depth + 1);
		mark(p, c, unit, v->b, how, depth + 1);
		return;
	default:
		return;
	}
}

static void mark_events(const struct prog *p, struct company *c, const struct fn *f)
{
	for (uint32_t i = 0; i < f->sk->nevents; i++) {
		const struct sk_event *e = &f->sk->event[i];
		const struct sk_val *to = prog_val(p, f->unit, e->callee);
		uint8_t how = e->kind == SK_E_STORE ? slot_of(p, to) : TAKEN_ELSE;

		/* Of which device a table is that is filled in later is not known. */
		if (how == TAKEN_PM)
			how = TAKEN_ELSE;
		if (to->kind != SK_FUNC)
			mark(p, c, f->unit, e->callee, TAKEN_ELSE, 0);
		for (uint32_t a = 0; a < e->nargs; a++)
			mark(p, c, f->unit, e->args[a], how, 0);
	}
	if (f->sk->ret != RC_NONE)
		mark(p, c, f->unit, f->sk->ret, TAKEN_ELSE, 0);
}

static struct company *company_new(const struct prog *p, const struct findings *fs)
{
	struct company *c = rc_alloc(sizeof(*c));

	c->nroots = fs->root.n;
	c->of = rc_alloc(sizeof(*c->of) * (fs->root.n + 1));
	c->made = rc_alloc(fs->root.n + 1);
	c->taken = rc_alloc(p->fn.n + 1);
	for (uint32_t n = 0; n < p->fn.n; n++)
		mark_events(p, c, &p->fn.v[n]);
	for (uint32_t u = 0; u < p->unit.n; u++) {
		const struct skel *sk = p->unit.v[u].sk;

		for (uint32_t i = 0; i < sk->ninit; i++)
			mark(p, c, u, sk->init[i].val, slot_of(p, &sk->val[sk->init[i].addr]), 0);
	}
	return c;
}

void absent_free(struct company *c)
{
	for (uint32_t r = 0; c && r < c->nroots; r++) {
		for (uint32_t k = 0; k < PEERS; k++) {
			rc_vec_free(&c->of[r][k].fn);
			rc_vec_free(&c->of[r][k].tag);
		}
	}
	if (c) {
		free(c->of);
		free(c->made);
		free(c->taken);
	}
	free(c);
}

/* Is the event run again before the function returns? */
static bool in_loop(const struct sk_fn *sk, uint32_t ev)
{
	bool *seen = rc_alloc(sk->nblocks + 1), found = false;
	struct rc_vec_u32 todo = {};
	uint32_t at = 0;

	while (at < sk->nblocks && ev - sk->block[at].first >= sk->block[at].n)
		at++;
	if (at < sk->nblocks)
		rc_push(&todo, at);
	while (todo.n && !found) {
		const struct sk_block *b = &sk->block[todo.v[--todo.n]];

		for (uint32_t k = 0; k < b->nsucc; k++) {
			found |= b->succ[k] == at;
			if (!seen[b->succ[k]])
				rc_push(&todo, b->succ[k]);
			seen[b->succ[k]] = true;
		}
	}
	rc_vec_free(&todo);
	free(seen);
	return found;
}

/* No number that could say which of an array is meant. */
static bool pointers_only(const char *sig)
{
	const char *s = strchr(sig, '(');

	for (s = s ? s + 1 : ""; *s && *s != ')'; s += strspn(s, ", ")) {
		if (strncmp(s, "ptr", 3))
			return false;
		s += 3;
	}
	return *s == ')';
}

/*
 * The struct that has the one scheduler that the driver of @file makes: by one call,
 * which is made once. An array of them would have a loop, or be told which it is.
 */
static uint32_t scheduler_in(const struct prog *p, const char *file)
{
	uint32_t init = rc_lookup(&p->str, "drm_sched_init"), tag = RC_NONE;

	for (uint32_t n = 0; init != RC_NONE && n < p->fn.n; n++) {
		const struct fn *f = &p->fn.v[n];

		if (!same_driver(file, fn_file(p, n)))
			continue;
		for (uint32_t i = 0; i < f->sk->nevents; i++) {
			const struct sk_event *e = &f->sk->event[i];
			const struct sk_val *v = prog_val(p, f->unit, e->callee);

			if (e->kind != SK_E_CALL || v->kind != SK_FUNC || v->a != init)
				continue;
			v = e->nargs ? prog_val(p, f->unit, e->args[0]) : v;
			if (tag != RC_NONE || v->kind != SK_FIELD || in_loop(f->sk, i) ||
			    !pointers_only(rc_str(&p->str, f->sk->sig)))
				return RC_NONE;
			tag = v->b;
		}
	}
	return tag;
}

/* Does a value begin at the data of the device that is the first argument? */
static bool is_drvdata(const struct prog *p, uint32_t unit, uint32_t val)
{
	const struct sk_val *v = prog_val(p, unit, val);
	char name[32];

	return v->kind == SK_CALL &&
	       !strcmp(plain(p, v->a, name, sizeof(name)), "dev_get_drvdata") &&
	       prog_val(p, unit, v->b)->kind == SK_PARAM && !prog_val(p, unit, v->b)->a;
}

/* Structs of which a field is used in @val of what is @param there, or of the data. */
static void add_tags(const struct prog *p, uint32_t unit, uint32_t val, uint32_t param,
		     struct rc_vec_u32 *out)
{
	const struct sk_val *v = prog_val(p, unit, val), *base;

	for (int depth = 0; depth < MAX_DEPTH; depth++) {
		if (v->kind != SK_FIELD && v->kind != SK_LOAD)
			return;
		base = prog_val(p, unit, v->a);
		if (v->kind == SK_FIELD &&
		    (param == RC_NONE ? is_drvdata(p, unit, v->a) :
					base->kind == SK_PARAM && base->a == param))
			rc_set_add(out, v->b);
		v = base;
	}
}

static void add_tags_of_fn(const struct prog *p, uint32_t fn, uint32_t param,
			   struct rc_vec_u32 *out)
{
	const struct fn *f = &p->fn.v[fn];

	for (uint32_t i = 0; i < f->sk->nevents; i++) {
		const struct sk_event *e = &f->sk->event[i];
		const struct call *c = &f->call[i];

		add_tags(p, f->unit, e->callee, param, out);
		for (uint32_t a = 0; a < e->nargs; a++) {
			add_tags(p, f->unit, e->args[a], param, out);
			if (param != RC_NONE || !is_drvdata(p, f->unit, e->args[a]))
				continue;
			for (uint32_t t = c->first; t < c->first + c->n; t++)
				if (p->target.v[t].kind == T_DIRECT)
					add_tags_of_fn(p, p->target.v[t].fn, a, out);
		}
	}
}

/* The runtime callbacks that lie in one table with @resume. */
static void add_callbacks(const struct prog *p, uint32_t resume, struct rc_vec_u32 *out)
{
	for (uint32_t u = 0; u < p->unit.n; u++) {
		const struct skel *sk = p->unit.v[u].sk;
		uint32_t table = RC_NONE;

		for (uint32_t i = 0; i < sk->ninit; i++) {
			const struct sk_val *v = &sk->val[sk->init[i].val];

			if (v->kind == SK_FUNC && prog_fn(p, v->a) == resume &&
			    slot_of(p, &sk->val[sk->init[i].addr]) == TAKEN_PM)
				table = sk->val[sk->init[i].addr].a;
		}
		for (uint32_t i = 0; i < sk->ninit && table != RC_NONE; i++) {
			const struct sk_val *addr = &sk->val[sk->init[i].addr];
			const struct sk_val *v = &sk->val[sk->init[i].val];

			if (slot_of(p, addr) == TAKEN_PM && addr->a == table &&
			    v->kind == SK_FUNC && prog_fn(p, v->a) != RC_NONE)
				rc_set_add(out, prog_fn(p, v->a));
		}
	}
}

static void make_peers(const struct prog *p, const struct root *r, struct peers *of)
{
	uint32_t tag, job = r->fn;

	of[BY_JOB].taken = TAKEN_JOB;
	of[BY_DEVICE].taken = TAKEN_PM;
	if (!strcmp(r->why, "runtime_resume")) {
		add_callbacks(p, r->fn, &of[BY_DEVICE].fn);
		add_tags_of_fn(p, r->fn, RC_NONE, &of[BY_DEVICE].tag);
		job = r->waker;
	} else if (r->section) {
		return;
	}
	if (job == RC_NONE)
		return;
	tag = scheduler_in(p, fn_file(p, job));
	if (tag == RC_NONE || (job != r->fn && !rc_set_has(&of[BY_DEVICE].tag, tag)))
		return;
	rc_push(&of[BY_JOB].fn, job);
	rc_push(&of[BY_JOB].tag, tag);
}

/* Is each call of a peer one that its scheduler, or power management, makes? */
static bool called_in_turn(const struct prog *p, uint32_t fn, uint8_t taken)
{
	const struct rc_vec_u32 *from = &p->fn.v[fn].caller;

	for (uint32_t i = 0; i + 1 < from->n; i += 2) {
		const struct fn *g = &p->fn.v[from->v[i]];
		const struct call *c = &g->call[from->v[i + 1]];
		const struct sk_val *v = prog_val(p, g->unit,
						  g->sk->event[from->v[i + 1]].callee);

		for (uint32_t t = c->first; t < c->first + c->n; t++) {
			const struct target *to = &p->target.v[t];

			if (to->fn != fn || to->kind == T_RPM)
				continue;
			if (to->kind != T_POINTER || v->kind != SK_LOAD ||
			    slot_of(p, prog_val(p, g->unit, v->a)) != taken)
				return false;
		}
	}
	return true;
}

/* Is @fn only ever called by peers, and by what these alone call? */
static bool only_from(const struct prog *p, const struct company *c, const struct peers *of,
		      uint32_t fn)
{
	struct rc_vec_u32 met = {};
	bool ret = true;

	rc_push(&met, fn);
	for (uint32_t i = 0; i < met.n && ret; i++) {
		uint32_t n = met.v[i];
		const struct rc_vec_u32 *from = &p->fn.v[n].caller;

		if (rc_set_has(&of->fn, n)) {
			ret = c->taken[n] == of->taken && called_in_turn(p, n, of->taken);
			continue;
		}
		ret = from->n && !c->taken[n];
		for (uint32_t k = 0; k + 1 < from->n; k += 2)
			rc_set_add(&met, from->v[k]);
	}
	rc_vec_free(&met);
	return ret;
}

/* Does the lock lie in a struct with this tag, and not behind a pointer there? */
static bool lies_in(const struct prog *p, uint32_t lock, uint32_t tag)
{
	const char *id = rc_str(&p->str, p->lock.v[lock].id), *in = rc_str(&p->str, tag);
	size_t n = strlen(in);

	return !strncmp(id, in, n) && id[n] == ':';
}

static bool absent_for(struct search *s, uint32_t root, uint32_t lock, const struct taint *t)
{
	struct company *c = s->fs->company;
	struct peers *of = c->of[root];

	if (!c->made[root])
		make_peers(s->p, &s->fs->root.v[root], of);
	c->made[root] = true;
	for (uint32_t k = 0; k < PEERS; k++) {
		/* Of the jobs, the one that asks for a resume alone waits for no other. */
		if (k == BY_JOB && root != s->root &&
		    s->fs->root.v[root].waker != s->fs->root.v[s->root].fn)
			continue;
		for (uint32_t i = 0; i < of[k].tag.n; i++)
			if (lies_in(s->p, lock, of[k].tag.v[i]) &&
			    only_from(s->p, c, &of[k], t->fn))
				return true;
	}
	return false;
}

bool absent(struct search *s, uint32_t lock, const struct taint *t)
{
	/* Of so many, some were not kept. */
	if (s->p->lock.v[lock].taint.n >= MAX_TAINTS)
		return false;
	if (!s->fs->company)
		s->fs->company = company_new(s->p, s->fs);
	return absent_for(s, s->root, lock, t) || absent_for(s, s->resume, lock, t);
}
