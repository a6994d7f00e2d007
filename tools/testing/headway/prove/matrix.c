// SPDX-License-Identifier: GPL-2.0-only
/* The tables behind the page. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "matrix.h"

/* From the best to the worst: a cell is as its worst proof. */
static const char * const order[] = {
	"shown", "support", "none", "unknown", "control-not-run", "not-run",
	"control-shown", "unstated", "not-shown", "broken",
};

static void *grow(void *p, size_t n, size_t size)
{
	p = reallocarray(p, n + 1, size);
	if (!p) {
		fputs("proofpage: error: out of memory\n", stderr);
		exit(4);
	}
	return p;
}

static char **split(char *line, size_t columns)
{
	char **row = NULL;
	size_t n = 0;

	line[strcspn(line, "\n")] = '\0';
	for (char *s = line, *field; (field = strsep(&s, "\t"));) {
		row = grow(row, n, sizeof(*row));
		row[n++] = strdup(field);
	}
	if (n == columns)
		return row;
	while (n)
		free(row[--n]);
	free(row);
	return NULL;
}

int table_read(FILE *f, const char *path, size_t columns, struct table *out)
{
	char *line = NULL;
	size_t size = 0;
	int number = 0, ret = 0;

	memset(out, 0, sizeof(*out));
	while (!ret && getline(&line, &size, f) >= 0) {
		char **row;

		if (!number++ && !strncmp(line, "base\t", 5))
			continue;
		row = split(line, columns);
		if (!row) {
			fprintf(stderr, "proofpage: error: %s:%d: expected %zu columns, separated by tabs\n",
				path, number, columns);
			ret = -1;
			break;
		}
		/* One more, so that a row can be freed without its length. */
		row = grow(row, columns, sizeof(*row));
		row[columns] = NULL;
		out->rows = grow(out->rows, out->n, sizeof(*out->rows));
		out->rows[out->n++] = row;
	}
	free(line);
	return ret;
}

void table_free(struct table *t)
{
	for (size_t i = 0; i < t->n; i++) {
		for (char **field = t->rows[i]; *field; field++)
			free(*field);
		free(t->rows[i]);
	}
	free(t->rows);
	memset(t, 0, sizeof(*t));
}

void names_add(struct names *ns, const char *name)
{
	for (size_t i = 0; i < ns->n; i++)
		if (!strcmp(ns->v[i], name))
			return;
	ns->v = grow(ns->v, ns->n, sizeof(*ns->v));
	ns->v[ns->n++] = name;
}

static int by_version(const void *a, const void *b)
{
	return strverscmp(*(const char *const *)a, *(const char *const *)b);
}

/* "topic/change" out of two columns, which are joined in place. */
static const char *join(char **row)
{
	char *name;

	if (strchr(row[ST_CHANGE], '/'))
		return row[ST_CHANGE];
	if (asprintf(&name, "%s/%s", row[ST_TOPIC], row[ST_CHANGE]) < 0)
		exit(4);
	free(row[ST_CHANGE]);
	row[ST_CHANGE] = name;
	return name;
}

void matrix_index(struct matrix *m)
{
	for (size_t i = 0; i < m->status.n; i++) {
		names_add(&m->bases, m->status.rows[i][ST_BASE]);
		names_add(&m->changes, join(m->status.rows[i]));
	}
	for (size_t i = 0; i < m->proofs.n; i++) {
		char **row = m->proofs.rows[i];

		names_add(&m->bases, row[COL_BASE]);
		names_add(strcmp(row[COL_KIND], "mutant") ? &m->changes :
			  &m->mutants, row[COL_SUBJECT]);
	}
	if (m->bases.n)
		qsort(m->bases.v, m->bases.n, sizeof(*m->bases.v), by_version);
}

void matrix_free(struct matrix *m)
{
	free(m->bases.v);
	free(m->changes.v);
	free(m->mutants.v);
	table_free(&m->proofs);
	table_free(&m->status);
}

static size_t badness(const char *state)
{
	size_t i = 0;

	while (i < sizeof(order) / sizeof(*order) && strcmp(order[i], state))
		i++;
	return i;
}

static const char *status_of(const struct matrix *m, const char *subject,
			     const char *base)
{
	for (size_t i = 0; i < m->status.n; i++) {
		char **row = m->status.rows[i];

		if (!strcmp(row[ST_BASE], base) && !strcmp(row[ST_CHANGE], subject))
			return row[ST_STATE];
	}
	return "-";
}

const char *matrix_state(const struct matrix *m, const char *subject,
			 const char *base)
{
	const char *worst = NULL, *state;

	for (size_t i = 0; i < m->proofs.n; i++) {
		char **row = m->proofs.rows[i];

		if (strcmp(row[COL_BASE], base) || strcmp(row[COL_SUBJECT], subject))
			continue;
		if (!worst || badness(row[COL_STATE]) > badness(worst))
			worst = row[COL_STATE];
	}
	if (worst)
		return worst;
	/* Carried, and nobody has tried yet. */
	state = status_of(m, subject, base);
	return strcmp(state, "carried") ? state : "unknown";
}

size_t matrix_count(const struct matrix *m, const struct names *subjects,
		    const char *base, const char *state)
{
	size_t n = 0;

	for (size_t j = 0; j < m->bases.n; j++) {
		if (base && strcmp(base, m->bases.v[j]))
			continue;
		for (size_t i = 0; i < subjects->n; i++)
			n += !strcmp(matrix_state(m, subjects->v[i],
						  m->bases.v[j]), state);
	}
	return n;
}

bool matrix_open(const char *state)
{
	return badness(state) > badness("unknown") &&
		badness(state) < sizeof(order) / sizeof(*order);
}

double matrix_seconds(const struct matrix *m, const char *base, int column)
{
	const char *last = "";
	double sum = 0;

	for (size_t i = 0; i < m->proofs.n; i++) {
		char **row = m->proofs.rows[i];

		if (strcmp(row[COL_BASE], base))
			continue;
		if (column != COL_BUILD || strcmp(row[COL_SUBJECT], last))
			sum += atof(row[column]);
		last = row[COL_SUBJECT];
	}
	return sum;
}
