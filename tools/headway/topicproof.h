/* SPDX-License-Identifier: GPL-2.0-only */
/* The fields Proof and Proof-<base> of a change: of use to topic.c alone. */
#ifndef HEADWAY_TOPICPROOF_H
#define HEADWAY_TOPICPROOF_H

#include "paragraph.h"
#include "topic.h"

/* Add what the field @f of @file says to @c. 0, or -1 after a message. */
int topicproof_parse(const char *file, const struct field *f, struct change *c);

/* What is said to be supported is there. 0, or -1 after a message. */
int topicproof_check(const struct topics *ts);

void topicproof_free(struct change *c);

#endif /* HEADWAY_TOPICPROOF_H */
