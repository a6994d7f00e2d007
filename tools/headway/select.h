/* SPDX-License-Identifier: GPL-2.0-only */
/* Keeping the topics that were asked for on a command line. */
#ifndef HEADWAY_SELECT_H
#define HEADWAY_SELECT_H

#include "topic.h"

/*
 * Keep the topics among @names (@n of them; 0: all) and what they depend on; the
 * rest is freed. Returns 0, or -1 after a message about a name that is no topic.
 */
int topics_select(struct topics *ts, char **names, int n);

#endif /* HEADWAY_SELECT_H */
