/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reader of "Field: value" paragraphs, the form of Debian's control files
 * (deb822(5)), in which topics and bases are written.
 */
#ifndef HEADWAY_PARAGRAPH_H
#define HEADWAY_PARAGRAPH_H

#include <stddef.h>

struct field {
	char *name;
	char *value;	/* continuation lines joined by '\n', "." lines empty */
	int line;	/* where the field begins in the file */
};

struct paragraph {
	struct field *fields;
	size_t n_fields;
	int line;
};

struct paragraphs {
	struct paragraph *p;
	size_t n;
};

/*
 * Read @path. @out is the caller's to free with paragraphs_free(), also after
 * an error. Returns 0, or -1 after a message that names file and line.
 */
int paragraphs_read(const char *path, struct paragraphs *out);

/* The same for @text of @len bytes; @path is for messages only. */
int paragraphs_parse(const char *path, const char *text, size_t len,
		     struct paragraphs *out);

/* The value of @name (exact spelling) or NULL; borrowed. */
const char *paragraph_get(const struct paragraph *p, const char *name);

void paragraphs_free(struct paragraphs *ps);

#endif /* HEADWAY_PARAGRAPH_H */
