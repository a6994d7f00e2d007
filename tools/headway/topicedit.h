/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Edits of a topic file's text that leave every other byte of it alone. Each
 * frees @text and returns the new one, the caller's to free.
 */
#ifndef HEADWAY_TOPICEDIT_H
#define HEADWAY_TOPICEDIT_H

#include "strlist.h"

/* Add @files to the Files: of @change, whose paragraph is there. */
char *topicedit_add_files(char *text, const char *change,
			  const struct strlist *files);

/* Add a paragraph for a new change at the end. */
char *topicedit_add_change(char *text, const char *change, const char *patch,
			   const struct strlist *files);

#endif /* HEADWAY_TOPICEDIT_H */
