// SPDX-License-Identifier: GPL-2.0-only
/*
 * From bitcode to a skeleton. The code is not optimised but for mem2reg:
 * everything else destroys the types by which fields are known.
 */
#include <elf.h>
#include <stdlib.h>

#include <llvm-c/BitReader.h>
#include <llvm-c/Target.h>
#include <llvm-c/Transforms/PassBuilder.h>

#include "ir.h"

struct event_vec RC_VEC_OF(struct sk_event);

static bool wants_call(LLVMValueRef callee)
{
	size_t len;

	if (LLVMIsAInlineAsm(callee))
		return false;
	if (!LLVMIsAFunction(callee))
		return true;
	return strncmp(LLVMGetValueName2(callee, &len), "llvm.", 5);
}

static bool takes_lock(LLVMValueRef callee)
{
	static const char *const names[] = {
		"mutex_", "_mutex_", "down", "up", "ww_mutex_", "rt_mutex_",
	};
	const char *name;
	size_t len;

	if (!LLVMIsAFunction(callee))
		return false;
	name = LLVMGetValueName2(callee, &len);
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (!strncmp(name, names[i], strlen(names[i])))
			return true;
	return false;
}

/*
 * The local variable that the result of a call is put into: a guard's. A struct
 * of one pointer comes back as an integer where the calling convention says so.
 */
static uint32_t result_alloca(struct ir_fn *f, LLVMValueRef result)
{
	for (LLVMUseRef u = LLVMGetFirstUse(result); u; u = LLVMGetNextUse(u)) {
		LLVMValueRef user = LLVMGetUser(u), place;
		uint32_t v;

		if (LLVMIsACastInst(user)) {
			v = result_alloca(f, user);
			if (v != RC_NONE)
				return v;
		}
		if (!LLVMIsAStoreInst(user) || LLVMGetOperand(user, 0) != result)
			continue;
		place = LLVMGetOperand(user, 1);
		while (LLVMIsAGetElementPtrInst(place))
			place = LLVMGetOperand(place, 0);
		if (!LLVMIsAAllocaInst(place))
			continue;
		v = ir_eval(f, place);
		return f->ir->val.v[v].a;
	}
	return RC_NONE;
}

static void take_call(struct ir_fn *f, struct event_vec *ev, LLVMValueRef inst)
{
	LLVMValueRef callee = LLVMGetCalledValue(inst);
	struct sk_event e = { .kind = SK_E_CALL };

	if (!wants_call(callee))
		return;
	e.line = LLVMGetDebugLocLine(inst);
	e.callee = ir_eval(f, callee);
	e.nargs = LLVMGetNumArgOperands(inst);
	e.args = rc_arena(e.nargs * sizeof(*e.args));
	for (uint32_t i = 0; i < e.nargs; i++)
		e.args[i] = ir_eval(f, LLVMGetOperand(inst, i));
	if (e.nargs && takes_lock(callee))
		e.args[0] = ir_first_field(f->ir, LLVMGetOperand(inst, 0), e.args[0], true);
	e.into = result_alloca(f, inst);
	rc_map_put(&f->call_no, (uintptr_t)inst, ev->n);
	rc_push(ev, e);
}

/*
 * Stores matter where a function, or what may be one, is put into a field or a
 * variable that outlives the function.
 */
static void take_store(struct ir_fn *f, struct event_vec *ev, LLVMValueRef inst)
{
	LLVMValueRef what = LLVMGetOperand(inst, 0);
	struct sk_event e = { .kind = SK_E_STORE, .nargs = 1, .into = RC_NONE };
	uint32_t addr, val;
	const struct sk_val *v;
	uint8_t kind;

	if (LLVMGetTypeKind(LLVMTypeOf(what)) != LLVMPointerTypeKind)
		return;
	val = ir_eval(f, what);
	kind = f->ir->val.v[val].kind;
	if (kind != SK_FUNC && kind != SK_PARAM && kind != SK_LOAD &&
	    kind != SK_SET && kind != SK_GLOBAL)
		return;
	addr = ir_eval(f, LLVMGetOperand(inst, 1));
	addr = ir_first_field(f->ir, LLVMGetOperand(inst, 1), addr, false);
	v = &f->ir->val.v[addr];
	if (v->kind != SK_FIELD && v->kind != SK_GLOBAL && v->kind != SK_ALLOCA)
		return;
	e.line = LLVMGetDebugLocLine(inst);
	e.callee = addr;
	e.args = rc_arena(sizeof(*e.args));
	e.args[0] = val;
	rc_push(ev, e);
}

static uint32_t param_number(struct ir_fn *f, LLVMValueRef arg)
{
	uint32_t v = ir_eval(f, arg);

	return f->ir->val.v[v].a;
}

/* A branch on a call's result or on bits of a parameter. */
static void take_cond(struct ir_fn *f, struct sk_block *b, LLVMValueRef term)
{
	LLVMValueRef c;
	bool nonzero = true;
	int hops = 0;

	if (!LLVMIsABranchInst(term) || !LLVMIsConditional(term))
		return;
	for (c = LLVMGetCondition(term); c && hops < 16; hops++) {
		LLVMOpcode op;
		uint64_t num;
		size_t len;

		if (!LLVMIsAInstruction(c)) {
			if (LLVMIsAArgument(c)) {
				b->cond_param = param_number(f, c);
				b->cond_mask = UINT64_MAX;
			}
			break;
		}
		op = LLVMGetInstructionOpcode(c);
		if (op == LLVMICmp && LLVMGetICmpPredicate(c) <= LLVMIntNE) {
			if (!LLVMIsNull(LLVMGetOperand(c, 1)))
				break;
			if (LLVMGetICmpPredicate(c) == LLVMIntEQ)
				nonzero = !nonzero;
			c = LLVMGetOperand(c, 0);
		} else if (op == LLVMICmp && LLVMGetICmpPredicate(c) == LLVMIntSLT &&
			   LLVMIsNull(LLVMGetOperand(c, 1))) {
			/* if (ret < 0): as good as "is not zero" for errors */
			c = LLVMGetOperand(c, 0);
		} else if (op == LLVMXor && ir_const_int(LLVMGetOperand(c, 1), &num) && num == 1) {
			nonzero = !nonzero;
			c = LLVMGetOperand(c, 0);
		} else if (op == LLVMTrunc || op == LLVMZExt || op == LLVMSExt) {
			c = LLVMGetOperand(c, 0);
		} else if (op == LLVMCall && LLVMIsAFunction(LLVMGetCalledValue(c)) &&
			   !strncmp(LLVMGetValueName2(LLVMGetCalledValue(c), &len),
				    "llvm.expect", 11)) {
			c = LLVMGetOperand(c, 0);
		} else if (op == LLVMCall) {
			b->cond = rc_map_get(&f->call_no, (uintptr_t)c);
			c = NULL;
		} else if (op == LLVMAnd && ir_const_int(LLVMGetOperand(c, 1), &num) &&
			   LLVMIsAArgument(LLVMGetOperand(c, 0))) {
			b->cond_param = param_number(f, LLVMGetOperand(c, 0));
			b->cond_mask = num;
			c = NULL;
		} else {
			c = NULL;
		}
	}
	b->nonzero = nonzero;
}

/* The parameter that a value is, but for casts. */
static uint32_t as_param(struct ir_fn *f, LLVMValueRef v)
{
	while (LLVMIsACastInst(v))
		v = LLVMGetOperand(v, 0);
	return LLVMIsAArgument(v) ? param_number(f, v) : RC_NONE;
}

/* A switch on a parameter, or a comparison of one with a constant. */
static void take_switch(struct ir_fn *f, struct sk_block *b, LLVMValueRef term)
{
	LLVMOpcode op = LLVMGetInstructionOpcode(term);
	LLVMValueRef c;
	uint64_t num = 0;

	if (op == LLVMSwitch) {
		b->sw = as_param(f, LLVMGetOperand(term, 0));
		if (b->sw == RC_NONE)
			return;
		b->value = rc_arena(b->nsucc * sizeof(*b->value));
		b->one = rc_arena(b->nsucc * sizeof(*b->one));
		/* Successor 0 is the default; then pairs of value and block. */
		for (uint32_t i = 1; i < b->nsucc; i++)
			b->one[i] = ir_const_int(LLVMGetOperand(term, 2 * i), &b->value[i]);
		return;
	}
	if (op != LLVMBr || !LLVMIsConditional(term))
		return;
	c = LLVMGetCondition(term);
	if (!LLVMIsAICmpInst(c) || LLVMGetICmpPredicate(c) > LLVMIntNE ||
	    !(ir_const_int(LLVMGetOperand(c, 1), &num) || LLVMIsNull(LLVMGetOperand(c, 1))))
		return;
	b->sw = as_param(f, LLVMGetOperand(c, 0));
	if (b->sw == RC_NONE)
		return;
	b->value = rc_arena(b->nsucc * sizeof(*b->value));
	b->one = rc_arena(b->nsucc * sizeof(*b->one));
	b->one[LLVMGetICmpPredicate(c) == LLVMIntNE] = true;
	b->value[LLVMGetICmpPredicate(c) == LLVMIntNE] = num;
}

static void take_block(struct ir_fn *f, struct sk_block *b, struct event_vec *ev,
		       LLVMBasicBlockRef bb, const struct rc_map *number)
{
	LLVMValueRef term = LLVMGetBasicBlockTerminator(bb);

	b->first = ev->n;
	b->cond = RC_NONE;
	b->cond_param = RC_NONE;
	b->sw = RC_NONE;
	for (LLVMValueRef i = LLVMGetFirstInstruction(bb); i; i = LLVMGetNextInstruction(i)) {
		LLVMOpcode op = LLVMGetInstructionOpcode(i);

		if (op == LLVMCall)
			take_call(f, ev, i);
		else if (op == LLVMStore)
			take_store(f, ev, i);
	}
	b->n = ev->n - b->first;
	if (!term)
		return;
	b->ret = LLVMGetInstructionOpcode(term) == LLVMRet;
	b->nsucc = LLVMGetNumSuccessors(term);
	b->succ = rc_arena(b->nsucc * sizeof(*b->succ));
	for (uint32_t i = 0; i < b->nsucc; i++)
		b->succ[i] = rc_map_get(number, (uintptr_t)LLVMGetSuccessor(term, i));
	take_cond(f, b, term);
	take_switch(f, b, term);
}

static uint32_t return_value(struct ir_fn *f)
{
	uint32_t ret = RC_NONE;

	for (LLVMBasicBlockRef bb = LLVMGetFirstBasicBlock(f->fn); bb;
	     bb = LLVMGetNextBasicBlock(bb)) {
		LLVMValueRef term = LLVMGetBasicBlockTerminator(bb);

		if (!term || LLVMGetInstructionOpcode(term) != LLVMRet ||
		    !LLVMGetNumOperands(term))
			continue;
		/* clang gives a function one return; more come from no C. */
		ret = ir_eval(f, LLVMGetOperand(term, 0));
	}
	return ret;
}

static bool has_attr(LLVMValueRef fn, const char *name)
{
	unsigned int kind = LLVMGetEnumAttributeKindForName(name, strlen(name));

	return LLVMGetEnumAttributeAtIndex(fn, LLVMAttributeFunctionIndex, kind);
}

static uint32_t signature(struct ir *ir, LLVMValueRef fn)
{
	char *s = LLVMPrintTypeToString(LLVMGlobalGetValueType(fn));
	uint32_t id = rc_intern(&ir->str, s);

	LLVMDisposeMessage(s);
	return id;
}

static void take_fn(struct ir *ir, LLVMValueRef fn)
{
	struct ir_fn f = { .ir = ir, .fn = fn };
	struct sk_fn out = { .flags = 0 };
	struct rc_map number = {};
	struct event_vec ev = {};
	const char *name, *file, *dot;
	size_t len;
	uint32_t n = 0;

	ir_where(ir, LLVMGetSubprogram(fn), &file, &out.line);
	name = LLVMGetValueName2(fn, &len);
	dot = LLVMGetLinkage(fn) == LLVMInternalLinkage ? strchr(name, '.') : NULL;
	out.id = ir_id(ir, fn);
	out.name = dot ? rc_intern_n(&ir->str, name, (size_t)(dot - name)) :
			 rc_intern(&ir->str, name);
	out.file = rc_intern(&ir->str, file);
	out.sig = signature(ir, fn);
	out.nparams = LLVMCountParams(fn);
	if (LLVMGetLinkage(fn) == LLVMInternalLinkage)
		out.flags |= SK_F_STATIC;
	if (strlen(file) > 2 && !strcmp(file + strlen(file) - 2, ".h"))
		out.flags |= SK_F_INLINE;
	if (has_attr(fn, "noreturn"))
		out.flags |= SK_F_NORETURN;

	for (LLVMBasicBlockRef bb = LLVMGetFirstBasicBlock(fn); bb; bb = LLVMGetNextBasicBlock(bb))
		rc_map_put(&number, (uintptr_t)bb, n++);
	out.nblocks = n;
	out.block = rc_arena(n * sizeof(*out.block));
	n = 0;
	for (LLVMBasicBlockRef bb = LLVMGetFirstBasicBlock(fn); bb; bb = LLVMGetNextBasicBlock(bb))
		take_block(&f, &out.block[n++], &ev, bb, &number);
	out.ret = return_value(&f);
	out.nallocas = f.nallocas;
	out.nevents = ev.n;
	out.event = rc_arena(ev.n * sizeof(*ev.v));
	if (ev.n)
		memcpy(out.event, ev.v, ev.n * sizeof(*ev.v));
	rc_push(&ir->fn, out);
	rc_vec_free(&ev);
	rc_map_free(&number);
	rc_map_free(&f.memo);
	rc_map_free(&f.alloca_no);
	rc_map_free(&f.call_no);
}

static int read_module(struct ir *ir, const char *name, const char *data, size_t size)
{
	LLVMPassBuilderOptionsRef opts;
	LLVMMemoryBufferRef buf;
	LLVMErrorRef err;

	if (size < 4 || memcmp(data, "BC\xc0\xde", 4))
		return rc_error("%s: the compiler's output is no LLVM bitcode", name);
	buf = LLVMCreateMemoryBufferWithMemoryRange(data, size, name, 0);
	ir->ctx = LLVMContextCreate();
	if (LLVMParseBitcodeInContext2(ir->ctx, buf, &ir->mod)) {
		ir->mod = NULL;
		LLVMDisposeMemoryBuffer(buf);
		return rc_error("%s: LLVM 19 cannot read this bitcode: made by another version?",
				name);
	}
	LLVMDisposeMemoryBuffer(buf);
	opts = LLVMCreatePassBuilderOptions();
	err = LLVMRunPasses(ir->mod, "mem2reg", NULL, opts);
	LLVMDisposePassBuilderOptions(opts);
	if (err) {
		LLVMConsumeError(err);
		return rc_error("%s: mem2reg failed", name);
	}
	return 0;
}

static char *serialise(struct ir *ir, size_t *len)
{
	struct skel sk = {
		.source = ir->source,
		.nstr = ir->str.n, .nval = ir->val.n, .nset = ir->set.n,
		.nfn = ir->fn.n, .ninit = ir->init.n,
		.str = ir->str.v, .val = ir->val.v, .set = ir->set.v,
		.fn = ir->fn.v, .init = ir->init.v,
	};

	return skel_write(&sk, strncmp(LLVMGetTarget(ir->mod), "x86_64", 6) ?
			  EM_AARCH64 : EM_X86_64, len);
}

/* Diagnostics of LLVM come as messages of ours, not as an exit. */
static void quiet(LLVMDiagnosticInfoRef info, void *unused)
{
	(void)info;
	(void)unused;
}

char *ir_extract(const char *name, const char *data, size_t size, size_t *len)
{
	struct ir ir = {};
	char *out = NULL;

	LLVMContextSetDiagnosticHandler(LLVMGetGlobalContext(), quiet, NULL);
	if (read_module(&ir, name, data, size))
		goto out;
	ir.layout = LLVMGetModuleDataLayout(ir.mod);
	ir.dbg_kind = LLVMGetMDKindIDInContext(ir.ctx, "dbg", 3);
	rc_intern(&ir.str, "");
	ir.source = rc_intern(&ir.str, ir_source(&ir));
	ir_types_init(&ir);
	for (LLVMValueRef f = LLVMGetFirstFunction(ir.mod); f; f = LLVMGetNextFunction(f))
		if (!LLVMIsDeclaration(f))
			take_fn(&ir, f);
	ir_inits(&ir);
	out = serialise(&ir, len);
out:
	ir_types_free(&ir);
	rc_strings_free(&ir.str);
	rc_vec_free(&ir.val);
	rc_vec_free(&ir.val_next);
	rc_vec_free(&ir.set);
	rc_vec_free(&ir.fn);
	rc_vec_free(&ir.init);
	rc_map_free(&ir.val_by_hash);
	rc_map_free(&ir.ids);
	rc_map_free(&ir.tail_of);
	rc_vec_free(&ir.tail);
	if (ir.mod)
		LLVMDisposeModule(ir.mod);
	if (ir.ctx)
		LLVMContextDispose(ir.ctx);
	return out;
}
