/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which changes were posted: those that "headway send" recorded, in an archive that
 * has them.
 */
#ifndef HEADWAY_POSTED_H
#define HEADWAY_POSTED_H

#include <git2.h>

#include "topic.h"

/*
 * Give each change of @ts that has no origin of its own, whose mail was sent and is in
 * the archive at the address @archive ("https://host/list"), the origin "list", with
 * its message there. A change that is different now from what was sent keeps none,
 * which is said. 0; -1 after a message, also if the archive has not got a mail.
 */
int posted_mark(struct topics *ts, const char *archive);

/* Something was sent and recorded in @repo. */
bool posted_any(git_repository *repo);

#endif /* HEADWAY_POSTED_H */
