/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What was proven of a base's integration branch: the last reports below build/,
 * if they are of this very branch. Nothing here runs anything.
 */
#ifndef HEADWAY_EVIDENCE_H
#define HEADWAY_EVIDENCE_H

#include "plan.h"

enum gate_state {
	GATE_PASS,
	GATE_FAIL,
	GATE_SKIP,
};

/* One report: is there one, of this branch, and does it say that all is well? */
struct evidence {
	const char *name;	/* "main-job", "lab", "checker", "proof" */
	const char *what;	/* what it is, for a cover letter */
	enum gate_state state;
	char *text;		/* what it says, or that there is none */
	char *hint;		/* what to do about it, or NULL */
};

#define N_EVIDENCE 4

/* Read the four reports for @s; free each with evidence_free(). 0, or -1. */
int evidence_read(const struct plan *p, const struct outgoing *s,
		  struct evidence out[N_EVIDENCE]);
void evidence_free(struct evidence ev[N_EVIDENCE]);

#endif /* HEADWAY_EVIDENCE_H */
