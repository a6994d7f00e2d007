/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Proofs: sentences about a kernel without a change, that say where and how its
 * absence shows. Documentation/headway/topics.rst has the language; nothing here
 * knows the topics, so that the programs that judge a run read the same one.
 */
#ifndef HEADWAY_PROOF_H
#define HEADWAY_PROOF_H

#include <stdbool.h>
#include <stddef.h>

#include "strlist.h"

enum proof_kind {
	PROOF_FAILS,	/* a test or a stage fails */
	PROOF_HANGS,	/* it begins and does not end */
	PROOF_SPLATS,	/* the kernel complains */
	PROOF_REPORTED,	/* the static checker does, which runs nothing */
	PROOF_BLIND,	/* a mistake put in goes unnoticed */
	PROOF_SUPPORT,	/* other changes need it; it shows nothing itself */
	PROOF_NONE,	/* nothing that runs here can show it */
};

struct proof {
	enum proof_kind kind;
	/* "kunit", "reclaimcheck" or a variant of the lab; NULL: nothing runs */
	char *where;
	bool kasan;	/* there, but in the kernel that watches memory */
	char *what;	/* SUITE, SUITE.CASE, STAGE[,STAGE...] or the checker's "report" */
	char *arg;	/* regex, "KIND EDGE", TOPIC/CHANGE, a mutant, the reason for none */
	struct strlist functions; /* splats: all of them are in the report */
	char *text;	/* as written */
};

struct proofs {
	struct proof *p;
	size_t n;
};

/* "fails", "hangs", "splats", "reported", "blind", "support", "none" */
const char *proof_kind_name(enum proof_kind k);

/*
 * Add the proofs in @text, one a line. Returns NULL, or what is wrong: a string
 * that the caller frees. Free @out with proofs_free() in both cases.
 */
char *proofs_parse(const char *text, struct proofs *out);
void proofs_free(struct proofs *ps);

#endif /* HEADWAY_PROOF_H */
