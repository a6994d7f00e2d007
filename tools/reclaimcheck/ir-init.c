// SPDX-License-Identifier: GPL-2.0-only
/*
 * Constant initialisers: which functions (and which globals) the fields of a
 * variable hold from the start. Walked by byte offset, because clang gives a
 * variable with unions or padding a type of its own.
 */
#include <stdlib.h>

#include <llvm-c/Target.h>

#include "ir.h"

struct place {
	struct ir *ir;
	LLVMValueRef global;
	uint32_t st;
	uint64_t elem;	/* size of the struct: elements of an array alike */
};

static void found(struct place *p, uint64_t off, LLVMValueRef what)
{
	struct ir *ir = p->ir;
	uint32_t st = p->st, field, inner;
	uint32_t addr = ir_val(ir, (struct sk_val){ .kind = SK_GLOBAL,
						    .a = ir_id(ir, p->global) });
	bool fn = LLVMIsAFunction(what);
	uint64_t at;

	if (p->elem)
		off %= p->elem;
	for (int depth = 0; st != RC_NONE && depth < 16; depth++) {
		at = off;
		if (!ir_member(ir, st, &off, &field, &inner))
			return;
		addr = ir_field(ir, addr, st, field, off ? 0 : at + 1);
		st = inner;
	}
	rc_push(&ir->init, ((struct sk_init){
		.addr = addr,
		.val = ir_val(ir, (struct sk_val){ .kind = fn ? SK_FUNC : SK_GLOBAL,
						   .a = ir_id(ir, what) }) }));
}

static void walk(struct place *p, uint64_t off, LLVMValueRef c, int depth)
{
	LLVMTypeRef t = LLVMTypeOf(c);

	if (depth > 16)
		return;
	while (LLVMIsAConstantExpr(c) && LLVMGetNumOperands(c) &&
	       (LLVMGetConstOpcode(c) == LLVMPtrToInt ||
		LLVMGetConstOpcode(c) == LLVMGetElementPtr ||
		LLVMGetConstOpcode(c) == LLVMBitCast))
		c = LLVMGetOperand(c, 0);
	if (LLVMIsAFunction(c) || LLVMIsAGlobalVariable(c)) {
		found(p, off, c);
	} else if (LLVMIsAConstantStruct(c)) {
		for (int i = 0; i < LLVMGetNumOperands(c); i++)
			walk(p, off + LLVMOffsetOfElement(p->ir->layout, t, (unsigned int)i),
			     LLVMGetOperand(c, (unsigned int)i), depth + 1);
	} else if (LLVMIsAConstantArray(c)) {
		uint64_t size = LLVMABISizeOfType(p->ir->layout, LLVMGetElementType(t));

		for (int i = 0; i < LLVMGetNumOperands(c); i++)
			walk(p, off + size * (uint64_t)i,
			     LLVMGetOperand(c, (unsigned int)i), depth + 1);
	}
}

void ir_inits(struct ir *ir)
{
	for (LLVMValueRef g = LLVMGetFirstGlobal(ir->mod); g; g = LLVMGetNextGlobal(g)) {
		struct place p = { .ir = ir, .global = g };
		LLVMValueRef init = LLVMGetInitializer(g);

		if (!init)
			continue;
		p.st = ir_struct_of_global(ir, g, &p.elem);
		walk(&p, 0, init, 0);
	}
}
