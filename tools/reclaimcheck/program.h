/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The whole program: every unit's skeleton with strings and functions made
 * common, and what each phase has found out about it.
 *
 * The phases run in this order, each with its file: program (loading), resolve
 * (who is called), flow (within a function), solve (across functions), find
 * (what a root reaches). None looks back at what an earlier one read.
 */
#ifndef RC_PROGRAM_H
#define RC_PROGRAM_H

#include "skel.h"

/* A lock as a function sees it: a class, or the lock its parameter points to. */
#define LOCK_PARAM 0x80000000u

enum prim_op {
	P_NONE,
	P_LOCK,		/* blocks; sleeping lock */
	P_TRYLOCK,
	P_UNLOCK,
	P_ATOMIC,	/* depth changes by @delta */
	P_RECLAIM,	/* enters reclaim if its GFP argument says so */
	P_ALLOC,	/* allocates GFP_KERNEL inside: a leaf */
	P_WAIT,		/* waits for a fence */
	P_SCOPE,	/* memalloc_noreclaim scope: @delta */
	P_SIGNAL,	/* fence signalling section: @delta */
	P_SAFE,		/* atomic by contract: never looked into */
	P_FLUSH,	/* waits for a work: calls its function */
	P_NCALL,	/* calls a notifier head's chain */
	P_NREG,		/* registers on a notifier head */
	P_RPM,		/* resumes a device */
};

/* When a lock primitive has got its lock. */
enum prim_when { W_ALWAYS, W_ZERO, W_NONZERO };

struct prim {
	const char *name;
	uint8_t op;
	uint8_t lock;		/* argument: lock, GFP, work or head */
	uint8_t sub;		/* argument with the subclass + 1, 0: none */
	uint8_t when;
	int8_t delta;
};

struct unit {
	const char *path;
	struct skel *sk;
};

struct target {
	uint32_t fn;
	uint32_t via;		/* callback handed to this function, or RC_NONE */
	uint8_t kind;		/* enum target_kind */
	bool cut;		/* assumed not to reach reclaim: waive.h */
	bool deferred;		/* a work's function, called where the work may be queued */
	uint16_t fan;		/* how many targets this call has */
};

/* A notifier callback, and the function that registers its block. */
struct listener {
	uint32_t fn, by;
};

enum target_kind { T_DIRECT, T_POINTER, T_CALLBACK, T_WORK, T_NOTIFIER, T_RPM, T_RELEASE };

/* Is a target handed the arguments of the call, in their order? */
static inline bool same_arguments(enum target_kind kind)
{
	return kind == T_DIRECT || kind == T_POINTER || kind == T_NOTIFIER;
}

/* What holds just before an event. */
struct state {
	uint8_t depth;		/* set of atomic depths: bit n is depth n - 3 */
	bool reached;
	bool scope;		/* in a noreclaim scope on every path */
	bool signal;		/* in a signalling section on some path */
	uint64_t may, must;	/* locks held on some, on every path: bits of fn->lock */
	uint64_t dropped;	/* locks released on every path since entry */
	uint64_t may_drop;	/* the same on some path */
};

#define DEPTH_ZERO 3

/* How far a fact is believed; of two, the lower is the better. */
enum belief {
	SURE,
	ON_RELEASE,	/* if the last reference to something is dropped */
	UNSURE,		/* through a call of many targets, or flags nobody can know */
	BELIEFS
};

enum fact_kind { FACT_ALLOC, FACT_WAIT, FACT_LOCK, FACT_KINDS };
#define FACT_DEPTHS 3

/* Why a fact holds: the event, and the callee whose fact it follows from. */
struct reason {
	uint32_t event;
	uint32_t target;	/* index of the target, RC_NONE: the event itself */
	uint32_t lock;
	uint8_t depth;		/* depth index of the callee's fact */
	bool set;
	bool fs;
	uint8_t belief;
	uint32_t fcase;		/* number + 1 of the callee's case, 0: none */
};

/* A fact that holds only if parameter @param is @value. */
struct fcase {
	uint32_t param, value;
	uint8_t kind, depth;
	struct reason why;
};

struct effect {
	uint32_t lock;		/* class or LOCK_PARAM | n */
	int8_t delta;
	uint8_t when;
};

struct gfp_param {
	uint32_t param, event, target, tparam;
	uint8_t depth;
};

struct call {			/* an event, resolved */
	const struct prim *prim;
	uint32_t lock;		/* for lock primitives: as struct effect */
	uint32_t first, n;	/* targets */
	struct state st;
	bool branch;		/* its result decides a branch */
	bool cut;		/* assumed, as a whole, not to reach reclaim */
	bool queued;
	bool tagged;		/* reached only if parameter @tag is @value */
	uint32_t tag, value;
};

struct fn {
	uint32_t id, name, file, unit;
	const struct sk_fn *sk;
	const struct prim *prim;
	struct call *call;	/* one for each event */
	RC_DECLARE_VEC(struct effect) out;	/* locks that differ on return */
	int depth_out;
	uint64_t invokes;	/* parameters that it calls */
	bool guard;		/* a destructor that __cleanup() calls */
	bool unlocker;		/* by its name, exists to release */
	struct rc_vec_u32 lock;	/* locks by bit of state.may */
	struct reason bad[FACT_KINDS][FACT_DEPTHS];
	RC_DECLARE_VEC(struct gfp_param) gfp;
	RC_DECLARE_VEC(struct fcase) fcase;
	uint64_t tags;		/* parameters that some event is tagged with */
	RC_DECLARE_VEC(struct effect) param_block;	/* blocks on parameter's lock */
	struct rc_vec_u32 caller;	/* pairs: function, event */
	uint64_t hot;		/* GFP parameters that some caller lets reclaim */
	struct state end;	/* on return */
};

struct taint {			/* why a lock is tainted */
	uint8_t belief;
	uint32_t fn, event;
	uint32_t target;	/* RC_NONE: the event itself */
	uint8_t kind, depth;
	uint32_t lock;		/* FACT_LOCK: the tainted lock blocked on */
};

#define MAX_TAINTS 256	/* of a lock that are kept */

struct lock {
	uint32_t id;		/* string */
	bool merged;		/* of a notifier head: one class here for all of them */
	RC_DECLARE_VEC(struct taint) taint;
	struct rc_vec_u32 taker;	/* pairs: function, event */
};

struct prog {
	struct rc_strings str;
	RC_DECLARE_VEC(struct unit) unit;
	RC_DECLARE_VEC(struct fn) fn;
	struct rc_vec_u32 fn_of;	/* string -> function or RC_NONE */
	RC_DECLARE_VEC(struct target) target;
	RC_DECLARE_VEC(struct listener) listener;
	RC_DECLARE_VEC(struct lock) lock;
	struct rc_map lock_of;		/* string + 1 -> lock */
	uint32_t calls_pointer, calls_unknown;
	struct resolver *resolver;
	uint32_t lost_locks;
	bool every_lock;	/* spin locks and lockdep's maps too: see order.h */
};

/* program.c */
int prog_add(struct prog *p, const char *path, const char *data, size_t len);
void prog_link(struct prog *p);
void prog_free(struct prog *p);
uint32_t prog_fn(const struct prog *p, uint32_t id);
const char *fn_name(const struct prog *p, uint32_t fn);
const char *fn_file(const struct prog *p, uint32_t fn);
static inline const struct sk_val *prog_val(const struct prog *p, uint32_t unit, uint32_t v)
{
	return &p->unit.v[unit].sk->val[v];
}

/* What the tag of a struct or a symbol is called without "@file". */
const char *plain(const struct prog *p, uint32_t id, char *buf, size_t size);

/* fields.c: prog_link() calls it first, when every unit is there. */
void fields_name(struct prog *p);

/* prims.c */
const struct prim *prim_find(const char *name);
/* For a program with @every_lock: what takes or releases a lock, and no more. */
const struct prim *prim_find_lock(const char *name);
/* Directories of drivers and what supplies them with power. */
bool same_driver(const char *a, const char *b);
bool supplies(const char *driver, const char *supplier);
/* A driver for Qualcomm's chips: no other vendor's GPU is there. */
bool qualcomm(const char *file);

/* resolve.c */
void resolve(struct prog *p);
void resolve_field(struct prog *p, const char *tag, const char *field, struct rc_vec_u32 *fns);
void resolve_free(struct prog *p);

/* deferred.c */
void mark_deferred(struct prog *p);

/* locks.c */
uint32_t lock_number(struct prog *p, const char *id);
/* The lock that a value of a function of @unit points to; RC_NONE: unknown. */
uint32_t lock_of_value(struct prog *p, uint32_t unit, uint32_t val, uint32_t sub);
const char *lock_name(const struct prog *p, uint32_t lock, char *buf, size_t size);

/* gfp.c */
struct gfp {
	bool reclaim, fs, unsure;
	uint64_t params;	/* which decide */
	/* Only if parameter @if_param is @if_value. */
	bool cond, if_value;
	uint32_t if_param;
};

struct gfp gfp_eval(const struct prog *p, uint32_t unit, uint32_t val);

/* flow.c */
void flow(struct prog *p);

/* solve.c */
int min_depth(uint8_t set);
void solve(struct prog *p);

#endif /* RC_PROGRAM_H */
