// SPDX-License-Identifier: GPL-2.0-only
/* headway save: commits on a topic branch become the topic's patch files. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "extract.h"
#include "file.h"
#include "fork.h"
#include "headway.h"
#include "lock.h"
#include "mail.h"
#include "opt.h"
#include "paths.h"
#include "refs.h"
#include "saveset.h"
#include "series.h"
#include "store.h"
#include "topiccopy.h"
#include "topicedit.h"
#include "xalloc.h"

static const char usage[] =
	"usage: headway save [--own] BASE/topic/NAME\n"
	"\n"
	"Writes the commits that were made, amended or reworded on the branch back into\n"
	"topics/NAME. A patch that only BASE has is written there. A common patch stays\n"
	"common if it still applies on every other base, else it becomes a form of\n"
	"BASE's own. A branch without new commits changes no file.\n"
	"\n"
	"  --own  write changed patches as BASE's own forms, whatever the others say\n"
	"\n"
	"Exit codes: 0 saved; 1 the branch cannot be saved as it is; 2 usage;\n"
	"3 malformed input; 4 the machine; 5 the repository is in use.\n";

struct saver {
	git_repository *repo;
	struct topics topics;
	struct resolutions memory;
	char *base, *topic;
	bool own;		/* write forms of the base's own */
	struct fork fork;
	struct branch *branch;
	git_oid tip;
};

static int parse_target(const char *arg, struct saver *s)
{
	const char *mid = strstr(arg, "/topic/");

	if (!mid || mid == arg || !mid[7] || strchr(mid + 7, '/')) {
		hw_set_exit(HW_USAGE);
		return hw_error("save wants BASE/topic/NAME, found \"%s\"", arg);
	}
	s->base = xstrndup(arg, mid - arg);
	s->topic = xstrdup(mid + 7);
	return 0;
}

static int build_fork(struct saver *s)
{
	struct fork_options fo = { .memory = &s->memory };
	char *ref = ref_topic(s->base, s->topic);
	size_t i;
	int err;

	err = git_reference_name_to_id(&s->tip, s->repo, ref);
	if (err) {
		hw_set_exit(HW_BAD_INPUT);
		hw_error("there is no branch %s", ref + strlen("refs/heads/"));
		hw_hint("headway build makes the branches; headway status lists bases and topics");
	}
	free(ref);
	if (err)
		return -1;
	if (fork_build(s->repo, &s->topics, s->base, &fo, &s->fork))
		return -1;
	for (i = 0; i < s->fork.n_branches; i++)
		if (!strcmp(s->fork.branches[i].topic->name, s->topic))
			s->branch = &s->fork.branches[i];
	if (s->branch)
		return 0;
	hw_set_exit(HW_BAD_INPUT);
	return hw_error("topics/order names no topic %s", s->topic);
}

static void save_own_files(const struct saver *s, const struct extract *x,
			   struct saveset *set)
{
	size_t i;

	for (i = 0; i < x->n_own; i++) {
		const struct own_file *f = &x->own[i];
		char *file = change_file_path(&s->topics, s->branch->topic,
					      s->base, f->path);

		if (!file)
			file = xasprintf("%s/%s", s->topics.top, f->path);
		saveset_add(set, file, git_blob_rawcontent(f->blob),
			    git_blob_rawsize(f->blob));
		free(file);
	}
}

static char *patch_file(const struct saver *s, bool own, const char *name)
{
	return xasprintf("%s/%s%s%s", s->branch->topic->dir,
			 own ? s->base : "", own ? "/" : "", name);
}

/* Files that the commit brings and that its change does not name yet. */
static char *name_files(const struct change *c, const struct extract *x,
			char *text)
{
	struct strlist new = { 0 };
	size_t i;

	for (i = 0; i < x->n_own; i++)
		if (!strlist_has(&c->files, x->own[i].path))
			strlist_add(&new, x->own[i].path);
	if (new.n)
		text = topicedit_add_files(text, c->name, &new);
	strlist_free(&new);
	return text;
}

static int save_known(const struct saver *s, const struct pair *p, char **text,
		      struct saveset *set)
{
	const struct change *c = p->cell->change;
	struct extract x;
	char *path;
	int err;

	err = extract_commit(s->repo, &s->fork.base_commit, p->commit, c, &x);
	if (!err) {
		*text = name_files(c, &x, *text);
		save_own_files(s, &x, set);
		path = patch_file(s, p->cell->own, c->patch);
		if (!extract_is_file(&x, path)) {
			free(path);
			path = patch_file(s, s->own || p->cell->own, c->patch);
			saveset_add(set, path, x.mail, strlen(x.mail));
		}
		free(path);
	}
	extract_free(&x);
	return err;
}

/* A name that the topic does not have yet, of the commit's subject. */
static char *new_name(const struct saver *s, git_commit *commit,
		      struct strlist *taken)
{
	char *subject = message_subject(git_commit_message(commit));
	char *slug = mail_slug(subject), *name;
	int i = 1;

	if (!*slug) {
		free(slug);
		slug = xstrdup("change");
	}
	name = xstrdup(slug);
	while (topic_find(s->branch->topic, name) || strlist_has(taken, name)) {
		free(name);
		name = xasprintf("%s-%d", slug, ++i);
	}
	strlist_add(taken, name);
	free(slug);
	free(subject);
	return name;
}

/*
 * Where the patch of a new change goes. A save that was killed may have written it
 * for this base alone already, and not the paragraph that goes with it.
 */
static char *new_patch_file(const struct saver *s, const char *file)
{
	char *path = patch_file(s, true, file);

	if (s->own || !access(path, F_OK))
		return path;
	free(path);
	return patch_file(s, false, file);
}

/* A new change: a patch with the next number, a paragraph at the topic's end. */
static int save_new(const struct saver *s, const struct pair *p,
		    struct strlist *taken, int number, char **text,
		    struct saveset *set)
{
	char *name, *file, *path;
	struct strlist files = { 0 };
	struct extract x;
	size_t i;
	int err;

	err = extract_commit(s->repo, &s->fork.base_commit, p->commit, NULL,
			     &x);
	if (!err) {
		name = new_name(s, p->commit, taken);
		file = xasprintf("%04d-%s.patch", number, name);
		path = new_patch_file(s, file);
		saveset_add(set, path, x.mail, strlen(x.mail));
		save_own_files(s, &x, set);
		for (i = 0; i < x.n_own; i++)
			strlist_add(&files, x.own[i].path);
		*text = topicedit_add_change(*text, name, file, &files);
		strlist_free(&files);
		free(path);
		free(file);
		free(name);
	}
	extract_free(&x);
	return err;
}

static int last_number(const struct topic *t)
{
	int last = 0;
	size_t i;

	for (i = 0; i < t->n_changes; i++)
		if (t->changes[i].patch)
			last = atoi(t->changes[i].patch);
	return last;
}

static int collect(const struct saver *s, const struct series *series,
		   struct saveset *set)
{
	int number = last_number(s->branch->topic), err = 0;
	char *path = xasprintf("%s/topic", s->branch->topic->dir);
	char *text = file_read(path, NULL);
	struct strlist taken = { 0 };
	size_t i;

	if (!text)
		err = hw_errno("%s", path);
	for (i = 0; !err && i < series->n; i++) {
		const struct pair *p = &series->p[i];

		if (p->same)
			continue;
		err = p->cell ? save_known(s, p, &text, set) :
				save_new(s, p, &taken, ++number, &text, set);
	}
	if (!err)
		saveset_add(set, path, text, strlen(text));
	strlist_free(&taken);
	free(text);
	free(path);
	return err;
}

/* How many cells of the other bases fail with the topics in the checkout @top. */
static int others_fail(struct saver *s, const char *top, size_t *fails)
{
	struct fork_options fo = { .memory = &s->memory };
	struct strlist bases = { 0 };
	struct topics ts;
	int err;
	size_t i;

	*fails = 0;
	err = topics_read(top, &ts);
	if (!err)
		err = store_bases(s->repo, &bases);
	for (i = 0; !err && i < bases.n; i++) {
		struct fork f;

		if (!strcmp(bases.v[i], s->base))
			continue;
		err = fork_build(s->repo, &ts, bases.v[i], &fo, &f);
		*fails += f.n_fails;
		fork_free(&f);
	}
	strlist_free(&bases);
	topics_free(&ts);
	return err;
}

static void say_written(const struct saveset *set)
{
	size_t i, skip = strlen(hw_paths.top) + 1;

	for (i = 0; i < set->n; i++) {
		hw_say("wrote %s", set->f[i].path + skip);
		if (hw_porcelain)
			puts(set->f[i].path + skip);
	}
	if (!set->n)
		hw_say("nothing to save");
}

/* What is on the branch is in the topic folder now: build may move it. */
static int mark_saved(const struct saver *s)
{
	char *built = ref_topic_built(s->base, s->topic);
	struct ref_moves moves = { 0 };
	int err;

	refs_plan(&moves, built, &s->tip);
	err = refs_move(s->repo, &moves) < 0 ? -1 : 0;
	refs_plan_free(&moves);
	free(built);
	return err;
}

/*
 * Do the other bases get along with @set as well as with what is there now? That
 * is tried in a copy: here, a kill would leave half of a trial behind.
 */
static int suits_others(struct saver *s, const struct saveset *set, bool *suits)
{
	size_t before, after;
	char *dir;
	int err;

	err = others_fail(s, hw_paths.top, &before);
	if (err)
		return err;
	dir = temporary_dir();
	if (!dir)
		return -1;
	err = topics_copy(&s->topics, dir);
	if (!err)
		err = saveset_write_copy(set, hw_paths.top, dir);
	if (!err)
		err = others_fail(s, dir, &after);
	if (!err)
		*suits = after <= before;
	if (remove_tree(dir) && !err)
		err = hw_errno("%s", dir);
	free(dir);
	return err;
}

static int save(struct saver *s, const struct series *series)
{
	struct saveset set = { 0 };
	bool suits = true;
	int err;

	err = collect(s, series, &set);
	if (!err && set.n && !s->own)
		err = suits_others(s, &set, &suits);
	if (!err && !suits) {
		hw_say("other bases need the patch as it was: saving a form of %s's own", s->base);
		saveset_free(&set);
		s->own = true;
		err = collect(s, series, &set);
	}
	if (!err)
		err = saveset_write(&set);
	if (!err)
		err = mark_saved(s);
	if (!err)
		say_written(&set);
	if (!err && set.n)
		hw_say("headway build makes the branches from them");
	saveset_free(&set);
	return err;
}

static int parse(int argc, char **argv, struct saver *s)
{
	const struct opt options[] = {
		{ .name = "own", .flag = &s->own },
		{ .name = NULL },
	};

	if (opt_parse(argc, argv, options, usage))
		return -1;
	return argc - optind == 1 ? parse_target(argv[optind], s) : opt_misuse(usage);
}

int cmd_save(int argc, char **argv)
{
	struct hw_lock lock = HW_LOCK_INIT;
	struct series series = { 0 };
	struct saver s = { 0 };
	int r = -1;

	if (parse(argc, argv, &s))
		goto out;
	if (!paths_find() && !store_open(&s.repo, true) &&
	    !hw_lock_take(&lock, hw_paths.repo) &&
	    !topics_read(hw_paths.top, &s.topics) &&
	    !resolutions_read(hw_paths.top, &s.memory) && !build_fork(&s) &&
	    !series_read(s.repo, s.branch, &s.tip, &series))
		r = save(&s, &series) ? -1 : HW_OK;
out:
	series_free(&series);
	fork_free(&s.fork);
	hw_lock_drop(&lock);
	resolutions_free(&s.memory);
	topics_free(&s.topics);
	free(s.base);
	free(s.topic);
	git_repository_free(s.repo);
	return r;
}
