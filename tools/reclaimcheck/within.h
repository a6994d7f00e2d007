/* SPDX-License-Identifier: GPL-2.0-only */
/* Whose finding is it? */
#ifndef RC_WITHIN_H
#define RC_WITHIN_H

#include "print.h"

/* Source files, one a line, as "git diff --name-only" prints them. 0, or -1 and a message. */
int within_read(struct rc_strings *files, const char *path);
/* Sets elsewhere of each finding that has no step in any of the files. */
void within_mark(struct prog *p, struct findings *fs, const struct rc_strings *files);

#endif /* RC_WITHIN_H */
