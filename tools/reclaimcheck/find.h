/* SPDX-License-Identifier: GPL-2.0-only */
/* Findings: what the roots reach, and how to say it. */
#ifndef RC_FIND_H
#define RC_FIND_H

#include "program.h"

enum tier { TIER_HIGH, TIER_RELEASE, TIER_RESUME, TIER_LOW, TIERS };

enum find_kind { FIND_RECLAIM, FIND_WAIT, FIND_LOCK, FIND_LEAK };

struct root {
	uint32_t fn;
	const char *why;	/* "run_job", "runtime_resume", "signalling section" */
	bool section;		/* only what lies within the section */
	bool idle;		/* a resume that no job was seen to ask for */
	uint32_t waker;		/* the only root that asks for this resume, or RC_NONE */
};

/* One step of a witness: event @event of @fn, through target @target. */
struct step {
	uint32_t fn, event;
	uint32_t target;	/* RC_NONE: the last step, which does it */
};

struct edge_key {
	const char *text;
	bool waived;
};

struct finding {
	uint8_t kind, tier;
	double score;
	bool fs, unsure;
	uint32_t root;		/* index */
	uint32_t lock;
	uint32_t taint;		/* of a lock: the holder that is shown */
	RC_DECLARE_VEC(struct step) path;
	/*
	 * What waivers and comparisons know it by. A lock has an edge for each
	 * function that holds it over reclaim: "CALLER -> LOCK@HOLDER:CALLEE".
	 */
	const char *key_root, *key_edge;
	RC_DECLARE_VEC(struct edge_key) edge_key;
	const char *key;	/* both, and the kind */
	uint32_t group;		/* finding that speaks for this one */
	uint32_t also;		/* how many other roots reach the same site */
	const char *edge;	/* dominating edge of the group, or NULL */
	bool waived;
	const char *waiver;
	bool elsewhere;		/* no step of it is in what --within names */
};

struct findings {
	RC_DECLARE_VEC(struct root) root;
	RC_DECLARE_VEC(struct finding) v;
	uint32_t unknown;	/* indirect calls met on the way with no target */
	struct rc_map elsewhere;	/* likely.c: what was found out */
	struct rc_map callers;	/* likely.c: file + 1 -> whose files call into it */
	struct company *company;	/* absent.c: made when it is first asked for */
};

void find_roots(struct prog *p, struct findings *fs);
/* likely.c: is a target a work that a job does not wait for? */
bool own_work(const struct prog *p, const struct target *t);
/* wakes.c: does the root, or what it calls in its driver, resume a device? */
bool wakes_device(struct prog *p, uint32_t root);
void find_all(struct prog *p, struct findings *fs);
void find_leaks(struct prog *p, struct findings *fs);
void findings_free(struct findings *fs);
void absent_free(struct company *c);

/* group.c: dominating edges, order. */
void findings_group(struct prog *p, struct findings *fs);

/* witness.c: why a callee or a lock is bad, as steps. */
struct chain {
	RC_DECLARE_VEC(struct step) step;
	uint32_t lock;		/* blocked on at the end, or RC_NONE */
};

void chain_of_fact(struct prog *p, uint32_t fn, uint8_t kind, uint8_t depth, struct chain *c);
void chain_of_gfp(struct prog *p, uint32_t fn, uint32_t param, struct chain *c);
/* The best reason of a lock's taint. */
const struct taint *taint_best(const struct prog *p, uint32_t lock);
/* What an event calls: "kzalloc", "dev->ops->resume". */
const char *callee_name(const struct prog *p, uint32_t fn, uint32_t event, char *buf, size_t size);

#endif /* RC_FIND_H */
