/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reading LLVM's bitcode: the only part of reclaimcheck that knows LLVM.
 */
#ifndef RC_IR_H
#define RC_IR_H

#include <llvm-c/Core.h>
#include <llvm-c/DebugInfo.h>
#include <llvm-c/Target.h>

#include "skel.h"

/* One module while it is turned into a skeleton. */
struct ir {
	LLVMModuleRef mod;
	LLVMContextRef ctx;
	LLVMTargetDataRef layout;
	unsigned int dbg_kind;

	/* ir-types.c */
	struct rc_strings tags;		/* tags of structs with debug info */
	RC_DECLARE_VEC(struct ir_struct) structs;
	struct rc_vec_u32 tag_first;	/* by tag: the first struct of that tag */
	struct rc_map seen;		/* metadata that was walked */
	struct rc_map by_md;		/* composite type -> struct */
	struct rc_map struct_of;	/* IR struct type -> struct + 1, 0: none */

	/* ir-value.c: tables of the skeleton */
	struct rc_strings str;
	RC_DECLARE_VEC(struct sk_val) val;
	struct rc_map val_by_hash;
	struct rc_vec_u32 val_next;	/* next value of the same hash */
	struct rc_vec_u32 set;
	RC_DECLARE_VEC(struct sk_fn) fn;
	RC_DECLARE_VEC(struct sk_init) init;
	struct rc_map tail_of;		/* GEP -> place in tail */
	struct rc_vec_u32 tail;
	struct rc_map ids;		/* global value -> string of its identity */
	uint32_t source;
};

struct ir_struct {
	LLVMMetadataRef md;
	uint32_t id;		/* string of the skeleton: tag@file */
	uint32_t next;		/* struct of the same tag */
	uint64_t bits;
};

/* The function being read. */
struct ir_fn {
	struct ir *ir;
	LLVMValueRef fn;
	struct rc_map memo;	/* LLVM value -> value + 1 */
	struct rc_map alloca_no;
	struct rc_map call_no;	/* call instruction -> event */
	uint32_t nallocas;
	int depth;
};

/* ir-types.c: names of structs and fields, out of the debug information. */
void ir_types_init(struct ir *ir);
void ir_types_free(struct ir *ir);
/* The struct that the IR type @type was made from, or RC_NONE. */
uint32_t ir_struct_of(struct ir *ir, LLVMTypeRef type);
/*
 * The member at byte @off of struct @st: its name, and the struct that it is
 * (RC_NONE if it is none), with what is left of the offset. False: padding.
 */
bool ir_member(struct ir *ir, uint32_t st, uint64_t *off, uint32_t *field,
	       uint32_t *inner);
/* The struct that a global variable is, or is an array of; *@elem its size. */
uint32_t ir_struct_of_global(struct ir *ir, LLVMValueRef global, uint64_t *elem);
const char *ir_source(struct ir *ir);
/* File (as the compiler was given it) and line of a function. */
void ir_where(struct ir *ir, LLVMMetadataRef subprogram, const char **file,
	      uint32_t *line);

/* ir-value.c */
uint32_t ir_val(struct ir *ir, struct sk_val v);
/*
 * The address of field @field (string) of struct @st that begins at @base; @at: its
 * offset in bytes + 1, or 0 if that is not known.
 */
uint32_t ir_field(struct ir *ir, uint32_t base, uint32_t st, uint32_t field, uint64_t at);
uint32_t ir_id(struct ir *ir, LLVMValueRef global);
uint32_t ir_eval(struct ir_fn *f, LLVMValueRef v);
uint32_t ir_first_field(struct ir *ir, LLVMValueRef global, uint32_t val, bool lock);
bool ir_const_int(LLVMValueRef v, uint64_t *num);

/* ir-init.c: constant initialisers of globals. */
void ir_inits(struct ir *ir);

/*
 * ir-extract.c: the skeleton of the bitcode @data as the bytes of a file.
 * NULL and a message if LLVM cannot read it.
 */
char *ir_extract(const char *name, const char *data, size_t size, size_t *len);

#endif /* RC_IR_H */
