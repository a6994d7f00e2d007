// SPDX-License-Identifier: GPL-2.0-only
/* LLVM's values as expressions of a skeleton. */
#include <stdlib.h>

#include <llvm-c/Target.h>

#include "ir.h"

#define MAX_DEPTH 24
#define MAX_SET 16
#define MAX_LITERAL 100

static bool same_val(const struct sk_val *a, const struct sk_val *b)
{
	return a->kind == b->kind && a->a == b->a && a->b == b->b &&
	       a->c == b->c && a->num == b->num;
}

uint32_t ir_val(struct ir *ir, struct sk_val v)
{
	uint64_t key[4] = { v.kind, (uint64_t)v.a << 32 | v.b, v.c, v.num };
	uint64_t h = rc_hash(key, sizeof(key)) | 1;
	uint32_t first = rc_map_get(&ir->val_by_hash, h);

	for (uint32_t i = first; i != RC_NONE; i = ir->val_next.v[i])
		if (same_val(&ir->val.v[i], &v))
			return i;
	rc_push(&ir->val, v);
	rc_push(&ir->val_next, first);
	rc_map_put(&ir->val_by_hash, h, ir->val.n - 1);
	return ir->val.n - 1;
}

uint32_t ir_field(struct ir *ir, uint32_t base, uint32_t st, uint32_t field, uint64_t at)
{
	return ir_val(ir, (struct sk_val){ .kind = SK_FIELD, .a = base,
					   .b = ir->structs.v[st].id, .c = field, .num = at });
}

/*
 * A field of a struct that this unit only knows the declaration of a variable of:
 * clang writes no debug information for it then. Another unit has, so the place
 * stands for the name until the units are put together (fields.c).
 */
static bool place(struct ir *ir, LLVMTypeRef t, uint64_t off, uint32_t *base)
{
	struct sk_val v = { .kind = SK_FIELD, .a = *base, .num = off + 1 };
	const char *name = LLVMGetStructName(t), *tag;
	char *id;

	if (!name || strncmp(name, "struct.", 7) || !strncmp(name, "struct.anon", 11))
		return false;
	tag = name + 7;
	id = rc_printf("%.*s@", (int)strcspn(tag, "."), tag);
	v.b = rc_intern(&ir->str, id);
	v.c = rc_intern(&ir->str, "");
	*base = ir_val(ir, v);
	free(id);
	return true;
}

static uint32_t unknown(struct ir *ir)
{
	return ir_val(ir, (struct sk_val){ .kind = SK_UNKNOWN });
}

static bool is_local(LLVMValueRef g)
{
	LLVMLinkage l = LLVMGetLinkage(g);

	return l == LLVMInternalLinkage || l == LLVMPrivateLinkage;
}

/* The text of a string literal, as far as names of locks go; NULL if it is none. */
static char *literal(LLVMValueRef g)
{
	LLVMValueRef init = LLVMGetInitializer(g);
	const char *text;
	size_t len;

	if (!init || !LLVMIsGlobalConstant(g) || !LLVMIsAConstantDataArray(init) ||
	    !LLVMIsConstantString(init))
		return NULL;
	text = LLVMGetAsString(init, &len);
	if (len && !text[len - 1])
		len--;
	return rc_printf("\"%.*s", (int)(len > MAX_LITERAL ? MAX_LITERAL : len), text);
}

/*
 * What a function or variable is called across units: its name, and for one of
 * internal linkage where it is defined too, so that the copies of an inline
 * function of a header are one function.
 */
uint32_t ir_id(struct ir *ir, LLVMValueRef g)
{
	uint32_t id = rc_map_get(&ir->ids, (uintptr_t)g), line;
	LLVMMetadataRef sp;
	const char *name, *file;
	char *s = NULL;
	size_t len;

	if (id != RC_NONE)
		return id;
	name = LLVMGetValueName2(g, &len);
	if (is_local(g) && LLVMIsAFunction(g)) {
		const char *dot = strchr(name, '.');

		sp = LLVMGetSubprogram(g);
		ir_where(ir, sp, &file, &line);
		/* Two statics of one name are told apart by LLVM with ".N". */
		s = rc_printf("%.*s@%s", dot ? (int)(dot - name) : (int)len, name, file);
	} else if (LLVMGetLinkage(g) == LLVMPrivateLinkage && LLVMIsAGlobalVariable(g)) {
		/* A literal is what it says, whichever unit has it. */
		s = literal(g);
		if (!s)
			s = rc_printf("%s@%s", name, rc_str(&ir->str, ir->source));
	} else if (is_local(g)) {
		s = rc_printf("%s@%s", name, rc_str(&ir->str, ir->source));
	}
	id = rc_intern(&ir->str, s ? s : name);
	free(s);
	rc_map_put(&ir->ids, (uintptr_t)g, id);
	return id;
}

bool ir_const_int(LLVMValueRef v, uint64_t *num)
{
	if (!LLVMIsAConstantInt(v) || LLVMGetIntTypeWidth(LLVMTypeOf(v)) > 64)
		return false;
	*num = LLVMConstIntGetZExtValue(v);
	return true;
}

/*
 * Where a GEP ended: byte @off of the struct @st at @base. One that goes on
 * from a union or struct without a tag starts again from there.
 */
struct tail {
	uint32_t base, st;
	uint64_t off;
};

static void keep_tail(struct ir *ir, LLVMValueRef v, struct tail t)
{
	rc_push(&ir->tail, t.base);
	rc_push(&ir->tail, t.st);
	rc_push(&ir->tail, (uint32_t)t.off);
	rc_map_put(&ir->tail_of, (uintptr_t)v, ir->tail.n - 3);
}

static struct tail get_tail(struct ir *ir, LLVMValueRef v)
{
	uint32_t at = rc_map_get(&ir->tail_of, (uintptr_t)v);

	if (at == RC_NONE)
		return (struct tail){ .st = RC_NONE };
	return (struct tail){ ir->tail.v[at], ir->tail.v[at + 1], ir->tail.v[at + 2] };
}

/* One index of a GEP into a struct: the field's value, and where that is. */
static bool step_into(struct ir *ir, LLVMTypeRef t, uint64_t idx, uint32_t *base,
		      uint32_t *inner, struct tail *tail)
{
	uint32_t st = ir_struct_of(ir, t), field;
	uint64_t off = LLVMOffsetOfElement(ir->layout, t, (unsigned int)idx), at;

	if (st == RC_NONE)
		st = *inner;
	if (st != RC_NONE)
		*tail = (struct tail){ *base, st, off };
	else
		tail->off += off;
	if (tail->st == RC_NONE)
		return place(ir, t, off, base);
	at = tail->off;
	off = at;
	if (!ir_member(ir, tail->st, &off, &field, inner))
		return false;
	*base = ir_field(ir, tail->base, tail->st, field, off ? 0 : at + 1);
	return true;
}

static uint32_t eval_gep(struct ir_fn *f, LLVMValueRef v)
{
	struct ir *ir = f->ir;
	LLVMTypeRef t = LLVMGetGEPSourceElementType(v);
	unsigned int n = (unsigned int)LLVMGetNumOperands(v);
	uint32_t base, inner = RC_NONE;
	struct tail tail;

	if (LLVMGetTypeKind(t) != LLVMStructTypeKind &&
	    LLVMGetTypeKind(t) != LLVMArrayTypeKind) {
		uint64_t off;

		/* p + 0, and arrays of pointers: still the same object. */
		if (n == 2 && ir_const_int(LLVMGetOperand(v, 1), &off) && off &&
		    LLVMGetTypeKind(t) == LLVMIntegerTypeKind)
			return unknown(ir);
		return ir_eval(f, LLVMGetOperand(v, 0));
	}
	base = ir_eval(f, LLVMGetOperand(v, 0));
	tail = get_tail(ir, LLVMGetOperand(v, 0));
	for (unsigned int i = 2; i < n; i++) {
		uint64_t idx;

		if (LLVMGetTypeKind(t) == LLVMArrayTypeKind) {
			t = LLVMGetElementType(t);
			continue;
		}
		if (LLVMGetTypeKind(t) != LLVMStructTypeKind ||
		    !ir_const_int(LLVMGetOperand(v, i), &idx) ||
		    !step_into(ir, t, idx, &base, &inner, &tail))
			return unknown(ir);
		t = LLVMStructGetTypeAtIndex(t, (unsigned int)idx);
	}
	if (tail.st != RC_NONE)
		keep_tail(ir, v, tail);
	return base;
}

/* Types at which a lock's address ends. */
static bool lock_struct(const struct ir *ir, uint32_t st)
{
	static const char *const tags[] = {
		"mutex@", "rw_semaphore@", "ww_mutex@", "rt_mutex@", "semaphore@",
	};
	const char *id = rc_str(&ir->str, ir->structs.v[st].id);

	for (size_t i = 0; i < sizeof(tags) / sizeof(*tags); i++)
		if (!strncmp(id, tags[i], strlen(tags[i])))
			return true;
	return false;
}

/*
 * The address of a variable is that of its first field as well, and nothing in
 * the IR says which is meant. @lock: the lock that lies there, else what is
 * loaded or stored.
 */
uint32_t ir_first_field(struct ir *ir, LLVMValueRef global, uint32_t val, bool lock)
{
	uint32_t st, field, inner, at = val;
	uint64_t off = 0, elem;

	if (!LLVMIsAGlobalVariable(global) ||
	    LLVMGetTypeKind(LLVMGlobalGetValueType(global)) != LLVMStructTypeKind)
		return val;
	st = ir_struct_of_global(ir, global, &elem);
	while (st != RC_NONE && !(lock && lock_struct(ir, st))) {
		if (!ir_member(ir, st, &off, &field, &inner))
			return val;
		at = ir_field(ir, at, st, field, 1);
		st = inner;
	}
	return lock && st == RC_NONE ? val : at;
}

/*
 * The only value ever stored to a local variable whose address escapes, as the
 * object of a guard() is; NULL if there are none or several.
 */
static LLVMValueRef only_store(LLVMValueRef place)
{
	LLVMValueRef found = NULL;

	for (LLVMUseRef u = LLVMGetFirstUse(place); u; u = LLVMGetNextUse(u)) {
		LLVMValueRef user = LLVMGetUser(u);

		if (!LLVMIsAStoreInst(user) || LLVMGetOperand(user, 1) != place)
			continue;
		if (found)
			return NULL;
		found = LLVMGetOperand(user, 0);
	}
	return found;
}

/* A store to the first field of a local struct that is read as a whole. */
static LLVMValueRef only_field_store(LLVMValueRef local, LLVMValueRef gep)
{
	LLVMValueRef found = NULL;
	uint64_t want, got;

	if (!ir_const_int(LLVMGetOperand(gep, LLVMGetNumOperands(gep) - 1), &want))
		return NULL;
	for (LLVMUseRef u = LLVMGetFirstUse(local); u; u = LLVMGetNextUse(u)) {
		LLVMValueRef user = LLVMGetUser(u), s;

		if (!LLVMIsAGetElementPtrInst(user) ||
		    LLVMGetOperand(user, 0) != local ||
		    !ir_const_int(LLVMGetOperand(user, LLVMGetNumOperands(user) - 1), &got) ||
		    got != want)
			continue;
		s = only_store(user);
		if (s && found && s != found)
			return NULL;
		if (s)
			found = s;
	}
	return found;
}

static uint32_t eval_load(struct ir_fn *f, LLVMValueRef v)
{
	LLVMValueRef p = LLVMGetOperand(v, 0), s = NULL;
	struct ir *ir = f->ir;

	if (LLVMIsAAllocaInst(p))
		s = only_store(p);
	else if (LLVMIsAGetElementPtrInst(p) && LLVMIsAAllocaInst(LLVMGetOperand(p, 0)))
		s = only_field_store(LLVMGetOperand(p, 0), p);
	if (s)
		return ir_eval(f, s);
	return ir_val(ir, (struct sk_val){ .kind = SK_LOAD,
					   .a = ir_first_field(ir, p, ir_eval(f, p), false) });
}

/* The parameter of type bool that a condition is, but for casts; NULL: it is none. */
static LLVMValueRef bool_param(LLVMValueRef c)
{
	while (LLVMIsATruncInst(c) || LLVMIsAZExtInst(c))
		c = LLVMGetOperand(c, 0);
	if (!LLVMIsAArgument(c) || LLVMGetTypeKind(LLVMTypeOf(c)) != LLVMIntegerTypeKind ||
	    LLVMGetIntTypeWidth(LLVMTypeOf(c)) != 1)
		return NULL;
	return c;
}

/* "param ? a : b" of constants, of which clang makes a select at once. */
static bool eval_if(struct ir_fn *f, LLVMValueRef v, uint32_t *ret)
{
	struct sk_val is = { .kind = SK_IF };
	LLVMValueRef param;

	if (!LLVMIsASelectInst(v) || LLVMGetTypeKind(LLVMTypeOf(v)) != LLVMIntegerTypeKind)
		return false;
	param = bool_param(LLVMGetOperand(v, 0));
	if (!param)
		return false;
	is.a = ir_eval(f, LLVMGetOperand(v, 1));
	is.b = ir_eval(f, LLVMGetOperand(v, 2));
	is.c = ir_eval(f, param);
	is.c = f->ir->val.v[is.c].a;
	*ret = ir_val(f->ir, is);
	return true;
}

static uint32_t eval_set(struct ir_fn *f, LLVMValueRef v)
{
	struct rc_vec_u32 alt = {};
	struct ir *ir = f->ir;
	uint32_t ret;

	if (eval_if(f, v, &ret))
		return ret;
	if (LLVMIsAPHINode(v)) {
		for (unsigned int i = 0; i < LLVMCountIncoming(v) && alt.n < MAX_SET; i++)
			rc_set_add(&alt, ir_eval(f, LLVMGetIncomingValue(v, i)));
	} else {
		rc_set_add(&alt, ir_eval(f, LLVMGetOperand(v, 1)));
		rc_set_add(&alt, ir_eval(f, LLVMGetOperand(v, 2)));
	}
	if (alt.n == 1) {
		ret = alt.v[0];
	} else if (!alt.n || alt.n >= MAX_SET) {
		ret = unknown(ir);
	} else {
		uint32_t at = ir->set.n;

		for (uint32_t i = 0; i < alt.n; i++)
			rc_push(&ir->set, alt.v[i]);
		ret = ir_val(ir, (struct sk_val){ .kind = SK_SET, .a = at, .b = alt.n });
	}
	rc_vec_free(&alt);
	return ret;
}

static uint32_t eval_call(struct ir_fn *f, LLVMValueRef v)
{
	LLVMValueRef callee = LLVMGetCalledValue(v);
	struct ir *ir = f->ir;
	const char *name;
	size_t len;
	uint32_t arg = unknown(ir);

	if (!LLVMIsAFunction(callee))
		return arg;
	name = LLVMGetValueName2(callee, &len);
	if (!strncmp(name, "llvm.expect", 11))
		return ir_eval(f, LLVMGetOperand(v, 0));
	if (!strncmp(name, "llvm.", 5))
		return arg;
	if (LLVMGetNumArgOperands(v))
		arg = ir_eval(f, LLVMGetOperand(v, 0));
	return ir_val(ir, (struct sk_val){ .kind = SK_CALL, .a = ir_id(ir, callee), .b = arg });
}

static uint32_t eval_inst(struct ir_fn *f, LLVMValueRef v, LLVMOpcode op)
{
	struct ir *ir = f->ir;

	switch (op) {
	case LLVMGetElementPtr:
		return eval_gep(f, v);
	case LLVMLoad:
		return eval_load(f, v);
	case LLVMPHI:
	case LLVMSelect:
		return eval_set(f, v);
	case LLVMCall:
		return eval_call(f, v);
	case LLVMOr:
	case LLVMAnd:
		return ir_val(ir, (struct sk_val){
				.kind = op == LLVMOr ? SK_OR : SK_AND,
				.a = ir_eval(f, LLVMGetOperand(v, 0)),
				.b = ir_eval(f, LLVMGetOperand(v, 1)) });
	case LLVMTrunc:
	case LLVMZExt:
	case LLVMSExt:
	case LLVMPtrToInt:
	case LLVMIntToPtr:
	case LLVMBitCast:
	case LLVMFreeze:
	case LLVMAddrSpaceCast:
		return ir_eval(f, LLVMGetOperand(v, 0));
	default:
		return unknown(ir);
	}
}

static uint32_t alloca_number(struct ir_fn *f, LLVMValueRef v)
{
	uint32_t n = rc_map_get(&f->alloca_no, (uintptr_t)v);

	if (n == RC_NONE) {
		n = f->nallocas++;
		rc_map_put(&f->alloca_no, (uintptr_t)v, n);
	}
	return n;
}

static uint32_t eval(struct ir_fn *f, LLVMValueRef v)
{
	struct ir *ir = f->ir;
	uint64_t num;

	if (LLVMIsAArgument(v)) {
		unsigned int n = LLVMCountParams(f->fn);

		for (unsigned int i = 0; i < n; i++)
			if (LLVMGetParam(f->fn, i) == v)
				return ir_val(ir, (struct sk_val){ .kind = SK_PARAM, .a = i });
		return unknown(ir);
	}
	if (LLVMIsAFunction(v))
		return ir_val(ir, (struct sk_val){ .kind = SK_FUNC, .a = ir_id(ir, v) });
	if (LLVMIsAGlobalVariable(v))
		return ir_val(ir, (struct sk_val){ .kind = SK_GLOBAL, .a = ir_id(ir, v) });
	if (ir_const_int(v, &num))
		return ir_val(ir, (struct sk_val){ .kind = SK_CONST, .num = num });
	if (LLVMIsAConstantPointerNull(v))
		return ir_val(ir, (struct sk_val){ .kind = SK_CONST });
	if (LLVMIsAConstantExpr(v))
		return eval_inst(f, v, LLVMGetConstOpcode(v));
	if (LLVMIsAGlobalAlias(v))
		return eval(f, LLVMAliasGetAliasee(v));
	if (LLVMIsAAllocaInst(v))
		return ir_val(ir, (struct sk_val){ .kind = SK_ALLOCA, .a = alloca_number(f, v) });
	if (LLVMIsAInstruction(v))
		return eval_inst(f, v, LLVMGetInstructionOpcode(v));
	return unknown(ir);
}

uint32_t ir_eval(struct ir_fn *f, LLVMValueRef v)
{
	uint32_t known = rc_map_get(&f->memo, (uintptr_t)v), ret;

	if (known != RC_NONE)
		return known;
	if (f->depth >= MAX_DEPTH)
		return unknown(f->ir);
	/* A loop through a phi meets this and ends. */
	if (LLVMIsAPHINode(v))
		rc_map_put(&f->memo, (uintptr_t)v, unknown(f->ir));
	f->depth++;
	ret = eval(f, v);
	f->depth--;
	rc_map_put(&f->memo, (uintptr_t)v, ret);
	return ret;
}
