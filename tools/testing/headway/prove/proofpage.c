// SPDX-License-Identifier: GPL-2.0-only
/* proofpage: the proof matrix as one page of HTML. */
#define _GNU_SOURCE
#include <errno.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "html.h"
#include "matrix.h"

enum { H_OK = 0, H_USAGE = 2, H_BAD_INPUT = 3, H_ENV = 4 };

static const char usage[] =
	"usage: proofpage [-s STATUS] PROOF\n"
	"\n"
	"Writes the proof matrix as an HTML page to standard output. PROOF is proof.tsv,\n"
	"STATUS the output of \"headway --porcelain status\".\n"
	"\n"
	"Exit codes: 0 written; 2 usage; 3 malformed input; 4 the machine.\n";

static const struct {
	const char *state, *words;
} legend[] = {
	{ "shown", "without the change the kernel shows what the topic expects; with it, not" },
	{ "not-shown", "the kernel without the change ran, and what was expected did not come" },
	{ "broken", "the kernel without the change does not build" },
	{ "not-run", "the test or stage that should show it did not run" },
	{ "control-shown", "the whole branch shows it too, so it proves nothing" },
	{ "control-not-run", "on the whole branch the test or stage did not run" },
	{ "unstated", "the topic does not say how the absence of the change shows" },
	{ "unknown", "not run yet" },
	{ "none", "nothing that runs here can show it; the reason is below" },
	{ "support", "stands for another change, or tests one" },
	{ "upstream", "the base has it already" },
	{ "not-needed", "the base does not need it" },
};

static void print_badge(FILE *out, const char *state)
{
	fputs("<span class=\"s ", out);
	html_id(out, state);
	fputs("\">", out);
	html_text(out, !strcmp(state, "control-shown") ? "control shows it" : state);
	fputs("</span>", out);
}

static bool has_rows(const struct matrix *m, const char *subject, const char *base)
{
	for (size_t i = 0; i < m->proofs.n; i++)
		if (!strcmp(m->proofs.rows[i][COL_BASE], base) &&
		    !strcmp(m->proofs.rows[i][COL_SUBJECT], subject))
			return true;
	return false;
}

static void print_anchor(FILE *out, const char *subject, const char *base)
{
	html_id(out, subject);
	fputc('_', out);
	html_id(out, base);
}

static void print_cell(FILE *out, const struct matrix *m, const char *subject,
		       const char *base)
{
	const char *state = matrix_state(m, subject, base);
	bool link = has_rows(m, subject, base);

	fputs("<td>", out);
	if (link) {
		fputs("<a class=\"s ", out);
		html_id(out, state);
		fputs("\" href=\"#", out);
		print_anchor(out, subject, base);
		fputs("\">", out);
		html_text(out, state);
		fputs("</a>", out);
	} else if (strcmp(state, "-")) {
		print_badge(out, state);
	}
	fputs("</td>", out);
}

/* A change's name without that of its topic, which is the heading of its group. */
static const char *short_name(const char *subject)
{
	const char *slash = strchr(subject, '/');

	return slash ? slash + 1 : subject;
}

static void print_group(FILE *out, const char *subject, size_t columns)
{
	char *topic = strndup(subject, strcspn(subject, "/"));

	fprintf(out, "<tr><th colspan=\"%zu\" scope=\"rowgroup\">", columns);
	html_text(out, topic);
	fputs("</th></tr>\n", out);
	free(topic);
}

static void print_table(FILE *out, const struct matrix *m, const struct names *ns,
			const char *heading, bool groups)
{
	if (!ns->n)
		return;
	fprintf(out, "<div class=\"wide\"><table class=\"matrix\"><thead><tr><th>%s</th>",
		heading);
	for (size_t j = 0; j < m->bases.n; j++) {
		fputs("<th>", out);
		html_text(out, m->bases.v[j]);
		fputs("</th>", out);
	}
	fputs("</tr></thead>\n<tbody>\n", out);
	for (size_t i = 0; i < ns->n; i++) {
		size_t len = strcspn(ns->v[i], "/") + 1;

		if (groups && (!i || strncmp(ns->v[i], ns->v[i - 1], len)))
			print_group(out, ns->v[i], m->bases.n + 1);
		fputs("<tr><th scope=\"row\">", out);
		html_text(out, short_name(ns->v[i]));
		fputs("</th>", out);
		for (size_t j = 0; j < m->bases.n; j++)
			print_cell(out, m, ns->v[i], m->bases.v[j]);
		fputs("</tr>\n", out);
	}
	fputs("</tbody></table></div>\n", out);
}

static int print_proof(FILE *out, char **row)
{
	bool said = !strcmp(row[COL_STATE], "none") || !strcmp(row[COL_STATE], "support");
	size_t len = strlen(row[COL_STATE]);
	int ret = 0;

	fputs("<p>", out);
	print_badge(out, row[COL_STATE]);
	fputs(" <code>", out);
	/* What the badge says need not be said again. */
	html_text(out, row[COL_PROOF] + (said && !strncmp(row[COL_PROOF], row[COL_STATE], len) ?
					 len : 0));
	fputs("</code></p>\n", out);
	if (strcmp(row[COL_SEEN], "-") && !said) {
		fputs("<p><code>", out);
		html_text(out, row[COL_SEEN]);
		fputs("</code></p>\n", out);
	}
	if (strcmp(row[COL_GRAPH], "-")) {
		fputs("<details><summary>The cycle of locks</summary>\n", out);
		ret = html_svg(out, row[COL_GRAPH]);
		if (ret)
			fprintf(stderr, "proofpage: error: %s: no picture in it\n",
				row[COL_GRAPH]);
		fputs("</details>\n", out);
	}
	return ret;
}

/* By which means the kernel without it came about, and how long that took. */
static void print_means(FILE *out, char **row)
{
	if (!strcmp(row[COL_MEANS], "undone"))
		fputs("<p class=\"dim\">Others stand on it: undone by a merge on top.</p>\n", out);
	if (strcmp(row[COL_DROPPED], "-")) {
		fputs("<p class=\"dim\">Left out with it, because they stand on it: ", out);
		html_text(out, row[COL_DROPPED]);
		fputs("</p>\n", out);
	}
	if (strcmp(row[COL_BUILD], "-")) {
		fputs("<p class=\"dim\">built in ", out);
		html_text(out, row[COL_BUILD]);
		fputs(" s", out);
		if (strcmp(row[COL_RUN], "-"))
			fprintf(out, ", run in %s s", row[COL_RUN]);
		fputs("</p>\n", out);
	}
}

static int print_details(FILE *out, const struct matrix *m, const char *subject)
{
	int ret = 0;

	for (size_t j = 0; j < m->bases.n; j++) {
		const char *base = m->bases.v[j];
		char **last = NULL;

		for (size_t i = 0; i < m->proofs.n; i++) {
			char **row = m->proofs.rows[i];

			if (strcmp(row[COL_BASE], base) ||
			    strcmp(row[COL_SUBJECT], subject))
				continue;
			if (!last) {
				fputs("<article id=\"", out);
				print_anchor(out, subject, base);
				fputs("\"><h3>", out);
				html_text(out, subject);
				fputs(" <span class=\"dim\">on ", out);
				html_text(out, base);
				fputs("</span></h3>\n", out);
			}
			last = row;
			ret |= print_proof(out, row);
		}
		if (last) {
			print_means(out, last);
			fputs("</article>\n", out);
		}
	}
	return ret;
}

/* What somebody has to look into, by name. */
static void print_open(FILE *out, const struct matrix *m, const struct names *ns)
{
	const char *before = "<p>Open: ";

	for (size_t i = 0; i < ns->n; i++)
		for (size_t j = 0; j < m->bases.n; j++) {
			const char *base = m->bases.v[j];
			const char *state = matrix_state(m, ns->v[i], base);

			if (!matrix_open(state) || !has_rows(m, ns->v[i], base))
				continue;
			fprintf(out, "%s<a href=\"#", before);
			print_anchor(out, ns->v[i], base);
			fputs("\">", out);
			html_text(out, ns->v[i]);
			fputs("</a> on ", out);
			html_text(out, base);
			fprintf(out, " (%s)", state);
			before = ", ";
		}
	if (*before == ',')
		fputs("</p>\n", out);
}

static void print_counts(FILE *out, const struct matrix *m, const char *state)
{
	for (size_t j = 0; j < m->bases.n; j++)
		fprintf(out, "<td class=\"n\">%zu</td>",
			matrix_count(m, &m->changes, m->bases.v[j], state));
	fprintf(out, "<td class=\"n\">%zu</td>\n",
		matrix_count(m, &m->mutants, NULL, state));
}

static void print_summary(FILE *out, const struct matrix *m)
{
	fputs("<p>For each change on each base that carries it: the integration branch\n"
	      "without that change was built and run, and must show what the change is\n"
	      "there for; the whole branch must not.</p>\n", out);
	print_open(out, m, &m->changes);
	print_open(out, m, &m->mutants);
	fputs("<div class=\"wide\"><table><thead><tr><th>state</th>", out);
	for (size_t j = 0; j < m->bases.n; j++) {
		fputs("<th class=\"n\">", out);
		html_text(out, m->bases.v[j]);
		fputs("</th>", out);
	}
	fputs("<th class=\"n\">mutants</th><th>meaning</th></tr></thead><tbody>\n", out);
	for (size_t i = 0; i < sizeof(legend) / sizeof(*legend); i++) {
		if (!matrix_count(m, &m->changes, NULL, legend[i].state) &&
		    !matrix_count(m, &m->mutants, NULL, legend[i].state))
			continue;
		fputs("<tr><td>", out);
		print_badge(out, legend[i].state);
		fputs("</td>", out);
		print_counts(out, m, legend[i].state);
		fprintf(out, "<td class=\"why\">%s</td></tr>\n", legend[i].words);
	}
	fputs("</tbody></table></div>\n", out);
}

static void print_timings(FILE *out, const struct matrix *m)
{
	fputs("<h2>Timings</h2>\n<div class=\"wide\"><table class=\"matrix\"><thead><tr><th>base</th>\n"
	      "<th class=\"n\">building, s</th>\n"
	      "<th class=\"n\">running, s</th>\n"
	      "</tr></thead><tbody>\n", out);
	for (size_t j = 0; j < m->bases.n; j++) {
		fputs("<tr><th scope=\"row\">", out);
		html_text(out, m->bases.v[j]);
		fprintf(out, "</th><td class=\"n\">%.0f</td><td class=\"n\">%.0f</td></tr>\n",
			matrix_seconds(m, m->bases.v[j], COL_BUILD),
			matrix_seconds(m, m->bases.v[j], COL_RUN));
	}
	fputs("</tbody></table></div>\n", out);
}

static int print_page(FILE *out, const struct matrix *m)
{
	int ret = 0;

	html_head(out, "Headway: what each change is needed for");
	print_summary(out, m);
	fputs("<h2>Changes</h2>\n", out);
	print_table(out, m, &m->changes, "change", true);
	if (m->mutants.n) {
		fputs("<h2>Mutants</h2>\n<p>The whole branch with a mistake put in:\n"
		      "<em>shown</em> means that a test or a stage found it.</p>\n", out);
		print_table(out, m, &m->mutants, "mistake", false);
	}
	print_timings(out, m);
	fputs("<h2>What was seen</h2>\n", out);
	for (size_t i = 0; i < m->changes.n; i++)
		ret |= print_details(out, m, m->changes.v[i]);
	for (size_t i = 0; i < m->mutants.n; i++)
		ret |= print_details(out, m, m->mutants.v[i]);
	html_foot(out);
	return ret;
}

static int read_file(const char *path, size_t columns, struct table *t)
{
	FILE *f = fopen(path, "re");
	int ret;

	if (!f) {
		fprintf(stderr, "proofpage: error: %s: %s\n", path, strerror(errno));
		return -1;
	}
	ret = table_read(f, path, columns, t);
	fclose(f);
	return ret;
}

int main(int argc, char **argv)
{
	const char *status = NULL;
	struct matrix m = { 0 };
	int opt, ret = H_BAD_INPUT;

	while ((opt = getopt(argc, argv, "hs:")) != -1) {
		if (opt == 's') {
			status = optarg;
		} else {
			fputs(usage, opt == 'h' ? stdout : stderr);
			return opt == 'h' ? H_OK : H_USAGE;
		}
	}
	if (argc - optind != 1) {
		fputs(usage, stderr);
		return H_USAGE;
	}
	if (!read_file(argv[optind], PROOF_COLS, &m.proofs) &&
	    (!status || !read_file(status, STATUS_COLS, &m.status))) {
		matrix_index(&m);
		ret = print_page(stdout, &m) ? H_BAD_INPUT : H_OK;
	}
	if (fflush(stdout)) {
		fprintf(stderr, "proofpage: error: cannot write: %s\n", strerror(errno));
		ret = H_ENV;
	}
	matrix_free(&m);
	return ret;
}
