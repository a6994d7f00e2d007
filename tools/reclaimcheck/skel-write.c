// SPDX-License-Identifier: GPL-2.0-only
/*
 * Writing skeletons. Numbers are LEB128: most are small, and a unit's file is
 * then a few per cent of its bitcode.
 */
#include <elf.h>
#include <stdlib.h>

#include "skel.h"

struct out {
	char *v;
	size_t n, cap;
};

static void put(struct out *o, const void *data, size_t len)
{
	if (o->n + len > o->cap)
		o->v = rc_grow(o->v, &o->cap, o->n + len, 1);
	memcpy(o->v + o->n, data, len);
	o->n += len;
}

static void num(struct out *o, uint64_t x)
{
	unsigned char b[10];
	int n = 0;

	do {
		b[n] = x & 0x7f;
		x >>= 7;
		if (x)
			b[n] |= 0x80;
		n++;
	} while (x);
	put(o, b, n);
}

/* RC_NONE is common and would take five bytes: 0 stands for it. */
static void opt(struct out *o, uint32_t x)
{
	num(o, x == RC_NONE ? 0 : (uint64_t)x + 1);
}

static void put_event(struct out *o, const struct sk_event *e)
{
	num(o, e->kind);
	num(o, e->line);
	num(o, e->callee);
	opt(o, e->into);
	num(o, e->nargs);
	for (uint32_t i = 0; i < e->nargs; i++)
		num(o, e->args[i]);
}

static void put_block(struct out *o, const struct sk_block *b)
{
	num(o, b->n);
	num(o, (b->ret ? 1 : 0) | (b->nonzero ? 2 : 0));
	opt(o, b->cond);
	opt(o, b->cond_param);
	if (b->cond_param != RC_NONE)
		num(o, b->cond_mask);
	num(o, b->nsucc);
	for (uint32_t i = 0; i < b->nsucc; i++)
		num(o, b->succ[i]);
	opt(o, b->sw);
	for (uint32_t i = 0; b->sw != RC_NONE && i < b->nsucc; i++) {
		num(o, b->one[i]);
		num(o, b->one[i] ? b->value[i] : 0);
	}
}

static void put_fn(struct out *o, const struct sk_fn *f)
{
	num(o, f->id);
	num(o, f->name);
	num(o, f->file);
	num(o, f->sig);
	num(o, f->line);
	num(o, f->nparams);
	num(o, f->flags);
	num(o, f->nallocas);
	opt(o, f->ret);
	num(o, f->nevents);
	for (uint32_t i = 0; i < f->nevents; i++)
		put_event(o, &f->event[i]);
	num(o, f->nblocks);
	for (uint32_t i = 0; i < f->nblocks; i++)
		put_block(o, &f->block[i]);
}

static void put_val(struct out *o, const struct sk_val *v)
{
	num(o, v->kind);
	if (v->kind == SK_CONST) {
		num(o, v->num);
		return;
	}
	num(o, v->a);
	num(o, v->b);
	if (v->kind == SK_FIELD || v->kind == SK_IF)
		num(o, v->c);
	if (v->kind == SK_FIELD)
		num(o, v->num);
}

/*
 * The skeleton lies in a section of an ELF object without code, so that what
 * Kbuild does with objects (nm, ar, checks for exports) works.
 */
static const char shstrtab[] = "\0.reclaimcheck\0.shstrtab";

static void elf_head(struct out *o, uint16_t machine, size_t len)
{
	Elf64_Ehdr h = {
		.e_ident = { 0x7f, 'E', 'L', 'F', ELFCLASS64, ELFDATA2LSB, EV_CURRENT },
		.e_type = ET_REL, .e_machine = machine, .e_version = EV_CURRENT,
		.e_shoff = sizeof(h) + SK_HEAD + len + sizeof(shstrtab),
		.e_ehsize = sizeof(h), .e_shentsize = sizeof(Elf64_Shdr),
		.e_shnum = 3, .e_shstrndx = 2,
	};

	put(o, &h, sizeof(h));
}

static void elf_tail(struct out *o, size_t len)
{
	Elf64_Shdr sh[3] = {
		{ .sh_type = SHT_NULL },
		{ .sh_name = 1, .sh_type = SHT_PROGBITS, .sh_addralign = 1,
		  .sh_offset = sizeof(Elf64_Ehdr), .sh_size = SK_HEAD + len },
		{ .sh_name = 15, .sh_type = SHT_STRTAB, .sh_addralign = 1,
		  .sh_offset = sizeof(Elf64_Ehdr) + SK_HEAD + len,
		  .sh_size = sizeof(shstrtab) },
	};

	put(o, shstrtab, sizeof(shstrtab));
	put(o, sh, sizeof(sh));
}

static void le(struct out *o, uint64_t x, int bytes)
{
	for (int i = 0; i < bytes; i++) {
		unsigned char c = (unsigned char)(x >> (8 * i));

		put(o, &c, 1);
	}
}

char *skel_write(const struct skel *sk, uint16_t machine, size_t *len)
{
	struct out o = {}, file = {};
	uint64_t hash;

	num(&o, sk->nstr);
	for (uint32_t i = 0; i < sk->nstr; i++)
		put(&o, sk->str[i], strlen(sk->str[i]) + 1);
	num(&o, sk->source);
	num(&o, sk->nset);
	for (uint32_t i = 0; i < sk->nset; i++)
		num(&o, sk->set[i]);
	num(&o, sk->nval);
	for (uint32_t i = 0; i < sk->nval; i++)
		put_val(&o, &sk->val[i]);
	num(&o, sk->nfn);
	for (uint32_t i = 0; i < sk->nfn; i++)
		put_fn(&o, &sk->fn[i]);
	num(&o, sk->ninit);
	for (uint32_t i = 0; i < sk->ninit; i++) {
		num(&o, sk->init[i].addr);
		num(&o, sk->init[i].val);
	}

	hash = rc_hash(o.v, o.n);
	elf_head(&file, machine, o.n);
	put(&file, SK_MAGIC, 8);
	le(&file, SK_VERSION, 4);
	le(&file, hash, 8);
	le(&file, o.n, 8);
	put(&file, o.v, o.n);
	elf_tail(&file, o.n);
	free(o.v);
	*len = file.n;
	return file.v;
}
