// SPDX-License-Identifier: GPL-2.0-only
/* headway series: what goes upstream, to whom, and is it ready? */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buildlog.h"
#include "headway.h"
#include "lock.h"
#include "opt.h"
#include "paths.h"
#include "progress.h"
#include "ready.h"
#include "store.h"
#include "upstream.h"
#include "xalloc.h"

static const char usage[] =
	"usage: headway [--porcelain] series [OPTIONS] [TOPIC|SERIES...]\n"
	"\n"
	"Sorts what the newest base still needs into a series for each entry of its\n"
	"MAINTAINERS, cut where one needs another, and what the older bases alone need\n"
	"into series for stable. Prints the plan: commits, To:, Cc:, what needs what.\n"
	"\n"
	"  --check       try what must hold before a series is sent, and say what does not\n"
	"  --build       compile the commits that were not compiled yet; then --check\n"
	"  --make        --check, and make the branches b4/SERIES in build/series/outbox\n"
	"  --force GATE  go on although GATE fails; the cover letter says so\n"
	"  --porcelain   fields separated by tabs\n"
	"\n"
	"Exit codes: 0 all is well; 1 a series is refused or a gate fails; 2 usage;\n"
	"3 malformed input; 4 the machine; 5 the repository is in use.\n";

struct series_options {
	bool check, build, make;
	struct strlist force, names;
};

int force_check(const struct strlist *force)
{
	size_t i;

	for (i = 0; i < force->n; i++) {
		if (gate_can_be_forced(force->v[i]))
			continue;
		hw_set_exit(HW_USAGE);
		return hw_error("--force %s: upstream-id, stable-rules, checkpatch, build, main-job, lab, checker and proof can be forced",
				force->v[i]);
	}
	return 0;
}

static int parse(int argc, char **argv, struct series_options *o)
{
	const struct opt options[] = {
		{ .name = "check", .flag = &o->check },
		{ .name = "build", .flag = &o->build },
		{ .name = "make", .flag = &o->make },
		{ .name = "force", .list = &o->force },
		{ .name = "porcelain", .flag = &hw_porcelain },
		{ .name = NULL },
	};

	if (opt_parse(argc, argv, options, usage) || force_check(&o->force))
		return -1;
	for (; optind < argc; optind++)
		strlist_add(&o->names, argv[optind]);
	return 0;
}

bool series_wanted(const struct outgoing *s, const struct strlist *names)
{
	size_t i;

	for (i = 0; i < names->n; i++)
		if (plan_named(s, names->v[i]))
			return s->n;
	return s->n && !names->n;
}

int series_check_names(const struct plan *p, const struct strlist *names)
{
	size_t i, j;

	for (i = 0; i < names->n; i++) {
		for (j = 0; j < p->n; j++)
			if (p->s[j].n && plan_named(&p->s[j], names->v[i]))
				break;
		if (j < p->n)
			continue;
		hw_set_exit(HW_USAGE);
		hw_error("there is no series and no topic with one called \"%s\"",
			 names->v[i]);
		hw_hint("headway series lists them");
		return -1;
	}
	return 0;
}

/*
 * Compile the commits of @s, which takes long and writes nothing into the repository:
 * once nothing there can vanish, others may have it meanwhile.
 */
static int compile(struct upstream *u, struct outgoing *s)
{
	if (ready_keep(&u->plan, s))
		return -1;
	hw_lock_drop(&u->lock);
	if (buildlog_build(s))
		return -1;
	return hw_lock_take(&u->lock, hw_paths.repo);
}

/* One series: its plan, and what more was asked for. Returns an exit code or -1. */
static int show(struct upstream *u, struct outgoing *s, const struct series_options *o,
		const struct outbox *ob)
{
	struct plan *p = &u->plan;
	bool check = o->check || o->build || o->make;
	struct ready r;
	int err, code;

	err = ready_make(p, s, &r);
	if (!err)
		plan_print(p, s, &r.people, ready_revision(&r));
	if (!err && o->build && !s->refused)
		err = compile(u, s);
	if (!err && check)
		err = gates_run(p, s, &r.people, &r.patches, &o->force, &r.gates);
	if (!err && check)
		gates_print(s, &r.gates);
	code = s->refused || gates_failed(&r.gates) ? HW_FINDING : HW_OK;
	if (!err && o->make && !code)
		err = ready_enrol(p, s, &r, ob);
	if (!err && o->make && !code)
		hw_say("  branch b4/%s in %s", s->name, ob->dir);
	if (!err && check && !hw_porcelain && !hw_quiet)
		putchar('\n');
	ready_free(&r);
	return err ? -1 : code;
}

static int show_all(struct upstream *u, const struct series_options *o)
{
	struct plan *p = &u->plan;
	struct outbox ob = { 0 };
	struct progress progress;
	int code = HW_OK, r = 0;
	size_t i;

	if (series_check_names(p, &o->names) || (o->make && outbox_open(&ob)))
		return -1;
	for (i = 0; r >= 0 && i < p->n; i++) {
		if (!series_wanted(&p->s[i], &o->names))
			continue;
		progress_start(&progress, p->s[i].name, 0);
		r = show(u, &p->s[i], o, &ob);
		progress_end(&progress);
		if (r > code)
			code = r;
	}
	outbox_close(&ob);
	if (r >= 0 && !o->names.n)
		plan_print_left(p);
	return r < 0 ? -1 : code;
}

int upstream_open(struct upstream *u, bool write)
{
	char *name = NULL, *email = NULL;
	int err = -1;

	if (!paths_find() && !store_open(&u->repo, !write) &&
	    (!write || !hw_lock_take(&u->lock, hw_paths.repo)) &&
	    !topics_read(hw_paths.top, &u->topics) &&
	    !resolutions_read(hw_paths.top, &u->memory) &&
	    !sender_read(&name, &email))
		err = plan_make(u->repo, &u->topics, &u->memory,
				name && email ? name : NULL,
				name && email ? email : NULL, &u->plan);
	free(name);
	free(email);
	return err;
}

void upstream_close(struct upstream *u)
{
	plan_free(&u->plan);
	resolutions_free(&u->memory);
	topics_free(&u->topics);
	hw_lock_drop(&u->lock);
	git_repository_free(u->repo);
}

int cmd_series(int argc, char **argv)
{
	struct upstream u = { .lock = HW_LOCK_INIT };
	struct series_options o = { 0 };
	int r = -1;

	if (parse(argc, argv, &o))
		goto out;
	/* What is only looked at needs no objects that stay. */
	if (!upstream_open(&u, o.make || o.build))
		r = show_all(&u, &o);
	upstream_close(&u);
out:
	strlist_free(&o.force);
	strlist_free(&o.names);
	return r;
}
