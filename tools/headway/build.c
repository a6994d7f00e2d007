// SPDX-License-Identifier: GPL-2.0-only
/* headway build: make the topic branches and the integration branch. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fork.h"
#include "headway.h"
#include "lock.h"
#include "opt.h"
#include "paths.h"
#include "refs.h"
#include "report.h"
#include "store.h"
#include "without.h"
#include "xalloc.h"

struct build_options {
	const char *without;
	bool nearest;
	bool discard;
	bool record;
};

static const char usage[] =
	"usage: headway build [BASE...]\n"
	"       headway build --without TOPIC/CHANGE [--nearest] [BASE...]\n"
	"       headway build --record BASE/TOPIC...\n"
	"\n"
	"Makes BASE/topic/NAME and BASE/integration for each BASE (all that are\n"
	"imported if none is named). All branches move, or none does.\n"
	"\n"
	"  --without TOPIC/CHANGE  make BASE/without/TOPIC/CHANGE instead: the integration\n"
	"                          branch without that change; no other branch moves\n"
	"  --nearest               if others do not apply without it, undo it at the end; if\n"
	"                          that conflicts, leave those out too\n"
	"  --discard               throw away commits on topic branches that were not saved\n"
	"  --record                record the conflicts of BASE/TOPIC that were resolved\n"
	"                          below build/conflicts\n"
	"\n"
	"Exit codes: 0 built; 1 a change fails or a merge conflicts (the rest is built);\n"
	"2 usage; 3 malformed input; 4 the machine; 5 the repository is in use.\n";

static int parse(int argc, char **argv, struct build_options *o)
{
	const struct opt options[] = {
		{ .name = "without", .value = &o->without },
		{ .name = "nearest", .flag = &o->nearest },
		{ .name = "discard", .flag = &o->discard },
		{ .name = "record", .flag = &o->record },
		{ .name = NULL },
	};

	if (opt_parse(argc, argv, options, usage))
		return -1;
	if (o->nearest && !o->without) {
		hw_set_exit(HW_USAGE);
		return hw_error("--nearest wants --without TOPIC/CHANGE");
	}
	return 0;
}

static bool ref_value(git_repository *repo, const char *name, git_oid *out)
{
	if (!git_reference_name_to_id(out, repo, name))
		return true;
	memset(out, 0, sizeof(*out));
	return false;
}

/* Commits that a developer made on the branch are not ours to lose. */
static int plan_branch(git_repository *repo, const char *base, const char *topic,
		       const git_oid *tip, bool discard, struct ref_moves *moves)
{
	char *head = ref_topic(base, topic);
	char *built = ref_topic_built(base, topic);
	git_oid now, made;
	int err = 0;

	if (ref_value(repo, head, &now) && !discard &&
	    (!tip || !git_oid_equal(&now, tip)) &&
	    (!ref_value(repo, built, &made) || !git_oid_equal(&now, &made))) {
		hw_set_exit(HW_FINDING);
		err = hw_error("%s has commits that are not in the topic folder",
			       head + strlen("refs/heads/"));
		hw_hint("headway save %s/topic/%s keeps them; headway build --discard throws them away",
			base, topic);
	}
	refs_plan(moves, head, tip);
	refs_plan(moves, built, tip);
	free(head);
	free(built);
	return err;
}

/* Branches of topics that are gone go away too. */
static int plan_gone(git_repository *repo, const struct topics *ts,
		     const char *base, bool discard, struct ref_moves *moves)
{
	char *glob = ref_topic(base, "*");
	git_reference_iterator *it = NULL;
	struct strlist gone = { 0 };
	const char *name;
	int err = 0;
	size_t i;

	if (git_reference_iterator_glob_new(&it, repo, glob))
		err = hw_git_error("%s", glob);
	while (!err && !git_reference_next_name(&name, it)) {
		const char *topic = name + strlen(glob) - 1;

		if (!topics_find(ts, topic))
			strlist_add(&gone, topic);
	}
	for (i = 0; !err && i < gone.n; i++)
		err = plan_branch(repo, base, gone.v[i], NULL, discard, moves);
	strlist_free(&gone);
	git_reference_iterator_free(it);
	free(glob);
	return err;
}

static int plan_fork(git_repository *repo, const struct topics *ts,
		     const struct fork *f, const struct build_options *o,
		     struct ref_moves *moves)
{
	char *ref;
	int err = 0;
	size_t i;

	if (o->without) {
		ref = ref_without(f->base, o->without);
		refs_plan(moves, ref, &f->integration);
		free(ref);
		return 0;
	}
	for (i = 0; !err && i < f->n_branches; i++)
		if (f->branches[i].ok)
			err = plan_branch(repo, f->base,
					  f->branches[i].topic->name,
					  &f->branches[i].tip, o->discard,
					  moves);
	if (!err)
		err = plan_gone(repo, ts, f->base, o->discard, moves);
	ref = ref_integration(f->base);
	refs_plan(moves, ref, &f->integration);
	free(ref);
	return err;
}

static void summarise(const struct fork *f)
{
	size_t i, topics = 0, changes = 0, j;

	for (i = 0; i < f->n_branches; i++) {
		topics += f->branches[i].ok;
		for (j = 0; j < f->branches[i].n_cells; j++)
			changes += f->branches[i].cells[j].state == CELL_CARRIED;
	}
	if (hw_porcelain)
		printf("%s\t%s\n", f->base, git_oid_tostr_s(&f->integration));
	hw_say("%s: %zu of %zu topics, %zu changes carried, integration %.12s%s",
	       f->base, topics, f->n_branches, changes,
	       git_oid_tostr_s(&f->integration),
	       f->integrated ? "" : " (without the topics that conflict)");
}

static int build_all(git_repository *repo, const struct topics *ts,
		     struct resolutions *memory, const struct strlist *bases,
		     const struct build_options *o)
{
	struct fork_options fo = { .without = o->without, .memory = memory };
	struct fork *forks = xcalloc(bases->n, sizeof(*forks));
	struct ref_moves moves = { 0 };
	bool bad = false;
	int err = 0;
	size_t i, n;

	for (n = 0; !err && n < bases->n; n++) {
		err = fork_build(repo, ts, bases->v[n], &fo, &forks[n]);
		if (!err && !o->without)
			err = fork_check_memory(&forks[n], memory);
		if (!err)
			err = plan_fork(repo, ts, &forks[n], o, &moves);
	}
	if (!err)
		err = refs_move(repo, &moves) < 0 ? -1 : 0;
	for (i = 0; !err && i < n; i++) {
		summarise(&forks[i]);
		report_failures(&forks[i]);
		err = report_conflicts(repo, &forks[i]);
		bad |= forks[i].n_fails || !forks[i].integrated;
	}
	for (i = 0; i < n; i++)
		fork_free(&forks[i]);
	free(forks);
	refs_plan_free(&moves);
	return err ? err : bad ? HW_FINDING : HW_OK;
}

/* What was left out beside the change itself, as words. */
static char *dropped_cells(const struct fork *f)
{
	char *out = xstrdup(""), *more;
	size_t i, j;

	for (i = 0; i < f->n_branches; i++)
		for (j = 0; j < f->branches[i].n_cells; j++) {
			const struct cell *c = &f->branches[i].cells[j];

			if (!c->dropped)
				continue;
			more = xasprintf("%s%s%s/%s", out, *out ? " " : "",
					 c->topic->name, c->change->name);
			free(out);
			out = more;
		}
	return out;
}

static void say_nearest(const struct fork *f, const char *change,
			enum without_means means)
{
	const char *id = git_oid_tostr_s(&f->integration);
	char *dropped = dropped_cells(f);

	if (hw_porcelain)
		printf("%s\t%s\t%s\t%s\n", f->base, id, without_means_name(means),
		       *dropped ? dropped : "-");
	hw_say("%s: without %s (%s%s%s), %.12s", f->base, change,
	       without_means_name(means), *dropped ? ": " : "", dropped, id);
	free(dropped);
}

static int build_nearest(git_repository *repo, const struct topics *ts,
			 struct resolutions *memory, const struct strlist *bases,
			 const struct build_options *o)
{
	struct ref_moves moves = { 0 };
	int r = 0, err = HW_OK;
	size_t i;

	for (i = 0; r >= 0 && i < bases->n; i++) {
		enum without_means means;
		struct fork f;

		r = without_build(repo, ts, bases->v[i], o->without, memory, &f,
				  &means);
		if (r == 1) {
			err = hw_error("%s does not carry %s", bases->v[i],
				       o->without);
			hw_set_exit(HW_FINDING);
		} else if (!r && !f.integrated) {
			r = hw_error("%s without %s: the topics conflict",
				     bases->v[i], o->without);
			hw_set_exit(HW_FINDING);
		} else if (!r) {
			r = plan_fork(repo, ts, &f, o, &moves);
			say_nearest(&f, o->without, means);
		}
		fork_free(&f);
	}
	if (r >= 0 && refs_move(repo, &moves) < 0)
		err = -1;
	refs_plan_free(&moves);
	return r < 0 ? -1 : err;
}

static int record_all(git_repository *repo, const struct strlist *args)
{
	int total = 0, r = 0;
	size_t i;

	for (i = 0; r >= 0 && i < args->n; i++) {
		const char *slash = strchr(args->v[i], '/');
		char *dir, *base;

		if (!slash || strchr(slash + 1, '/')) {
			hw_set_exit(HW_USAGE);
			return hw_error("--record wants BASE/TOPIC, found \"%s\"",
					args->v[i]);
		}
		base = xstrndup(args->v[i], slash - args->v[i]);
		dir = xasprintf("%s/conflicts/%s", hw_paths.build, args->v[i]);
		r = conflicts_record(repo, hw_paths.top, dir, base, slash + 1);
		total += r > 0 ? r : 0;
		free(dir);
		free(base);
	}
	if (r >= 0 && !total) {
		hw_set_exit(HW_FINDING);
		return hw_error("nothing was recorded: no resolved conflict is there");
	}
	return r < 0 ? r : HW_OK;
}

static int check_without(const struct topics *ts, const char *without)
{
	const char *slash = without ? strchr(without, '/') : NULL;
	const struct topic *t = NULL;
	char *name;

	if (!without)
		return 0;
	if (slash) {
		name = xstrndup(without, slash - without);
		t = topics_find(ts, name);
		free(name);
	}
	if (t && topic_find(t, slash + 1))
		return 0;
	hw_set_exit(HW_USAGE);
	hw_error("--without %s: there is no such change", without);
	hw_hint("headway status lists the changes as TOPIC/CHANGE");
	return -1;
}

int cmd_build(int argc, char **argv)
{
	struct hw_lock lock = HW_LOCK_INIT;
	struct resolutions memory = { 0 };
	struct build_options o = { 0 };
	git_repository *repo = NULL;
	struct strlist bases = { 0 };
	struct topics ts = { 0 };
	int r;

	if (parse(argc, argv, &o))
		return -1;
	for (r = optind; r < argc; r++)
		strlist_add(&bases, argv[r]);
	r = -1;
	if (paths_find() || store_open(&repo, false) ||
	    hw_lock_take(&lock, hw_paths.repo))
		goto out;
	if (o.record) {
		r = record_all(repo, &bases);
		goto out;
	}
	if (topics_read(hw_paths.top, &ts) || check_without(&ts, o.without) ||
	    resolutions_read(hw_paths.top, &memory) ||
	    (!bases.n && store_bases(repo, &bases)))
		goto out;
	r = o.nearest ? build_nearest(repo, &ts, &memory, &bases, &o) :
			build_all(repo, &ts, &memory, &bases, &o);
out:
	hw_lock_drop(&lock);
	resolutions_free(&memory);
	topics_free(&ts);
	strlist_free(&bases);
	git_repository_free(repo);
	return r;
}
