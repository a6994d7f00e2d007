/* SPDX-License-Identifier: GPL-2.0-only */
/* A copy of the topics in another place: to build from, to try something out. */
#ifndef HEADWAY_TOPICCOPY_H
#define HEADWAY_TOPICCOPY_H

#include "topic.h"

/*
 * Make a folder for temporary things below TMPDIR; its path is the caller's to
 * free, the folder to remove. NULL after a message.
 */
char *temporary_dir(void);

/* Copy topics, bases and the files of ours that @ts names to @dir; 0, or -1. */
int topics_copy(const struct topics *ts, const char *dir);

#endif /* HEADWAY_TOPICCOPY_H */
