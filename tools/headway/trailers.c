// SPDX-License-Identifier: GPL-2.0-only
/* headway trailers: what reviewers said goes into the topics' patches. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "collect.h"
#include "file.h"
#include "headway.h"
#include "lock.h"
#include "opt.h"
#include "paths.h"
#include "saveset.h"
#include "store.h"
#include "xalloc.h"

static const char usage[] =
	"usage: headway trailers [--dry-run | --yes] [--sloppy] SOURCE [TOPIC|SERIES...]\n"
	"\n"
	"Reads answers to what headway send sent, and puts their Reviewed-by:, Acked-by:\n"
	"and Tested-by: into the patches in topics/, each shown before it is written.\n"
	"SOURCE is an mbox, a maildir, the folder of a public-inbox, or the http address\n"
	"of one.\n"
	"\n"
	"  --dry-run  write nothing\n"
	"  --yes      write all of them; without it each is asked for\n"
	"  --sloppy   also tags that somebody else than the named person sent\n"
	"\n"
	"Exit codes: 0 done; 2 usage; 3 malformed input; 4 the machine; 5 the repository\n"
	"is in use.\n";

struct trailers_options {
	bool dry_run, yes, sloppy;
	const char *source;
	struct strlist names;
};

static int parse(int argc, char **argv, struct trailers_options *o)
{
	const struct opt options[] = {
		{ .name = "dry-run", .letter = 'n', .flag = &o->dry_run },
		{ .name = "yes", .letter = 'y', .flag = &o->yes },
		{ .name = "sloppy", .flag = &o->sloppy },
		{ .name = NULL },
	};

	if (opt_parse(argc, argv, options, usage))
		return -1;
	if (optind == argc || (o->yes && o->dry_run))
		return opt_misuse(usage);
	o->source = argv[optind];
	while (++optind < argc)
		strlist_add(&o->names, argv[optind]);
	return 0;
}

static bool wanted(const struct sent *s, const struct strlist *names)
{
	size_t i;

	for (i = 0; i < names->n; i++) {
		size_t n = strlen(names->v[i]);

		if (!strcmp(names->v[i], s->name) ||
		    (s->n && !strncmp(s->p[0].change, names->v[i], n) &&
		     s->p[0].change[n] == '/'))
			return true;
	}
	return !names->n;
}

/* All revisions of all series that were sent and are meant. */
static int read_sent(git_repository *repo, const struct strlist *names,
		     struct sent **out, size_t *n)
{
	struct strlist ids = { 0 };
	size_t i;
	int err = sent_all(repo, &ids), revision;

	for (i = 0; !err && i < ids.n; i++)
		for (revision = 1; !err; revision++) {
			struct sent s;

			err = sent_read(repo, ids.v[i], revision, &s);
			if (!err && s.revision && wanted(&s, names)) {
				*xpush(*out, *n) = s;
				continue;
			}
			sent_free(&s);
			if (!s.revision)
				break;
		}
	strlist_free(&ids);
	if (!err && !*n) {
		hw_set_exit(HW_USAGE);
		err = hw_error("nothing was sent yet%s", names->n ? " of these" : "");
		hw_hint("headway send --smtp sends a series, --record says that one was sent");
	}
	return err;
}

static void show(const struct gift *g)
{
	const char *path = g->path ? g->path + strlen(hw_paths.top) + 1 : g->change;

	if (hw_porcelain)
		printf("%s\t%s\t%s\t%s\n", g->refused ? "refused" : "new", path,
		       g->tag, g->refused ? g->refused : g->reply->message_id);
	else if (!hw_quiet && g->refused)
		printf("%s\n  not taken: %s\n  because    %s (%s)\n", path, g->tag,
		       g->refused, g->reply->message_id);
	else if (!hw_quiet)
		printf("%s\n  + %s\n    %s, on v%d\n", path, g->tag,
		       g->reply->message_id, g->sent->revision);
}

/* The user's word on one tag. */
static bool ask(void)
{
	char line[16];

	fputs("    take it? [y/N] ", stdout);
	fflush(stdout);
	return fgets(line, sizeof(line), stdin) && (*line == 'y' || *line == 'Y');
}

static void put(struct saveset *set, const char *path, const char *tag)
{
	char *text = NULL;
	size_t i;

	for (i = 0; i < set->n; i++)
		if (!strcmp(set->f[i].path, path))
			break;
	text = i < set->n ? xstrdup(set->f[i].text) : file_read(path, NULL);
	if (!text)
		return;
	text = patch_add_tag(text, tag);
	if (i < set->n) {
		free(set->f[i].text);
		set->f[i].text = text;
		set->f[i].len = strlen(text);
	} else {
		saveset_add(set, path, text, strlen(text));
		free(text);
	}
}

static int take(const struct gifts *gs, const struct trailers_options *o)
{
	bool tty = isatty(0) && isatty(1);
	struct saveset set = { 0 };
	size_t i, fresh = 0;
	int err = 0;

	for (i = 0; i < gs->n; i++) {
		show(&gs->g[i]);
		if (gs->g[i].refused)
			continue;
		fresh++;
		if (!o->dry_run && (o->yes || (tty && ask())))
			put(&set, gs->g[i].path, gs->g[i].tag);
	}
	if (!fresh)
		hw_say("no new tags for patches of ours");
	if (fresh && !o->dry_run && !o->yes && !tty) {
		hw_set_exit(HW_USAGE);
		err = hw_error("there is no terminal to ask: nothing was written");
		hw_hint("--yes writes all of them");
	}
	if (!err)
		err = saveset_write(&set);
	for (i = 0; !err && i < set.n; i++)
		hw_say("wrote %s", set.f[i].path + strlen(hw_paths.top) + 1);
	if (!err && set.n)
		hw_say("headway build makes the branches from them");
	saveset_free(&set);
	return err;
}

static int run(git_repository *repo, const struct topics *ts,
	       struct resolutions *memory, const struct trailers_options *o)
{
	struct collector c = { .repo = repo, .topics = ts, .memory = memory,
			       .sloppy = o->sloppy };
	struct sent *sent = NULL;
	struct replies rs = { 0 };
	struct outbox ob = { 0 };
	struct gifts gs = { 0 };
	size_t n = 0, i;
	int err;

	err = read_sent(repo, &o->names, &sent, &n);
	if (!err)
		err = outbox_open(&ob);
	if (!err)
		err = replies_read(&ob, o->source, sent, n, &rs);
	c.sent = sent;
	c.n_sent = n;
	if (!err)
		err = collect(&c, &rs, &gs);
	if (!err)
		err = take(&gs, o);
	collect_free(&c, &gs);
	replies_free(&rs);
	outbox_close(&ob);
	for (i = 0; i < n; i++)
		sent_free(&sent[i]);
	free(sent);
	return err ? -1 : HW_OK;
}

int cmd_trailers(int argc, char **argv)
{
	struct hw_lock lock = HW_LOCK_INIT;
	struct resolutions memory = { 0 };
	struct trailers_options o = { 0 };
	git_repository *repo = NULL;
	struct topics ts = { 0 };
	int r = -1;

	if (parse(argc, argv, &o))
		goto out;
	if (!paths_find() && !store_open(&repo, true) &&
	    !hw_lock_take(&lock, hw_paths.repo) &&
	    !topics_read(hw_paths.top, &ts) &&
	    !resolutions_read(hw_paths.top, &memory))
		r = run(repo, &ts, &memory, &o);
out:
	hw_lock_drop(&lock);
	resolutions_free(&memory);
	topics_free(&ts);
	strlist_free(&o.names);
	git_repository_free(repo);
	return r;
}
