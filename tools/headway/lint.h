/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Checking patches against the rules of a tree downstream. A rule is one function
 * and one line of the table in lintrules.c; Documentation/headway/downstream.rst
 * has each with its source.
 */
#ifndef HEADWAY_LINT_H
#define HEADWAY_LINT_H

#include <stdbool.h>
#include <stddef.h>

#include "form.h"

/* The files of an export: patches, and for some forms a series file. */
struct lint_file {
	char *name;		/* below the folder, with '/' */
	char *text;
	size_t len;
};

struct lint_set {
	struct lint_file *f;	/* sorted by name, see lint_set_sort() */
	size_t n;
};

struct lint_finding {
	const char *rule;	/* id */
	char *file;
	char *what;
};

struct lint_findings {
	struct lint_finding *f;
	size_t n;
};

struct lint_rule {
	const char *id;
	unsigned int forms;	/* 1 << FORM_... */
	const char *text;	/* what is asked, in a few words */
};

/* All rules, ended by one without an id. */
extern const struct lint_rule lint_rules[];

/* Add a file to @s, which takes over @text. */
void lint_set_add(struct lint_set *s, const char *name, char *text, size_t len);
/* Is this a patch, by its name? */
bool lint_is_patch(const struct lint_file *f);
void lint_set_sort(struct lint_set *s);
void lint_set_free(struct lint_set *s);
/* Read every file below @dir; 0, or -1 after a message. */
int lint_set_read(const char *dir, struct lint_set *out);

/* Hold @s against the rules of @form; what was found is added to @out. */
void lint_run(enum form form, const struct lint_set *s,
	      struct lint_findings *out);
void lint_findings_free(struct lint_findings *fs);
/* Print findings, a line each, in the form for people or for scripts. */
void lint_print(const struct lint_findings *fs);

#endif /* HEADWAY_LINT_H */
