// SPDX-License-Identifier: GPL-2.0-only
/* Loading: many skeletons become one program. */
#include <stdlib.h>

#include "program.h"

/* From here on the strings of a unit are the program's. */
static void common_strings(struct prog *p, struct skel *sk)
{
	uint32_t *g = rc_alloc(sizeof(*g) * (sk->nstr + 1));

	for (uint32_t i = 0; i < sk->nstr; i++)
		g[i] = rc_intern(&p->str, sk->str[i]);
	sk->source = g[sk->source];
	for (uint32_t i = 0; i < sk->nval; i++) {
		struct sk_val *v = &sk->val[i];

		if (v->kind == SK_FUNC || v->kind == SK_GLOBAL || v->kind == SK_CALL)
			v->a = g[v->a];
		if (v->kind == SK_FIELD) {
			v->b = g[v->b];
			v->c = g[v->c];
		}
	}
	for (uint32_t i = 0; i < sk->nfn; i++) {
		struct sk_fn *f = &sk->fn[i];

		f->id = g[f->id];
		f->name = g[f->name];
		f->file = g[f->file];
		f->sig = g[f->sig];
	}
	free(g);
}

int prog_add(struct prog *p, const char *path, const char *data, size_t len)
{
	struct skel *sk = skel_read(path, data, len);

	if (!sk)
		return -1;
	rc_intern(&p->str, "");
	common_strings(p, sk);
	rc_push(&p->unit, ((struct unit){ .path = path, .sk = sk }));
	return 0;
}

uint32_t prog_fn(const struct prog *p, uint32_t id)
{
	return id < p->fn_of.n ? p->fn_of.v[id] : RC_NONE;
}

const char *fn_name(const struct prog *p, uint32_t fn)
{
	return rc_str(&p->str, p->fn.v[fn].name);
}

const char *fn_file(const struct prog *p, uint32_t fn)
{
	return rc_str(&p->str, p->fn.v[fn].file);
}

const char *plain(const struct prog *p, uint32_t id, char *buf, size_t size)
{
	const char *s = rc_str(&p->str, id), *at = strchr(s, '@');

	snprintf(buf, size, "%.*s", at ? (int)(at - s) : (int)strlen(s), s);
	return buf;
}

/* One function of each identity: that of the first unit that has it. */
void prog_link(struct prog *p)
{
	fields_name(p);
	while (p->fn_of.n < p->str.n)
		rc_push(&p->fn_of, RC_NONE);
	for (uint32_t u = 0; u < p->unit.n; u++) {
		struct skel *sk = p->unit.v[u].sk;

		for (uint32_t i = 0; i < sk->nfn; i++) {
			struct sk_fn *f = &sk->fn[i];
			struct fn fn = { .id = f->id, .name = f->name, .file = f->file,
					 .unit = u, .sk = f };

			if (p->fn_of.v[f->id] != RC_NONE)
				continue;
			fn.prim = p->every_lock ? NULL : prim_find(rc_str(&p->str, f->name));
			fn.call = rc_arena(sizeof(*fn.call) * f->nevents);
			p->fn_of.v[f->id] = p->fn.n;
			rc_push(&p->fn, fn);
		}
	}
}

void prog_free(struct prog *p)
{
	for (uint32_t i = 0; i < p->fn.n; i++) {
		struct fn *f = &p->fn.v[i];

		rc_vec_free(&f->out);
		rc_vec_free(&f->lock);
		rc_vec_free(&f->gfp);
		rc_vec_free(&f->fcase);
		rc_vec_free(&f->param_block);
		rc_vec_free(&f->caller);
	}
	for (uint32_t i = 0; i < p->lock.n; i++) {
		rc_vec_free(&p->lock.v[i].taint);
		rc_vec_free(&p->lock.v[i].taker);
	}
	resolve_free(p);
	rc_vec_free(&p->fn);
	rc_vec_free(&p->unit);
	rc_vec_free(&p->fn_of);
	rc_vec_free(&p->target);
	rc_vec_free(&p->listener);
	rc_vec_free(&p->lock);
	rc_map_free(&p->lock_of);
	rc_strings_free(&p->str);
}
