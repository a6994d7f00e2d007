// SPDX-License-Identifier: GPL-2.0-only
/*
 * Debian packages through apt.
 *
 * A package is looked for in up to three places: what the system's lists know;
 * what our own copy of the lists (build/apt/lists) knows; and what that knows
 * after an update. A base with a suite has its own lists, of that suite alone,
 * on the mirror that apt is set up for.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "apt.h"
#include "file.h"
#include "hash.h"
#include "headway.h"
#include "mirror.h"
#include "progress.h"
#include "run.h"
#include "xalloc.h"

#define KEYRING		"/usr/share/keyrings/debian-archive-keyring.gpg"
#define SYSTEM_ARCHIVES	"/var/cache/apt/archives"
#define MAX_ARGS	24
#define LIST_SECONDS	120
#define UPDATE_SECONDS	600
#define FETCH_SECONDS	7200

/* The options that make apt look at certain lists; none: the system's. */
struct view {
	char *options[16];
	size_t n;
};

/* What apt would download. */
struct candidate {
	char *name;	/* of the file */
	char *version;
	char *sha256;
	uint64_t size;
};

struct download {
	struct progress progress;
	const char *path;
};

static char *apt_dir(void)
{
	return xasprintf("%s/apt", hw_paths.build);
}

static void view_add(struct view *v, char *option)
{
	v->options[v->n++] = xstrdup("-o");
	v->options[v->n++] = option;
}

static void view_free(struct view *v)
{
	for (size_t i = 0; i < v->n; i++)
		free(v->options[i]);
	v->n = 0;
}

static void candidate_free(struct candidate *c)
{
	free(c->name);
	free(c->version);
	free(c->sha256);
	memset(c, 0, sizeof(*c));
}

void apt_package_free(struct apt_package *p)
{
	free(p->file);
	free(p->version);
	memset(p, 0, sizeof(*p));
}

/* Runs "apt-get <options of the view> <words>". */
static int apt_get(const struct view *v, const char *const words[],
		   const struct run_options *opts, struct run_result *res)
{
	const char *argv[MAX_ARGS] = { "apt-get", "-q" };
	size_t n = 2;

	for (size_t i = 0; i < v->n; i++)
		argv[n++] = v->options[i];
	for (size_t i = 0; words[i] && n < MAX_ARGS - 1; i++)
		argv[n++] = words[i];
	return run_child(argv, opts, res);
}

/* The first line in which apt says that something is wrong. */
static void apt_complaint(const char *text, char *buf, size_t size)
{
	const char *line = text;

	while (line && strncmp(line, "E: ", 3)) {
		line = strchr(line, '\n');
		line += !!line;
		if (line && !*line)
			line = NULL;
	}
	if (!line)
		line = *text ? text : "apt-get gave no reason";
	else
		line += 3;
	snprintf(buf, size, "%.*s", (int)strcspn(line, "\n"), line);
}

/* "linux-source-6.1_6.1.192-2_all.deb" -> "6.1.192-2" */
static char *version_of(const char *name)
{
	const char *from = strchr(name, '_'), *to = strrchr(name, '_');
	char *version, *colon;

	if (!from || from == to)
		return NULL;
	version = xstrndup(from + 1, to - from - 1);
	colon = strstr(version, "%3a");
	if (colon) {
		*colon = ':';
		memmove(colon + 1, colon + 3, strlen(colon + 3) + 1);
	}
	return version;
}

/* Takes a line "'URI' NAME SIZE SHA256:HEX" apart; 0 or -1. */
static int parse_candidate(char *line, struct candidate *c)
{
	char *words[4], *rest = NULL;
	const char *tag = "SHA256:";

	for (int i = 0; i < 4; i++) {
		words[i] = strtok_r(i ? NULL : line, " \n", &rest);
		if (!words[i])
			return -1;
	}
	if (strchr(words[1], '/') || strncmp(words[3], tag, strlen(tag)) ||
	    strlen(words[3]) != strlen(tag) + SHA256_HEX)
		return -1;
	c->version = version_of(words[1]);
	if (!c->version)
		return -1;
	c->name = xstrdup(words[1]);
	c->size = strtoull(words[2], NULL, 10);
	c->sha256 = xstrdup(words[3] + strlen(tag));
	return 0;
}

/* Return: 0; 1 if the lists do not know the package; -1 after an error. */
static int look_up(const struct view *v, const char *package, struct candidate *c)
{
	const char *const words[] = { "download", "--print-uris", package, NULL };
	const struct run_options opts = { .timeout = LIST_SECONDS };
	struct run_result res;
	int ret = 1;

	if (apt_get(v, words, &opts, &res))
		return -1;
	if (!res.status && *res.out == '\'') {
		ret = parse_candidate(res.out, c);
		if (ret) {
			candidate_free(c);
			hw_set_exit(HW_ENV);
			hw_error("cannot make sense of 'apt-get download --print-uris %s'",
				 package);
		}
	}
	run_result_free(&res);
	return ret;
}

static bool is_good(const char *path, const struct candidate *c)
{
	char sum[SHA256_HEX + 1];
	struct stat st;

	return !stat(path, &st) && (uint64_t)st.st_size == c->size &&
	       !hash_file(path, sum) && !strcmp(sum, c->sha256);
}

static void show_download(void *arg)
{
	struct download *d = arg;
	struct stat st;

	progress_set(&d->progress, stat(d->path, &st) ? 0 : st.st_size);
}

static void show_update(void *arg)
{
	progress_set(arg, 0);
}

static void cannot_fetch(const struct base *base, const char *what, const char *why)
{
	hw_set_exit(HW_ENV);
	hw_error("base %s: %s: %s", base->name, what, why);
	hw_hint("the package %s comes over the network once; check it with 'apt-get update',",
		base->package);
	hw_hint("or give a tarball: headway import %s --tarball FILE --sha256 HEX",
		base->name);
}

/*
 * Return: 0; 1 if it did not work and this is not the @last place to try: lists
 * may be so old that the mirror has the version no more; -1 after an error.
 */
static int download(const struct view *v, const struct base *base,
		    const struct candidate *c, const char *dir,
		    const char *path, bool last)
{
	const char *const words[] = { "download", base->package, NULL };
	struct download d = { .path = path };
	const struct run_options opts = {
		.dir = dir,
		.timeout = FETCH_SECONDS,
		.tick = show_download,
		.tick_arg = &d,
	};
	char why[256], *what = xasprintf("Fetching %s %s", base->package, c->version);
	struct run_result res;
	int ret;

	progress_start(&d.progress, what, c->size);
	ret = apt_get(v, words, &opts, &res);
	progress_end(&d.progress);
	free(what);
	if (ret)
		return -1;
	if (res.status && !last) {
		ret = 1;
	} else if (res.status) {
		apt_complaint(res.err, why, sizeof(why));
		cannot_fetch(base, "cannot fetch the package", why);
		ret = -1;
	} else if (!is_good(path, c)) {
		cannot_fetch(base, path, "is not what the signed index says");
		ret = -1;
	}
	run_result_free(&res);
	return ret;
}

/* Older versions of the package, which the new one replaces. */
static void drop_others(const char *dir, const char *package, const char *keep)
{
	size_t len = strlen(package);
	struct dirent *e;
	DIR *d = opendir(dir);
	char *path;

	while (d && (e = readdir(d))) {
		if (strncmp(e->d_name, package, len) || e->d_name[len] != '_' ||
		    !strcmp(e->d_name, keep))
			continue;
		path = xasprintf("%s/%s", dir, e->d_name);
		unlink(path);
		free(path);
	}
	if (d)
		closedir(d);
}

/*
 * The candidate's file: ours from before, apt's own copy, or a download, whose
 * results these are.
 */
static int obtain(const struct view *v, const struct base *base,
		  const struct candidate *c, bool last, struct apt_package *out)
{
	char *dir = apt_dir();
	char *path = xasprintf("%s/%s", dir, c->name);
	char *system = xasprintf(SYSTEM_ARCHIVES "/%s", c->name);
	int ret = 0;

	if (is_good(path, c)) {
		out->file = xstrdup(path);
	} else if (is_good(system, c)) {
		out->file = xstrdup(system);
	} else {
		ret = download(v, base, c, dir, path, last);
		if (!ret)
			out->file = xstrdup(path);
	}
	if (!ret) {
		drop_others(dir, base->package, c->name);
		out->version = xstrdup(c->version);
	}
	free(system);
	free(path);
	free(dir);
	return ret;
}

static bool is_newer(const char *version, const char *than)
{
	const char *const argv[] = {
		"dpkg", "--compare-versions", version, "gt", than, NULL
	};
	struct run_result res;
	bool newer;

	/* If dpkg cannot tell, a different version is taken to be newer. */
	if (run_child(argv, NULL, &res))
		return strcmp(version, than);
	newer = !res.status;
	run_result_free(&res);
	return newer;
}

static int write_suite(const char *path, const char *suite)
{
	char *mirror = mirror_find();
	char *text;
	int ret;

	if (!mirror)
		return -1;
	text = xasprintf("Types: deb\nURIs: %s\nSuites: %s\nComponents: main\n"
			 "Signed-By: " KEYRING "\n", mirror, suite);
	ret = file_replace(path, text, strlen(text));
	free(text);
	free(mirror);
	return ret;
}

/* Our own lists: of the base's suite if it has one, else of the system's sources. */
static int own_view(const struct base *base, struct view *v)
{
	char *dir = apt_dir();
	const char *of = base->suite ? base->suite : "system";
	char *lists = xasprintf("%s/%s/lists", dir, of);
	char *cache = xasprintf("%s/%s/cache", dir, of);
	char *partial = xasprintf("%s/partial", lists);
	char *archives = xasprintf("%s/archives/partial", cache);
	char *sources = xasprintf("%s/%s/%s.sources", dir, of, of);
	int ret = 0;

	if (make_dirs(partial) || make_dirs(archives)) {
		ret = hw_errno("cannot make folders in %s", dir);
	} else if (base->suite) {
		view_add(v, xasprintf("Dir::Etc::sourcelist=%s", sources));
		view_add(v, xstrdup("Dir::Etc::sourceparts=/dev/null"));
		ret = write_suite(sources, base->suite);
	}
	view_add(v, xasprintf("Dir::State::lists=%s", lists));
	view_add(v, xasprintf("Dir::Cache=%s", cache));
	free(sources);
	free(archives);
	free(partial);
	free(cache);
	free(lists);
	free(dir);
	return ret;
}

static int refresh_lists(const struct view *v, const struct base *base)
{
	/* Without the error mode, lists that cannot be had are but a warning. */
	const char *const words[] = {
		"-o", "APT::Update::Error-Mode=any", "-o", "Acquire::Languages=none",
		"-o", "Acquire::Retries=1", "update", NULL
	};
	struct progress progress;
	const struct run_options opts = {
		.timeout = UPDATE_SECONDS,
		.tick = show_update,
		.tick_arg = &progress,
	};
	struct run_result res;
	char why[256];
	int ret;

	progress_start(&progress, "Updating the package lists", 0);
	ret = apt_get(v, words, &opts, &res);
	progress_end(&progress);
	if (ret)
		return -1;
	if (res.status) {
		apt_complaint(res.err, why, sizeof(why));
		cannot_fetch(base, "cannot fetch the package lists", why);
		ret = -1;
	}
	run_result_free(&res);
	return ret;
}

/*
 * Looks in one place that may not be the last. Return: 0: @out is set; 1: it
 * does not have it; -1 after an error.
 */
static int try_view(const struct view *v, const struct base *base,
		    struct apt_package *out)
{
	struct candidate c = { 0 };
	int ret = look_up(v, base->package, &c);

	if (!ret)
		ret = obtain(v, base, &c, false, out);
	candidate_free(&c);
	return ret;
}

/* Asks the network. Return: 0; 1: nothing is newer than @have; -1. */
static int try_network(const struct view *v, const struct base *base,
		       const char *have, struct apt_package *out)
{
	struct candidate c = { 0 };
	int ret = refresh_lists(v, base);

	if (ret)
		return ret;
	ret = look_up(v, base->package, &c);
	if (ret == 1) {
		cannot_fetch(base, base->package,
			     "is in none of apt's package sources");
		return -1;
	}
	if (!ret && have && !is_newer(c.version, have))
		ret = 1;
	if (!ret)
		ret = obtain(v, base, &c, true, out);
	candidate_free(&c);
	return ret;
}

int apt_fetch(const struct base *base, bool refresh, const char *have,
	      struct apt_package *out)
{
	struct view system = { .n = 0 }, own = { .n = 0 };
	int ret = 1;

	memset(out, 0, sizeof(*out));
	if (own_view(base, &own))
		ret = -1;
	if (ret == 1 && !refresh)
		ret = try_view(&system, base, out);
	if (ret == 1 && !refresh)
		ret = try_view(&own, base, out);
	if (ret == 1)
		ret = try_network(&own, base, have, out);
	view_free(&own);
	return ret;
}
