/* SPDX-License-Identifier: GPL-2.0-only */
/* Encoded words (RFC 2047): what git format-patch makes of headers beyond ASCII. */
#ifndef HEADWAY_MAILWORD_H
#define HEADWAY_MAILWORD_H

/*
 * Decode a header's value, of which the folded lines were joined. Returns the
 * text in UTF-8, the caller's to free; NULL if a word is malformed or in another
 * character set.
 */
char *mailword_decode(const char *value);

#endif /* HEADWAY_MAILWORD_H */
