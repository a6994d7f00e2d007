/* SPDX-License-Identifier: GPL-2.0-only */
/* What must hold before a series is sent. */
#ifndef HEADWAY_GATE_H
#define HEADWAY_GATE_H

#include "evidence.h"
#include "plan.h"
#include "planprint.h"

struct gate {
	const char *name;
	enum gate_state state;
	bool forced;		/* it failed, and the user sends nevertheless */
	char *why;
	char *hint;		/* what to do about it, or NULL */
};

struct gates {
	struct gate *g;
	size_t n;
	struct evidence evidence[N_EVIDENCE];
};

/*
 * Try all gates of @s, of which the patches lie as mails in @mails. @force names
 * those that may fail. Returns 0 whatever they say; -1 after a message if one
 * could not be tried. Free @out with gates_free() in both cases.
 */
int gates_run(const struct plan *p, const struct outgoing *s,
	      const struct recipients *r, const struct strlist *mails,
	      const struct strlist *force, struct gates *out);
void gates_free(struct gates *gs);

/* How many gates fail and were not forced. */
size_t gates_failed(const struct gates *gs);

/* One line a gate. */
void gates_print(const struct outgoing *s, const struct gates *gs);

/* What gate.c tries of a series for stable. */
/* Mainline's commit of each change; NULL, or what is missing: the caller's to free. */
char *gate_upstream_id(const struct plan *p, const struct outgoing *s);
/*
 * Each change of @s is said to be for stable, and its patch among @mails is not too
 * long: @why is NULL, or what is wrong, the caller's to free. 0, or -1 after a message.
 */
int gate_stable_rules(const struct outgoing *s, const struct strlist *mails, char **why);

/* May the user send a series although the gate @name fails? */
bool gate_can_be_forced(const char *name);

#endif /* HEADWAY_GATE_H */
