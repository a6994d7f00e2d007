// SPDX-License-Identifier: GPL-2.0-only
/* Who owns which file: what get_maintainer.pl of the newest base says. */
#define _GNU_SOURCE
#include <fnmatch.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "headway.h"
#include "owner.h"
#include "run.h"
#include "xalloc.h"

/* The entry that matches whatever there is; with it a file's sections end. */
#define LAST_ENTRY "THE REST"

static int count_slashes(const char *s)
{
	int n = 0;

	for (; *s; s++)
		n += *s == '/';
	return n;
}

int owner_depth(const char *glob, const char *file)
{
	size_t len = strlen(glob);
	char *prefix;
	bool hit;

	if (!len)
		return -1;
	if (glob[len - 1] != '/')
		return fnmatch(glob, file, FNM_PATHNAME) ? -1 :
							   count_slashes(glob) + 1;
	prefix = xasprintf("%s*", glob);
	hit = !fnmatch(prefix, file, 0);
	free(prefix);
	return hit ? count_slashes(glob) : -1;
}

/* The best entry for one file while its sections are read. */
struct best {
	int depth, place;
	bool kept;		/* it has a maintainer: some are a list alone */
	char *entry, *scm;
};

static bool closer(const struct best *a, const struct best *b)
{
	if (a->kept != b->kept)
		return a->kept;
	if (a->depth != b->depth)
		return a->depth > b->depth;
	if (a->place != b->place)
		return a->place < b->place;
	return !b->entry || strcmp(a->entry, b->entry) < 0;
}

static void best_free(struct best *b)
{
	free(b->entry);
	free(b->scm);
}

/* One section, from its title on. Returns what follows the empty line after it. */
static const char *read_section(const char *p, const char *file, struct best *s)
{
	size_t n = strcspn(p, "\n");
	int place = 0;

	memset(s, 0, sizeof(*s));
	s->depth = -1;
	s->entry = xstrndup(p, n);
	p += n + !!p[n];
	while (*p && *p != '\n') {
		n = strcspn(p, "\n");
		if (n > 3 && !s->scm && !strncmp(p, "T:\t", 3)) {
			s->scm = xstrndup(p + 3, n - 3);
		} else if (n > 3 && !strncmp(p, "M:\t", 3)) {
			s->kept = true;
		} else if (n > 3 && !strncmp(p, "F:\t", 3)) {
			char *glob = xstrndup(p + 3, n - 3);
			int depth = owner_depth(glob, file);

			if (depth > s->depth) {
				s->depth = depth;
				s->place = place;
			}
			place++;
			free(glob);
		}
		p += n + !!p[n];
	}
	return p + strspn(p, "\n");
}

/* The sections of one file: all up to the one that matches everything. */
static const char *read_file_sections(const char *p, struct owner *o)
{
	struct best best = { .depth = -1, .place = INT_MAX };
	bool last = false;

	while (*p && !last) {
		struct best s;

		p = read_section(p, o->path, &s);
		last = !strcmp(s.entry, LAST_ENTRY);
		if (!best.entry || (!last && closer(&s, &best))) {
			best_free(&best);
			best = s;
		} else {
			best_free(&s);
		}
	}
	o->entry = best.entry;
	o->scm = best.scm;
	return last ? p : NULL;
}

/* get_maintainer.pl reads the files that it is asked about: empty ones will do. */
static int touch_files(const char *dir, const struct strlist *files)
{
	int err = 0;
	size_t i;

	for (i = 0; !err && i < files->n; i++) {
		char *path = xasprintf("%s/%s", dir, files->v[i]);

		if (!file_exists(path))
			err = file_replace(path, "", 0);
		free(path);
	}
	return err;
}

/* Run get_maintainer.pl with @options, and then @args after @flag (may be NULL). */
static int ask(const char *dir, const char *const *options, const char *flag,
	       const struct strlist *args, char **out)
{
	/*
	 * Entries that are alike come in the order of a hash: let it be one order; and
	 * let no file of the user's at home say what is asked.
	 */
	char *home = xasprintf("HOME=%s", dir);
	const char *const env[] = { "PERL_HASH_SEED=0", home, NULL };
	const struct run_options ro = { .dir = dir, .env = env, .timeout = 300 };
	struct run_result res;
	const char **argv = NULL;
	size_t n = 0, i;
	int err = 0;

	*xpush(argv, n) = "perl";
	*xpush(argv, n) = "scripts/get_maintainer.pl";
	*xpush(argv, n) = "--nogit";
	*xpush(argv, n) = "--nogit-fallback";
	*xpush(argv, n) = "--norolestats";
	for (i = 0; options[i]; i++)
		*xpush(argv, n) = options[i];
	if (flag)
		*xpush(argv, n) = flag;
	for (i = 0; i < args->n; i++)
		*xpush(argv, n) = args->v[i];
	*xpush(argv, n) = NULL;
	*out = NULL;
	if (run_child(argv, &ro, &res)) {
		err = -1;
	} else if (res.status) {
		hw_set_exit(HW_BAD_INPUT);
		err = hw_error("get_maintainer.pl of the newest base failed (%d): %.*s",
			       res.status, (int)strcspn(res.err, "\n"), res.err);
		run_result_free(&res);
	} else {
		*out = res.out;
		res.out = NULL;
		run_result_free(&res);
	}
	free(argv);
	free(home);
	return err;
}

/* What get_maintainer.pl was asked about, as the head of the file that keeps it. */
static char *question(const struct strlist *files)
{
	char *out = NULL;
	size_t len, i;
	FILE *f = open_memstream(&out, &len);

	if (!f)
		return NULL;
	for (i = 0; i < files->n; i++)
		fprintf(f, "%s\n", files->v[i]);
	fputc('\n', f);
	fclose(f);
	return out;
}

/*
 * The sections of @files. That takes get_maintainer.pl a tenth of a second a file, and
 * @dir, the scripts of one base, always gives the same answer: so the last one is kept
 * there.
 */
static int ask_sections(const char *dir, const struct strlist *files, char **out)
{
	static const char *const options[] = { "--nokeywords", "--letters=MTF", NULL };
	char *path = xasprintf("%s/.owners", dir), *head = question(files);
	char *kept = file_read(path, NULL), *keep;
	int err = 0;

	*out = NULL;
	if (!head) {
		err = hw_errno("open_memstream");
	} else if (kept && !strncmp(kept, head, strlen(head))) {
		*out = xstrdup(kept + strlen(head));
	} else if (touch_files(dir, files) || ask(dir, options, "-f", files, out)) {
		err = -1;
	} else {
		keep = xasprintf("%s%s", head, *out);
		err = file_replace(path, keep, strlen(keep));
		free(keep);
	}
	free(kept);
	free(head);
	free(path);
	return err;
}

int owners_find(const char *dir, const struct strlist *files, struct owners *out)
{
	struct strlist sorted = { 0 };
	char *text = NULL;
	const char *p;
	size_t i;
	int err = 0;

	memset(out, 0, sizeof(*out));
	for (i = 0; i < files->n; i++)
		if (!strlist_has(&sorted, files->v[i]))
			strlist_add(&sorted, files->v[i]);
	strlist_sort(&sorted);
	if (!sorted.n || ask_sections(dir, &sorted, &text)) {
		err = sorted.n ? -1 : 0;
		free(text);
		strlist_free(&sorted);
		return err;
	}
	for (p = text, i = 0; p && i < sorted.n; i++) {
		struct owner *o = xpush(out->o, out->n);

		o->path = xstrdup(sorted.v[i]);
		p = read_file_sections(p, o);
	}
	if (!p || *p) {
		hw_set_exit(HW_BAD_INPUT);
		err = hw_error("MAINTAINERS of the newest base: not a \"%s\" for every file",
			       LAST_ENTRY);
	}
	free(text);
	strlist_free(&sorted);
	return err;
}

void owners_free(struct owners *os)
{
	size_t i;

	for (i = 0; i < os->n; i++) {
		free(os->o[i].path);
		free(os->o[i].entry);
		free(os->o[i].scm);
	}
	free(os->o);
	memset(os, 0, sizeof(*os));
}

static int by_path(const void *key, const void *o)
{
	return strcmp(key, ((const struct owner *)o)->path);
}

const struct owner *owner_of(const struct owners *os, const char *path)
{
	return bsearch(path, os->o, os->n, sizeof(*os->o), by_path);
}

/* One line: "Name <address> (role:ENTRY,role:ENTRY)". */
static void add_person(char *line, struct strlist *to, struct strlist *cc)
{
	char *role = strstr(line, " (");
	bool keeps = false;

	if (role) {
		*role = '\0';
		role += 2;
		keeps = !strncmp(role, "maintainer", 10) ||
			!strncmp(role, "supporter", 9) ||
			strstr(role, ",maintainer") || strstr(role, ",supporter");
	}
	if (!strlist_has(to, line) && !strlist_has(cc, line))
		strlist_add(keeps ? to : cc, line);
}

int owners_recipients(const char *dir, const struct strlist *mails,
		      struct strlist *to, struct strlist *cc)
{
	static const char *const options[] = { "--rolestats", NULL };
	char *text = NULL, *line, *save = NULL;
	int err = ask(dir, options, NULL, mails, &text);

	for (line = text ? strtok_r(text, "\n", &save) : NULL; line;
	     line = strtok_r(NULL, "\n", &save))
		add_person(line, to, cc);
	free(text);
	return err;
}

/* Of "Name <address> (role:ENTRY)" those whose entry is that of stable. */
static void add_stable(char *text, struct strlist *to)
{
	char *line, *role, *save = NULL;

	for (line = strtok_r(text, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save)) {
		role = strstr(line, " (");
		if (!role || !strstr(role, ":STABLE BRANCH)"))
			continue;
		*role = '\0';
		strlist_add(to, line);
	}
}

int owners_stable(const char *dir, struct strlist *to)
{
	static const char *const options[] = { "--rolestats", NULL };
	struct strlist rules = { 0 };
	char *text = NULL;
	int err;

	strlist_add(&rules, "Documentation/process/stable-kernel-rules.rst");
	err = touch_files(dir, &rules);
	if (!err)
		err = ask(dir, options, "-f", &rules, &text);
	/* The entry STABLE BRANCH, and not those who keep all documents. */
	if (!err)
		add_stable(text, to);
	free(text);
	strlist_free(&rules);
	return err;
}
