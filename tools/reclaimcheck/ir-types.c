// SPDX-License-Identifier: GPL-2.0-only
/*
 * Names of structs and fields.
 *
 * Pointers are opaque in LLVM's IR; what says which field is meant is the type
 * that a GEP names and its index. The index is one of LLVM's layout, not of
 * the C declaration, so the way to the field's name goes through its offset
 * and the debug information of the struct with that tag and size.
 */
#include <stdlib.h>

#include <llvm-c/Target.h>

#include "ir.h"

enum {
	DW_TAG_ARRAY = 0x01,
	DW_TAG_MEMBER = 0x0d,
	DW_TAG_STRUCT = 0x13,
	DW_TAG_TYPEDEF = 0x16,
	DW_TAG_UNION = 0x17,
};

/* Operands of LLVM's metadata nodes, by their place. */
enum {
	OP_TYPE_BASE = 3,
	OP_TYPE_ELEMENTS = 4,
	OP_FN_TYPE = 4,
	OP_FN_RETAINED = 7,
	OP_VAR_TYPE = 3,
	OP_GVE_VAR = 0,
};

static LLVMValueRef node_op(struct ir *ir, LLVMMetadataRef md, unsigned int i)
{
	LLVMValueRef v = LLVMMetadataAsValue(ir->ctx, md);
	unsigned int n = LLVMGetMDNodeNumOperands(v);
	LLVMValueRef ops[64], *buf = ops, op;

	if (i >= n)
		return NULL;
	if (n > 64)
		buf = rc_alloc(n * sizeof(*buf));
	LLVMGetMDNodeOperands(v, buf);
	op = buf[i];
	if (buf != ops)
		free(buf);
	return op;
}

static LLVMMetadataRef md_op(struct ir *ir, LLVMMetadataRef md, unsigned int i)
{
	LLVMValueRef v = md ? node_op(ir, md, i) : NULL;

	return v ? LLVMValueAsMetadata(v) : NULL;
}

static bool is_composite(LLVMMetadataRef md)
{
	return md && LLVMGetMetadataKind(md) == LLVMDICompositeTypeMetadataKind;
}

static bool is_record(LLVMMetadataRef md)
{
	uint16_t tag;

	if (!is_composite(md))
		return false;
	tag = LLVMGetDINodeTag(md);
	return tag == DW_TAG_STRUCT || tag == DW_TAG_UNION;
}

void ir_where(struct ir *ir, LLVMMetadataRef sp, const char **file, uint32_t *line)
{
	LLVMMetadataRef f = sp ? LLVMDIScopeGetFile(sp) : NULL;
	unsigned int len = 0;

	(void)ir;
	*file = f ? LLVMDIFileGetFilename(f, &len) : "";
	*line = sp ? LLVMDISubprogramGetLine(sp) : 0;
	if (!strncmp(*file, "./", 2))
		*file += 2;
}

/*
 * The file that was compiled: as the debug information has it, which looks
 * through the preprocessed file that a server of distcc is given.
 */
const char *ir_source(struct ir *ir)
{
	unsigned int n = LLVMGetNamedMetadataNumOperands(ir->mod, "llvm.dbg.cu"), flen = 0;
	LLVMValueRef *cu = rc_alloc((n + 1) * sizeof(*cu));
	LLVMMetadataRef file = NULL;
	const char *name;
	size_t len;

	LLVMGetNamedMetadataOperands(ir->mod, "llvm.dbg.cu", cu);
	if (n)
		file = LLVMDIScopeGetFile(LLVMValueAsMetadata(cu[0]));
	name = file ? LLVMDIFileGetFilename(file, &flen) : LLVMGetSourceFileName(ir->mod, &len);
	free(cu);
	return strncmp(name, "./", 2) ? name : name + 2;
}

static uint32_t add_struct(struct ir *ir, LLVMMetadataRef md, const char *tag)
{
	LLVMMetadataRef f = LLVMDIScopeGetFile(md);
	unsigned int len = 0;
	const char *file = f ? LLVMDIFileGetFilename(f, &len) : "";
	uint32_t t, self = ir->structs.n;
	struct ir_struct s = { .md = md, .next = RC_NONE };
	char *id;

	if (!strncmp(file, "./", 2))
		file += 2;
	/* No line: an edit above the struct does not make it another one. */
	id = rc_printf("%s@%s", tag, file);
	s.id = rc_intern(&ir->str, id);
	free(id);
	s.bits = LLVMDITypeGetSizeInBits(md);
	t = rc_intern(&ir->tags, tag);
	while (ir->tag_first.n <= t)
		rc_push(&ir->tag_first, RC_NONE);
	s.next = ir->tag_first.v[t];
	ir->tag_first.v[t] = self;
	rc_push(&ir->structs, s);
	rc_map_put(&ir->by_md, (uintptr_t)md, self);
	return self;
}

struct md_vec RC_VEC_OF(LLVMMetadataRef);

static void later(struct ir *ir, struct md_vec *todo, LLVMMetadataRef md)
{
	if (!md || rc_map_get(&ir->seen, (uintptr_t)md) != RC_NONE)
		return;
	rc_map_put(&ir->seen, (uintptr_t)md, 0);
	rc_push(todo, md);
}

static void later_all(struct ir *ir, struct md_vec *todo, LLVMMetadataRef md)
{
	LLVMValueRef v = LLVMMetadataAsValue(ir->ctx, md);
	unsigned int n = LLVMGetMDNodeNumOperands(v);
	LLVMValueRef *ops = rc_alloc(n * sizeof(*ops));

	LLVMGetMDNodeOperands(v, ops);
	for (unsigned int i = 0; i < n; i++)
		if (ops[i])
			later(ir, todo, LLVMValueAsMetadata(ops[i]));
	free(ops);
}

static void visit_composite(struct ir *ir, struct md_vec *todo, LLVMMetadataRef md)
{
	size_t len = 0;
	const char *tag = LLVMDITypeGetName(md, &len);
	bool fwd = LLVMDITypeGetFlags(md) & LLVMDIFlagFwdDecl;

	if (LLVMGetDINodeTag(md) == DW_TAG_ARRAY) {
		later(ir, todo, md_op(ir, md, OP_TYPE_BASE));
		return;
	}
	if (!is_record(md) || fwd)
		return;
	if (len && rc_map_get(&ir->by_md, (uintptr_t)md) == RC_NONE)
		add_struct(ir, md, tag);
	later(ir, todo, md_op(ir, md, OP_TYPE_ELEMENTS));
}

static void visit_derived(struct ir *ir, struct md_vec *todo, LLVMMetadataRef md)
{
	LLVMMetadataRef base = md_op(ir, md, OP_TYPE_BASE);
	size_t len = 0, blen = 0;
	const char *name = LLVMDITypeGetName(md, &len);

	/* typedef struct { ... } name_t; is a struct of that name for clang. */
	if (LLVMGetDINodeTag(md) == DW_TAG_TYPEDEF && len && is_record(base)) {
		LLVMDITypeGetName(base, &blen);
		if (!blen && rc_map_get(&ir->by_md, (uintptr_t)base) == RC_NONE)
			add_struct(ir, base, name);
	}
	later(ir, todo, base);
}

static void walk(struct ir *ir, struct md_vec *todo)
{
	while (todo->n) {
		LLVMMetadataRef md = todo->v[--todo->n];

		switch (LLVMGetMetadataKind(md)) {
		case LLVMDISubprogramMetadataKind:
			later(ir, todo, md_op(ir, md, OP_FN_TYPE));
			later(ir, todo, md_op(ir, md, OP_FN_RETAINED));
			break;
		case LLVMDISubroutineTypeMetadataKind:
		case LLVMDILocalVariableMetadataKind:
		case LLVMDIGlobalVariableMetadataKind:
			later(ir, todo, md_op(ir, md, OP_VAR_TYPE));
			break;
		case LLVMDIGlobalVariableExpressionMetadataKind:
			later(ir, todo, md_op(ir, md, OP_GVE_VAR));
			break;
		case LLVMDIDerivedTypeMetadataKind:
			visit_derived(ir, todo, md);
			break;
		case LLVMDICompositeTypeMetadataKind:
			visit_composite(ir, todo, md);
			break;
		case LLVMMDTupleMetadataKind:
			later_all(ir, todo, md);
			break;
		default:
			break;
		}
	}
}

static LLVMMetadataRef global_dbg(struct ir *ir, LLVMValueRef g)
{
	size_t n = 0;
	LLVMValueMetadataEntry *e = LLVMGlobalCopyAllMetadata(g, &n);
	LLVMMetadataRef md = NULL;

	for (unsigned int i = 0; i < n && !md; i++)
		if (LLVMValueMetadataEntriesGetKind(e, i) == ir->dbg_kind)
			md = LLVMValueMetadataEntriesGetMetadata(e, i);
	LLVMDisposeValueMetadataEntries(e);
	return md;
}

void ir_types_init(struct ir *ir)
{
	struct md_vec todo = {};

	for (LLVMValueRef f = LLVMGetFirstFunction(ir->mod); f; f = LLVMGetNextFunction(f))
		later(ir, &todo, LLVMGetSubprogram(f));
	for (LLVMValueRef g = LLVMGetFirstGlobal(ir->mod); g; g = LLVMGetNextGlobal(g))
		later(ir, &todo, global_dbg(ir, g));
	for (unsigned int n = LLVMGetNamedMetadataNumOperands(ir->mod, "llvm.dbg.cu"), i = 0;
	     n && i < 1; i++) {
		LLVMValueRef *cu = rc_alloc(n * sizeof(*cu));

		/* Types that only casts name: operand 5 of the unit. */
		LLVMGetNamedMetadataOperands(ir->mod, "llvm.dbg.cu", cu);
		later(ir, &todo, md_op(ir, LLVMValueAsMetadata(cu[0]), 5));
		free(cu);
	}
	walk(ir, &todo);
	rc_vec_free(&todo);
}

void ir_types_free(struct ir *ir)
{
	rc_strings_free(&ir->tags);
	rc_vec_free(&ir->structs);
	rc_vec_free(&ir->tag_first);
	rc_map_free(&ir->seen);
	rc_map_free(&ir->by_md);
	rc_map_free(&ir->struct_of);
}

static uint32_t find_struct(struct ir *ir, LLVMTypeRef type)
{
	const char *name = LLVMGetStructName(type), *tag, *dot;
	uint64_t bits;
	uint32_t t, s;
	char *copy;

	if (!name)
		return RC_NONE;
	if (!strncmp(name, "struct.", 7))
		tag = name + 7;
	else if (!strncmp(name, "union.", 6))
		tag = name + 6;
	else
		return RC_NONE;
	/* LLVM tells two types of one tag apart by a number. */
	dot = strchr(tag, '.');
	copy = dot ? strndup(tag, (size_t)(dot - tag)) : strdup(tag);
	t = copy ? rc_lookup(&ir->tags, copy) : RC_NONE;
	free(copy);
	if (t == RC_NONE || t >= ir->tag_first.n)
		return RC_NONE;
	bits = LLVMSizeOfTypeInBits(ir->layout, type);
	for (s = ir->tag_first.v[t]; s != RC_NONE; s = ir->structs.v[s].next)
		if (ir->structs.v[s].bits == bits)
			return s;
	return ir->tag_first.v[t];
}

uint32_t ir_struct_of(struct ir *ir, LLVMTypeRef type)
{
	uint32_t s = rc_map_get(&ir->struct_of, (uintptr_t)type);

	if (s != RC_NONE)
		return s - 1;
	s = LLVMIsOpaqueStruct(type) ? RC_NONE : find_struct(ir, type);
	rc_map_put(&ir->struct_of, (uintptr_t)type, s + 1);
	return s;
}

/* What is left of a type without typedefs, qualifiers and array dimensions. */
static LLVMMetadataRef strip(struct ir *ir, LLVMMetadataRef t)
{
	while (t) {
		uint16_t tag = LLVMGetDINodeTag(t);

		/* typedef, const, volatile, restrict, atomic, array */
		if (tag != DW_TAG_TYPEDEF && tag != 0x26 && tag != 0x35 &&
		    tag != 0x37 && tag != 0x47 && tag != DW_TAG_ARRAY)
			return t;
		t = md_op(ir, t, OP_TYPE_BASE);
	}
	return NULL;
}

static uint32_t record_number(struct ir *ir, LLVMMetadataRef md, uint32_t parent,
			      const char *field)
{
	uint32_t s = rc_map_get(&ir->by_md, (uintptr_t)md);
	const char *pid, *at;
	char *tag;

	if (s != RC_NONE)
		return s;
	/* A record without a tag is named after where it lies. */
	pid = rc_str(&ir->str, ir->structs.v[parent].id);
	at = strchr(pid, '@');
	tag = rc_printf("%.*s.%s", at ? (int)(at - pid) : 0, pid, field);
	s = add_struct(ir, md, tag);
	free(tag);
	return s;
}

static bool member_at(struct ir *ir, uint32_t st, uint64_t *off, uint32_t *field,
		      uint32_t *inner, int depth);

/* The member @m of @st, if @off lies in it. */
static bool take_member(struct ir *ir, uint32_t st, LLVMMetadataRef m, uint64_t *off,
			uint32_t *field, uint32_t *inner, int depth)
{
	uint64_t start = LLVMDITypeGetOffsetInBits(m) / 8;
	uint64_t size = (LLVMDITypeGetSizeInBits(m) + 7) / 8, esize;
	LLVMMetadataRef t;
	const char *name;
	size_t len = 0;

	if (*off < start || *off >= start + (size ? size : 1))
		return false;
	name = LLVMDITypeGetName(m, &len);
	t = strip(ir, md_op(ir, m, OP_TYPE_BASE));
	*off -= start;
	*inner = RC_NONE;
	/* The members of an anonymous union or struct are ours. */
	if (is_record(t) && !len)
		return member_at(ir, record_number(ir, t, st, ""), off, field, inner, depth + 1);
	if (is_record(t)) {
		esize = LLVMDITypeGetSizeInBits(t) / 8;
		*inner = record_number(ir, t, st, name);
		if (esize)
			*off %= esize;
	}
	*field = rc_intern_n(&ir->str, name, len);
	return true;
}

static bool member_at(struct ir *ir, uint32_t st, uint64_t *off, uint32_t *field,
		      uint32_t *inner, int depth)
{
	uint64_t want = *off;
	LLVMMetadataRef elems = md_op(ir, ir->structs.v[st].md, OP_TYPE_ELEMENTS);
	LLVMValueRef tuple, *ops;
	unsigned int n;
	bool found = false;

	if (!elems || depth > 8)
		return false;
	tuple = LLVMMetadataAsValue(ir->ctx, elems);
	n = LLVMGetMDNodeNumOperands(tuple);
	ops = rc_alloc(n * sizeof(*ops));
	LLVMGetMDNodeOperands(tuple, ops);
	/* Of a union's members, the one that something begins at this offset of. */
	for (unsigned int i = 0; i < n && !(found && !*off); i++) {
		LLVMMetadataRef m = ops[i] ? LLVMValueAsMetadata(ops[i]) : NULL;
		uint64_t o = want;
		uint32_t fi, in;

		if (!m || LLVMGetDINodeTag(m) != DW_TAG_MEMBER ||
		    !take_member(ir, st, m, &o, &fi, &in, depth) || (found && o))
			continue;
		*off = o;
		*field = fi;
		*inner = in;
		found = true;
	}
	free(ops);
	return found;
}

bool ir_member(struct ir *ir, uint32_t st, uint64_t *off, uint32_t *field,
	       uint32_t *inner)
{
	return member_at(ir, st, off, field, inner, 0);
}

uint32_t ir_struct_of_global(struct ir *ir, LLVMValueRef global, uint64_t *elem)
{
	LLVMMetadataRef md = global_dbg(ir, global);
	LLVMMetadataRef var = md_op(ir, md, OP_GVE_VAR);
	LLVMMetadataRef t = strip(ir, md_op(ir, var, OP_VAR_TYPE));

	if (!is_record(t))
		return RC_NONE;
	*elem = LLVMDITypeGetSizeInBits(t) / 8;
	return rc_map_get(&ir->by_md, (uintptr_t)t);
}
