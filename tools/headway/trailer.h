/* SPDX-License-Identifier: GPL-2.0-only */
/* The tags at the end of a commit message: "Reviewed-by: ...", "Fixes: ...". */
#ifndef HEADWAY_TRAILER_H
#define HEADWAY_TRAILER_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Where the last paragraph of @message begins, if it is one of tags alone and not
 * the subject; else the end of the text.
 */
size_t trailers_start(const char *message);

/* Is @line among the tags of @message? Capitals and blanks are all the same. */
bool trailers_have(const char *message, const char *line);

/*
 * Add the tag @line after the others, or in a paragraph of its own if there are
 * none; a tag that is there already is not added. Frees @message and returns the
 * new text, the caller's to free.
 */
char *trailers_add(char *message, const char *line);

/* Put @text and an empty line before the body of @message; frees as above. */
char *message_prepend(char *message, const char *text);

#endif /* HEADWAY_TRAILER_H */
