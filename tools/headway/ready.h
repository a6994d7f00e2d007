/* SPDX-License-Identifier: GPL-2.0-only */
/* Getting a series of the plan ready to be sent: patches, recipients, gates. */
#ifndef HEADWAY_READY_H
#define HEADWAY_READY_H

#include "gate.h"
#include "outbox.h"
#include "plan.h"
#include "planprint.h"
#include "sent.h"

struct ready {
	struct recipients people;
	struct strlist patches;	/* the commits as mails, files below build/series */
	struct sent last;	/* the revision that was sent before */
	struct gates gates;
};

/*
 * Write the patches of @s, ask whom they go to, look up what was sent before. A
 * series that was refused has none of these. 0, or -1 after a message; free @out
 * with ready_free() in both cases.
 */
int ready_make(const struct plan *p, const struct outgoing *s, struct ready *out);
void ready_free(struct ready *r);

/* Make the series' branch in the outbox, with its cover letter. 0, or -1. */
int ready_enrol(const struct plan *p, const struct outgoing *s,
		const struct ready *r, const struct outbox *ob);

/* Objects that nothing refers to may vanish: keep the tip of @s. 0, or -1. */
int ready_keep(const struct plan *p, const struct outgoing *s);

/* The revision that @s has when it is sent next. */
int ready_revision(const struct ready *r);

/*
 * What git is told about who sends. Each is NULL if it is not known (the host's
 * name is no address); the caller's to free. 0, or -1 after a message.
 */
int sender_read(char **name, char **email);

#endif /* HEADWAY_READY_H */
