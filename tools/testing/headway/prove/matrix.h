/* SPDX-License-Identifier: GPL-2.0-only */
/* proof.tsv and status.tsv as data: what the page shows. */
#ifndef MATRIX_H
#define MATRIX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Columns of proof.tsv, in their order. */
enum {
	COL_BASE, COL_SUBJECT, COL_KIND, COL_STATE, COL_MEANS, COL_DROPPED,
	COL_PROOF, COL_SEEN, COL_GRAPH, COL_BUILD, COL_RUN, PROOF_COLS,
};

/* Columns of "headway --porcelain status". */
enum { ST_BASE, ST_TOPIC, ST_CHANGE, ST_STATE, ST_COMMIT, STATUS_COLS };

struct table {
	char ***rows;		/* of as many fields as it has columns */
	size_t n;
};

/*
 * Read tab-separated lines of @columns fields from @f; @path is for messages, a
 * first line that begins with "base" is left out. 0, or -1 after a message.
 */
int table_read(FILE *f, const char *path, size_t columns, struct table *out);
void table_free(struct table *t);

/* Names in the order in which they come. */
struct names {
	const char **v;
	size_t n;
};

void names_add(struct names *ns, const char *name);

struct matrix {
	struct table proofs, status;
	struct names bases;	/* by version */
	struct names changes;	/* "topic/change", as status has them */
	struct names mutants;
};

/* Fill in the names; the tables have been read. */
void matrix_index(struct matrix *m);
void matrix_free(struct matrix *m);

/*
 * What one cell says: the worst state of its proofs; without any, what status
 * says ("upstream", "not-needed"), and "-" for nothing at all.
 */
const char *matrix_state(const struct matrix *m, const char *subject,
			 const char *base);

/* How many of @subjects have @state on @base; on all of them, if it is NULL. */
size_t matrix_count(const struct matrix *m, const struct names *subjects,
		    const char *base, const char *state);

/* Was it tried, and is it a state that somebody has to look into? */
bool matrix_open(const char *state);

/* The sum of a column of seconds of @base; a kernel is built once a subject. */
double matrix_seconds(const struct matrix *m, const char *base, int column);

#endif /* MATRIX_H */
