// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reading skeletons. The file may have been cut short by a full disk or come
 * from another version: nothing in it is believed before it is checked.
 */
#include "skel.h"

struct in {
	const unsigned char *p, *end;
	bool bad;
};

static uint64_t num(struct in *in)
{
	uint64_t x = 0;

	for (int shift = 0; shift < 64; shift += 7) {
		if (in->p == in->end)
			break;
		x |= (uint64_t)(*in->p & 0x7f) << shift;
		if (!(*in->p++ & 0x80))
			return x;
	}
	in->bad = true;
	return 0;
}

/* A number below @limit. */
static uint32_t below(struct in *in, uint32_t limit)
{
	uint64_t x = num(in);

	if (x >= limit) {
		in->bad = true;
		return 0;
	}
	return (uint32_t)x;
}

static uint32_t opt(struct in *in, uint32_t limit)
{
	uint64_t x = num(in);

	if (!x)
		return RC_NONE;
	if (x - 1 >= limit) {
		in->bad = true;
		return RC_NONE;
	}
	return (uint32_t)(x - 1);
}

/* A count of things of at least one byte each: bounded by what is left. */
static uint32_t count(struct in *in)
{
	uint64_t x = num(in);

	if (in->bad || x > (uint64_t)(in->end - in->p)) {
		in->bad = true;
		return 0;
	}
	return (uint32_t)x;
}

static void get_strings(struct in *in, struct skel *sk)
{
	sk->nstr = count(in);
	sk->str = rc_arena(sizeof(*sk->str) * sk->nstr);
	for (uint32_t i = 0; i < sk->nstr; i++) {
		const void *nul = memchr(in->p, 0, (size_t)(in->end - in->p));

		if (!nul) {
			in->bad = true;
			sk->nstr = i;
			return;
		}
		sk->str[i] = (const char *)in->p;
		in->p = (const unsigned char *)nul + 1;
	}
}

/*
 * A value may only name values before it, so that no walk over values can go
 * round in circles.
 */
static void get_val(struct in *in, struct skel *sk, uint32_t self)
{
	struct sk_val *v = &sk->val[self];

	v->kind = (uint8_t)below(in, SK_NKINDS);
	switch (v->kind) {
	case SK_CONST:
		v->num = num(in);
		return;
	case SK_FUNC:
	case SK_GLOBAL:
		v->a = below(in, sk->nstr);
		num(in);
		return;
	case SK_CALL:
		v->a = below(in, sk->nstr);
		v->b = below(in, self);
		return;
	case SK_FIELD:
		v->a = below(in, self);
		v->b = below(in, sk->nstr);
		v->c = below(in, sk->nstr);
		v->num = num(in);
		return;
	case SK_LOAD:
		v->a = below(in, self);
		num(in);
		return;
	case SK_OR:
	case SK_AND:
		v->a = below(in, self);
		v->b = below(in, self);
		return;
	case SK_IF:
		v->a = below(in, self);
		v->b = below(in, self);
		v->c = below(in, RC_NONE);
		return;
	case SK_SET:
		v->a = below(in, sk->nset + 1);
		v->b = below(in, sk->nset + 1);
		if (v->b > sk->nset - v->a)
			in->bad = true;
		for (uint32_t i = 0; !in->bad && i < v->b; i++)
			if (sk->set[v->a + i] >= self)
				in->bad = true;
		return;
	default:
		v->a = below(in, RC_NONE);
		num(in);
		return;
	}
}

static void get_event(struct in *in, struct skel *sk, struct sk_fn *f,
		      struct sk_event *e)
{
	e->kind = (uint8_t)below(in, 2);
	e->line = below(in, RC_NONE);
	e->callee = below(in, sk->nval);
	e->into = opt(in, f->nallocas);
	e->nargs = count(in);
	if (e->kind == SK_E_STORE && !e->nargs)
		in->bad = true;
	e->args = rc_arena(sizeof(*e->args) * e->nargs);
	for (uint32_t i = 0; i < e->nargs; i++)
		e->args[i] = below(in, sk->nval);
}

static uint32_t get_block(struct in *in, struct sk_fn *f, struct sk_block *b,
			  uint32_t first)
{
	uint32_t bits;

	b->first = first;
	b->n = below(in, f->nevents + 1);
	if (b->n > f->nevents - first) {
		in->bad = true;
		b->n = 0;
	}
	bits = below(in, 4);
	b->ret = bits & 1;
	b->nonzero = bits & 2;
	b->cond = opt(in, f->nevents);
	b->cond_param = opt(in, f->nparams);
	if (b->cond_param != RC_NONE)
		b->cond_mask = num(in);
	b->nsucc = count(in);
	b->succ = rc_arena(sizeof(*b->succ) * b->nsucc);
	for (uint32_t i = 0; i < b->nsucc; i++)
		b->succ[i] = below(in, f->nblocks);
	b->sw = opt(in, f->nparams);
	if (b->sw == RC_NONE)
		return first + b->n;
	b->value = rc_arena(sizeof(*b->value) * b->nsucc);
	b->one = rc_arena(sizeof(*b->one) * b->nsucc);
	for (uint32_t i = 0; i < b->nsucc; i++) {
		b->one[i] = below(in, 2);
		b->value[i] = num(in);
	}
	return first + b->n;
}

static void get_fn(struct in *in, struct skel *sk, struct sk_fn *f)
{
	uint32_t first = 0;

	f->id = below(in, sk->nstr);
	f->name = below(in, sk->nstr);
	f->file = below(in, sk->nstr);
	f->sig = below(in, sk->nstr);
	f->line = below(in, RC_NONE);
	f->nparams = below(in, 4096);
	f->flags = below(in, RC_NONE);
	f->nallocas = below(in, 1u << 24);
	f->ret = opt(in, sk->nval);
	f->nevents = count(in);
	f->event = rc_arena(sizeof(*f->event) * f->nevents);
	for (uint32_t i = 0; i < f->nevents && !in->bad; i++)
		get_event(in, sk, f, &f->event[i]);
	f->nblocks = count(in);
	f->block = rc_arena(sizeof(*f->block) * f->nblocks);
	for (uint32_t i = 0; i < f->nblocks && !in->bad; i++)
		first = get_block(in, f, &f->block[i], first);
	if (first != f->nevents)
		in->bad = true;
}

static void get_body(struct in *in, struct skel *sk)
{
	get_strings(in, sk);
	sk->source = below(in, sk->nstr);
	sk->nset = count(in);
	sk->set = rc_arena(sizeof(*sk->set) * sk->nset);
	for (uint32_t i = 0; i < sk->nset; i++)
		sk->set[i] = below(in, RC_NONE);
	sk->nval = count(in);
	sk->val = rc_arena(sizeof(*sk->val) * sk->nval);
	for (uint32_t i = 0; i < sk->nval && !in->bad; i++)
		get_val(in, sk, i);
	sk->nfn = count(in);
	sk->fn = rc_arena(sizeof(*sk->fn) * sk->nfn);
	for (uint32_t i = 0; i < sk->nfn && !in->bad; i++)
		get_fn(in, sk, &sk->fn[i]);
	sk->ninit = count(in);
	sk->init = rc_arena(sizeof(*sk->init) * sk->ninit);
	for (uint32_t i = 0; i < sk->ninit && !in->bad; i++) {
		sk->init[i].addr = below(in, sk->nval);
		sk->init[i].val = below(in, sk->nval);
	}
	if (in->p != in->end)
		in->bad = true;
}

bool skel_is(const char *data, size_t len)
{
	return len >= SK_AT + 8 && !memcmp(data + SK_AT, SK_MAGIC, 8);
}

struct skel *skel_read(const char *path, const char *data, size_t len)
{
	const unsigned char *p = (const unsigned char *)data;
	struct skel *sk;
	struct in in;
	uint64_t hash = 0, body = 0;
	uint32_t version = 0;

	if (!skel_is(data, len)) {
		if (len >= 4 && !memcmp(data, "BC\xc0\xde", 4))
			rc_error("%s: LLVM bitcode, not a skeleton: built without the wrapper?",
				 path);
		else
			rc_error("%s: not a skeleton", path);
		return NULL;
	}
	if (len < SK_AT + SK_HEAD) {
		rc_error("%s: cut short", path);
		return NULL;
	}
	p += SK_AT;
	for (int i = 0; i < 4; i++)
		version |= (uint32_t)p[8 + i] << (8 * i);
	for (int i = 0; i < 8; i++)
		hash |= (uint64_t)p[12 + i] << (8 * i);
	if (version != SK_VERSION) {
		rc_error("%s: skeleton of version %u, this is version %u: build the tree again",
			 path, version, SK_VERSION);
		return NULL;
	}
	for (int i = 0; i < 8; i++)
		body |= (uint64_t)p[20 + i] << (8 * i);
	if (body > len - SK_AT - SK_HEAD) {
		rc_error("%s: cut short: remove it and build again", path);
		return NULL;
	}
	if (rc_hash(p + SK_HEAD, body) != hash) {
		rc_error("%s: damaged (its hash does not match): remove it and build again", path);
		return NULL;
	}
	sk = rc_arena(sizeof(*sk));
	in = (struct in){ .p = p + SK_HEAD, .end = p + SK_HEAD + body };
	get_body(&in, sk);
	if (in.bad) {
		rc_error("%s: malformed skeleton", path);
		return NULL;
	}
	return sk;
}
