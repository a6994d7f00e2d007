// SPDX-License-Identifier: GPL-2.0-only
/* The tables of the page, and the page itself. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include <cmocka.h>

#include "html.h"
#include "matrix.h"

#define HEADING	"base\tsubject\tkind\tstate\tmeans\tdropped\tproof\tseen\tgraph\tbuild_s\trun_s\n"
#define ROW(base, subject, kind, state, build)			\
	base "\t" subject "\t" kind "\t" state "\tleft-out\t-\t"	\
	"kunit a.b fails\tx < y & z\t-\t" build "\t2.0\n"

static const char proofs[] = HEADING
	ROW("6.12", "t/a", "change", "shown", "10.5")
	ROW("6.12", "t/a", "change", "not-shown", "10.5")
	ROW("6.12", "t/b", "change", "shown", "4.0")
	ROW("6.1", "t/a", "change", "support", "-")
	ROW("6.1", "mutant/m", "mutant", "shown", "1.0");

static const char status[] =
	"6.12\tt\ta\tcarried\t01\n6.12\tt\tb\tcarried\t02\n6.1\tt\tb\tupstream\t-\n"
	"6.1\tt\tc\tcarried\t03\n";

static void read_text(const char *text, size_t columns, struct table *t)
{
	FILE *f = fmemopen((void *)text, strlen(text), "r");

	assert_non_null(f);
	assert_int_equal(table_read(f, "x.tsv", columns, t), 0);
	fclose(f);
}

static void read_both(struct matrix *m)
{
	memset(m, 0, sizeof(*m));
	read_text(proofs, PROOF_COLS, &m->proofs);
	read_text(status, STATUS_COLS, &m->status);
	matrix_index(m);
}

static void names_the_cells(void **state)
{
	struct matrix m;

	(void)state;
	read_both(&m);
	assert_int_equal(m.bases.n, 2);
	/* By version: 6.1 comes before 6.12. */
	assert_string_equal(m.bases.v[0], "6.1");
	assert_int_equal(m.changes.n, 3);
	assert_string_equal(m.changes.v[0], "t/a");
	assert_int_equal(m.mutants.n, 1);
	/* The worst of its proofs. */
	assert_string_equal(matrix_state(&m, "t/a", "6.12"), "not-shown");
	assert_string_equal(matrix_state(&m, "t/b", "6.12"), "shown");
	assert_string_equal(matrix_state(&m, "t/a", "6.1"), "support");
	assert_string_equal(matrix_state(&m, "t/b", "6.1"), "upstream");
	/* Carried and never tried is not the same as fine. */
	assert_string_equal(matrix_state(&m, "t/c", "6.1"), "unknown");
	assert_string_equal(matrix_state(&m, "t/c", "6.12"), "-");
	assert_string_equal(matrix_state(&m, "mutant/m", "6.1"), "shown");
	assert_int_equal(matrix_count(&m, &m.changes, NULL, "shown"), 1);
	assert_int_equal(matrix_count(&m, &m.mutants, NULL, "shown"), 1);
	assert_int_equal(matrix_count(&m, &m.changes, "6.12", "shown"), 1);
	assert_int_equal(matrix_count(&m, &m.changes, "6.1", "shown"), 0);
	/* What ran, and not as it should. */
	assert_true(matrix_open("not-shown") && matrix_open("broken"));
	assert_false(matrix_open("shown") || matrix_open("none"));
	assert_false(matrix_open("unknown"));
	assert_false(matrix_open("upstream") || matrix_open("-"));
	/* A kernel is built once for all proofs of a subject. */
	assert_true(matrix_seconds(&m, "6.12", COL_BUILD) == 14.5);
	assert_true(matrix_seconds(&m, "6.12", COL_RUN) == 6.0);
	matrix_free(&m);
}

static void refuses_a_torn_line(void **state)
{
	static const char text[] = "6.1\tt\ta\n";
	FILE *f = fmemopen((void *)text, strlen(text), "r");
	struct table t;

	(void)state;
	assert_int_equal(table_read(f, "x.tsv", STATUS_COLS, &t), -1);
	fclose(f);
	table_free(&t);
}

static char *render(int *code)
{
	char command[512], *page = NULL;
	size_t size = 0;
	FILE *p;

	snprintf(command, sizeof(command), "%s -s status.tmp proof.tmp", getenv("PROOFPAGE"));
	p = popen(command, "re");
	assert_non_null(p);
	if (getdelim(&page, &size, '\0', p) < 0)
		page = strdup("");
	*code = WEXITSTATUS(pclose(p));
	return page;
}

static void write_text(const char *path, const char *text)
{
	FILE *f = fopen(path, "we");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static void renders_the_page(void **state)
{
	char *page;
	int code;

	(void)state;
	write_text("proof.tmp", proofs);
	write_text("status.tmp", status);
	page = render(&code);
	assert_int_equal(code, 0);
	/* Text is escaped; links lead to what is there. */
	assert_non_null(strstr(page, "x &lt; y &amp; z"));
	assert_null(strstr(page, "x < y"));
	assert_non_null(strstr(page, "href=\"#t-a_6-12\">not-shown</a>"));
	/* What is open stands on top. */
	assert_non_null(strstr(page, "Open: <a href=\"#t-a_6-12\">t/a</a> on 6.12 (not-shown)"));
	/* A topic's name is there once for all its changes. */
	assert_non_null(strstr(page, "<th colspan=\"3\" scope=\"rowgroup\">t</th>"));
	assert_non_null(strstr(page, "<article id=\"t-a_6-12\">"));
	assert_non_null(strstr(page, "<span class=\"s upstream\">upstream</span>"));
	assert_non_null(strstr(page, "<span class=\"s unknown\">unknown</span>"));
	/* One file: nothing comes from elsewhere, no script. */
	assert_null(strstr(page, "<script"));
	assert_null(strstr(page, "src="));
	assert_null(strstr(page, "http"));
	free(page);
	remove("proof.tmp");
	remove("status.tmp");
}

static void puts_pictures_in(void **state)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	write_text("svg.tmp", "<?xml version=\"1.0\"?>\n<!DOCTYPE svg>\n"
		   "<svg width=\"1pt\"><!-- x --><g id=\"node1\" class=\"node\"/></svg>\n");
	assert_int_equal(html_svg(out, "svg.tmp"), 0);
	assert_int_equal(html_svg(out, "nothing.tmp"), -1);
	fclose(out);
	assert_string_equal(text, "<svg width=\"1pt\"><g class=\"node\"/></svg>\n");
	free(text);
	remove("svg.tmp");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_the_cells),
		cmocka_unit_test(refuses_a_torn_line),
		cmocka_unit_test(renders_the_page),
		cmocka_unit_test(puts_pictures_in),
	};

	return cmocka_run_group_tests_name("matrix", tests, NULL, NULL);
}
