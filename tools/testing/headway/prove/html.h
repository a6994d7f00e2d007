/* SPDX-License-Identifier: GPL-2.0-only */
/* Writing HTML: text escaped, a picture put in, the page's head and foot. */
#ifndef HTML_H
#define HTML_H

#include <stdio.h>

void html_text(FILE *out, const char *text);
/* For an id or the fragment of a link: letters, digits and dashes alone. */
void html_id(FILE *out, const char *text);
/*
 * The SVG file at @path within the page: without its prologue, and without ids,
 * which would not be unique. -1 if it cannot be read.
 */
int html_svg(FILE *out, const char *path);
void html_head(FILE *out, const char *title);
void html_foot(FILE *out);

#endif /* HTML_H */
