// SPDX-License-Identifier: GPL-2.0-only
/* A patch for debian/patches, with DEP-3 headers. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "commit.h"
#include "form.h"
#include "headway.h"
#include "patchset.h"
#include "xalloc.h"

/* A field's further lines are indented by one; an empty one is " .". */
static void write_indented(FILE *f, const char *text)
{
	while (*text) {
		size_t n = strcspn(text, "\n");

		if (n)
			fprintf(f, " %.*s\n", (int)n, text);
		else
			fputs(" .\n", f);
		text += n + (text[n] == '\n');
	}
}

static void write_origin(FILE *f, const struct cell *cell)
{
	const struct origin *o = &cell->change->origin;
	const char *how = cell->own ? "backport" : "upstream";

	if (o->kind == ORIGIN_UPSTREAM)
		fprintf(f, "Origin: %s, commit:%s\n", how, o->commit);
	else if (o->kind == ORIGIN_GIT)
		fprintf(f, "Origin: %s, %s branch %s commit:%s\n", how,
			o->repository, o->branch, o->commit);
	else
		fprintf(f, "Origin: other, Headway topic %s, change %s\n",
			cell->topic->name, cell->change->name);
	if (o->kind == ORIGIN_UPSTREAM || o->kind == ORIGIN_GIT)
		fputs("Forwarded: not-needed\n", f);
	else
		fprintf(f, "Forwarded: %s\n", o->link ? o->link : "no");
}

static void write_header(FILE *f, const struct form_context *fc,
			 const struct cell *cell, git_commit *commit)
{
	const git_signature *a = git_commit_author(commit);
	time_t when = a->when.time + 60 * (time_t)a->when.offset;
	const char *adapted = form_adapted(fc, cell);
	struct text t;
	struct tm tm;
	size_t i;

	text_split(git_commit_message(commit), &t);
	gmtime_r(&when, &tm);
	fprintf(f, "Description: %s\n", t.subject);
	write_indented(f, t.body);
	if (t.trailers.n)
		fputs(" .\n", f);
	for (i = 0; i < t.trailers.n; i++)
		write_indented(f, t.trailers.v[i]);
	if (adapted)
		write_indented(f, adapted);
	fprintf(f, "Author: %s <%s>\n", a->name, a->email);
	write_origin(f, cell);
	if (fc->bug)
		fprintf(f, "Bug-Debian: https://bugs.debian.org/%s\n", fc->bug);
	fprintf(f, "Last-Update: %04d-%02d-%02d\n", tm.tm_year + 1900,
		tm.tm_mon + 1, tm.tm_mday);
	text_free(&t);
}

char *form_debian(const struct form_context *fc, git_repository *repo,
		  const struct cell *cell, const git_oid *commit)
{
	git_commit *c = NULL;
	git_diff *diff = NULL;
	git_buf buf = { 0 };
	char *out = NULL;
	size_t len;
	FILE *f;

	if (patchset_diff(repo, commit, &diff))
		return NULL;
	f = open_memstream(&out, &len);
	if (!f)
		abort();
	if (git_commit_lookup(&c, repo, commit) ||
	    git_diff_to_buf(&buf, diff, GIT_DIFF_FORMAT_PATCH)) {
		hw_git_error("%s", git_oid_tostr_s(commit));
		fclose(f);
		free(out);
		out = NULL;
		goto out;
	}
	write_header(f, fc, cell, c);
	fputs("---\n", f);
	fwrite(buf.ptr, 1, buf.size, f);
	fclose(f);
out:
	git_buf_dispose(&buf);
	git_diff_free(diff);
	git_commit_free(c);
	return out;
}
