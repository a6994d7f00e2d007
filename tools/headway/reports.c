// SPDX-License-Identifier: GPL-2.0-only
/* The reports that the last runs of the kernels left below build/. */
#define _GNU_SOURCE
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "file.h"
#include "headway.h"
#include "reports.h"
#include "xalloc.h"

/* What tree-state.sh prints of the changes in a work tree that has none. */
#define NO_CHANGES \
	"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  -"
#define SHA256_HEX 64

char *report_text(const char *path)
{
	char *full = xasprintf("%s/%s", hw_paths.build, path);
	char *text = file_read(full, NULL);

	free(full);
	return text;
}

/* The first line of build/@path without its end; NULL if there is none. */
static char *first_line(const char *path)
{
	char *text = report_text(path);

	if (text)
		text[strcspn(text, "\r\n")] = '\0';
	if (text && *text)
		return text;
	free(text);
	return NULL;
}

static bool newer(const char *path, const char *than)
{
	char *a = xasprintf("%s/%s", hw_paths.build, path);
	char *b = xasprintf("%s/%s", hw_paths.build, than);
	struct stat sa, sb;
	bool yes;

	yes = !stat(a, &sa) && !stat(b, &sb) &&
	      (sa.st_mtim.tv_sec > sb.st_mtim.tv_sec ||
	       (sa.st_mtim.tv_sec == sb.st_mtim.tv_sec &&
		sa.st_mtim.tv_nsec >= sb.st_mtim.tv_nsec));
	free(a);
	free(b);
	return yes;
}

/* A line of sha256sum, as tree-state.sh has it of a file that git does not track. */
static bool names_file(const char *line)
{
	return strspn(line, "0123456789abcdef") == SHA256_HEX &&
	       line[SHA256_HEX] == ' ';
}

/* Was the kernel with the state file @state built from the tree @id, unchanged? */
static bool built_from(const char *state, const git_oid *id)
{
	char *text = report_text(state);
	char *want = xasprintf("%s\n" NO_CHANGES "\n", git_oid_tostr_s(id));
	bool same = text && !strncmp(text, want, strlen(want)) &&
		    !names_file(text + strlen(want));

	free(want);
	free(text);
	return same;
}

enum report_state report_main_job(const char *base, const git_oid *tree, char **verdict)
{
	char *path = xasprintf("report/%s/verdict", base);
	char *state = xasprintf("kernel/%s/state", base);
	enum report_state found = REPORT_THIS;

	*verdict = first_line(path);
	if (!*verdict)
		found = REPORT_NONE;
	else if (!built_from(state, tree) || !newer(path, state))
		found = REPORT_OTHER;
	if (found != REPORT_THIS) {
		free(*verdict);
		*verdict = NULL;
	}
	free(state);
	free(path);
	return found;
}

static void list_variants(const char *base, struct strlist *out)
{
	char *dir = xasprintf("%s/report/lab-%s", hw_paths.build, base);
	DIR *d = opendir(dir);
	struct dirent *e;

	while (d && (e = readdir(d)))
		if (*e->d_name != '.')
			strlist_add(out, e->d_name);
	if (d)
		closedir(d);
	strlist_sort(out);
	free(dir);
}

enum report_state report_lab(const char *base, const git_oid *tree,
			     struct strlist *variants, struct strlist *verdicts)
{
	char *state = xasprintf("lab/%s/state", base);
	enum report_state found;
	size_t i;

	list_variants(base, variants);
	found = !variants->n ? REPORT_NONE :
		built_from(state, tree) ? REPORT_THIS : REPORT_OTHER;
	for (i = 0; i < variants->n && found == REPORT_THIS; i++) {
		char *path = xasprintf("report/lab-%s/%s/verdict", base, variants->v[i]);
		char *verdict = first_line(path);

		if (verdict && newer(path, state))
			strlist_add(verdicts, verdict);
		else
			found = REPORT_OTHER;
		free(verdict);
		free(path);
	}
	if (found != REPORT_THIS) {
		strlist_free(variants);
		strlist_free(verdicts);
	}
	free(state);
	return found;
}

/* The line of @text that has @mark in it, without its end; NULL if none has. */
static char *line_with(const char *text, const char *mark)
{
	const char *hit = strstr(text, mark);

	while (hit && hit > text && hit[-1] != '\n')
		hit--;
	return hit ? xstrndup(hit, strcspn(hit, "\n")) : NULL;
}

/* What the third line of reclaimcheck.sh's state says was read; NULL: all of it. */
static char *only_part(const char *state)
{
	char *text = report_text(state), *p = text;
	char *out = NULL;
	int i;

	for (i = 0; p && i < 2; i++) {
		p = strchr(p, '\n');
		p += !!p;
	}
	if (p && strncmp(p, "whole\n", 6))
		out = xstrndup(p, strcspn(p, "\n"));
	free(text);
	return out;
}

enum report_state report_checker(const char *base, const git_oid *tree,
				 char **summary, char **only)
{
	char *path = xasprintf("report/%s/reclaimcheck/integration.txt", base);
	char *state = xasprintf("report/%s/reclaimcheck/integration.state", base);
	char *text = report_text(path);
	enum report_state found = REPORT_THIS;

	*summary = NULL;
	*only = NULL;
	if (!text)
		found = REPORT_NONE;
	else if (!built_from(state, tree))
		found = REPORT_OTHER;
	if (found == REPORT_THIS) {
		*summary = line_with(text, " findings of the high tier");
		*only = only_part(state);
	}
	free(text);
	free(state);
	free(path);
	return found;
}
