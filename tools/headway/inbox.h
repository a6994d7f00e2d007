/* SPDX-License-Identifier: GPL-2.0-only */
/* A public-inbox on this machine: its mails are git commits. */
#ifndef HEADWAY_INBOX_H
#define HEADWAY_INBOX_H

#include <stdbool.h>

/* Is the folder a public-inbox, format 2? */
bool inbox_is(const char *dir);

/* Write each of its mails as a file into @to. 0, or -1 after a message. */
int inbox_extract(const char *dir, const char *to);

#endif /* HEADWAY_INBOX_H */
