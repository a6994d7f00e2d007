/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The skeleton of a translation unit: what is left of its code when only what
 * the analysis can use is kept. It is the file that the compiler wrapper
 * writes in place of the object.
 *
 * Values are expressions over a function's parameters, globals and fields,
 * each kept once in the unit's table and named by its index. Numbers of
 * strings are the unit's own until program.c has loaded it.
 */
#ifndef RC_SKEL_H
#define RC_SKEL_H

#include "util.h"

#define SK_MAGIC "RCSKEL\n"	/* with its NUL: eight bytes */
#define SK_VERSION 7u		/* of the format and of the extractor */

enum sk_kind {
	SK_UNKNOWN,
	SK_CONST,	/* num */
	SK_PARAM,	/* a: index */
	SK_FUNC,	/* a: identity (string) */
	SK_GLOBAL,	/* a: identity (string) */
	/* a: value of the base, b: struct, c: field (strings); num: its offset + 1, or 0 */
	SK_FIELD,
	SK_LOAD,	/* a: value of the address */
	SK_ALLOCA,	/* a: number of the local variable */
	SK_CALL,	/* a: identity of the function, b: value of argument 0 */
	SK_OR,		/* a, b: values */
	SK_AND,		/* a, b: values */
	SK_SET,		/* one of the values set[a .. a + b) */
	SK_IF,		/* value a if the parameter c, a bool, is true; else value b */
	SK_NKINDS
};

struct sk_val {
	uint8_t kind;
	uint32_t a, b, c;
	uint64_t num;
};

enum sk_event_kind {
	SK_E_CALL,	/* callee: value; args */
	SK_E_STORE,	/* callee: value of the address; args[0]: what is stored */
};

struct sk_event {
	uint8_t kind;
	uint32_t line;
	uint32_t callee;
	uint32_t nargs;
	uint32_t *args;
	uint32_t into;	/* local variable that takes the result, or RC_NONE */
};

/*
 * How a block ends. If the branch depends on what a call of this function
 * returned, @cond is the number of that event and the first successor is taken
 * if the result is (@nonzero) or is not zero; if it depends on bits of a
 * parameter, @cond_param and @cond_mask say so in the same way.
 */
struct sk_block {
	uint32_t first, n;	/* events */
	uint32_t nsucc;
	uint32_t *succ;
	uint32_t cond;		/* event or RC_NONE */
	uint32_t cond_param;	/* parameter or RC_NONE */
	uint64_t cond_mask;
	bool nonzero;
	bool ret;
	/*
	 * A branch on what a parameter is equal to: @sw is the parameter, and
	 * successor i is taken for @value[i] alone where @one[i] says so.
	 */
	uint32_t sw;
	uint64_t *value;
	bool *one;
};

#define SK_F_STATIC	1u	/* internal linkage */
#define SK_F_INLINE	2u	/* defined in a header */
#define SK_F_NORETURN	4u

struct sk_fn {
	uint32_t id, name, file, sig;	/* strings */
	uint32_t line, nparams, flags, nallocas;
	uint32_t ret;			/* value or RC_NONE */
	uint32_t nblocks, nevents;
	struct sk_block *block;
	struct sk_event *event;
};

/* A constant initialiser: the field(s) @addr of a global hold @val. */
struct sk_init {
	uint32_t addr, val;
};

struct skel {
	uint32_t source;	/* string: the file that was compiled */
	uint32_t nstr, nval, nset, nfn, ninit;
	const char **str;
	struct sk_val *val;
	uint32_t *set;
	struct sk_fn *fn;
	struct sk_init *init;
};

/* Magic, version (4), hash of the body (8), length of the body (8). */
#define SK_HEAD 28u
#define SK_AT 64u		/* behind the ELF header */

/* The bytes of @sk as an ELF object of @machine; the caller frees them. */
char *skel_write(const struct skel *sk, uint16_t machine, size_t *len);

/*
 * Reads a file. Memory comes from the arena; strings point into @data, which
 * must live as long. Every index is checked. NULL and a message that names
 * @path if the file is damaged, of another version, or no skeleton.
 */
struct skel *skel_read(const char *path, const char *data, size_t len);

/* True if the bytes begin as a skeleton does, of whatever version. */
bool skel_is(const char *data, size_t len);

#endif /* RC_SKEL_H */
