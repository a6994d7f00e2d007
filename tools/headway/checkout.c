// SPDX-License-Identifier: GPL-2.0-only
/* headway checkout: a work tree of a branch of the fork. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "file.h"
#include "headway.h"
#include "opt.h"
#include "paths.h"
#include "progress.h"
#include "run.h"
#include "store.h"
#include "xalloc.h"

static const char usage[] =
	"usage: headway checkout [--force] BASE [DIR]\n"
	"       headway checkout [--force] BASE/topic/NAME [DIR]\n"
	"\n"
	"Makes DIR a work tree of BASE/integration (the default DIR is build/trees/BASE), or\n"
	"of a topic branch, to commit on (build/trees/BASE-NAME). A work tree that is there\n"
	"already is brought up to date, and only files that differ are written.\n"
	"\n"
	"  --force  throw away changes in DIR that are not committed\n"
	"\n"
	"Exit codes: 0 up to date; 1 DIR has changes that would be lost; 2 usage;\n"
	"3 no such branch; 4 the machine.\n";

struct tree {
	char *ref;	/* "refs/heads/..." */
	char *branch;	/* the same less "refs/heads/" */
	char *dir;	/* absolute */
	bool detach;	/* integration: HEAD names the commit */
	bool force;
	git_oid target;
};

static int parse(int argc, char **argv, struct tree *t)
{
	const struct opt options[] = {
		{ .name = "force", .letter = 'f', .flag = &t->force },
		{ .name = NULL },
	};

	if (opt_parse(argc, argv, options, usage))
		return -1;
	if (argc - optind < 1 || argc - optind > 2)
		return opt_misuse(usage);
	return 0;
}

static char *absolute(const char *path)
{
	char *cwd, *out;

	if (*path == '/')
		return xstrdup(path);
	cwd = getcwd(NULL, 0);
	out = xasprintf("%s/%s", cwd ? cwd : ".", path);
	free(cwd);
	return out;
}

static int choose(git_repository *repo, const char *what, const char *dir,
		  struct tree *t)
{
	const char *topic = strstr(what, "/topic/");

	t->detach = !topic;
	t->ref = topic ? xasprintf("refs/heads/%s", what) :
			 ref_integration(what);
	t->branch = xstrdup(t->ref + strlen("refs/heads/"));
	if (dir)
		t->dir = absolute(dir);
	else if (topic)
		t->dir = xasprintf("%s/trees/%.*s-%s", hw_paths.build,
				   (int)(topic - what), what,
				   topic + strlen("/topic/"));
	else
		t->dir = xasprintf("%s/trees/%s", hw_paths.build, what);
	if (!git_reference_name_to_id(&t->target, repo, t->ref))
		return 0;
	hw_set_exit(HW_BAD_INPUT);
	hw_error("there is no branch %s", t->branch);
	hw_hint("headway build makes the branches; headway status lists bases and topics");
	return -1;
}

static void tick(void *progress)
{
	progress_set(progress, 0);
}

/* As run_quiet(), for what takes long in a tree of the kernel's size. */
static int run_long(const char *const argv[], const struct tree *t)
{
	struct progress p;
	struct run_options opts = { .dir = t->dir, .tick = tick, .tick_arg = &p };
	struct run_result res;
	int err;

	progress_start(&p, t->branch, 0);
	err = run_child(argv, &opts, &res);
	progress_end(&p);
	if (err)
		return err;
	if (res.status) {
		hw_set_exit(HW_ENV);
		err = hw_error("%s %s failed (%d):\n%s", argv[0], argv[3],
			       res.status, res.err);
	}
	run_result_free(&res);
	return err;
}

/* The file that says that a checkout into the work tree was not finished. */
static char *unfinished_mark(const struct tree *t)
{
	return xasprintf("%s.unfinished", t->dir);
}

static int make_tree(const struct tree *t)
{
	const char *branch[] = { "git", "-C", hw_paths.repo, "worktree", "add",
				 "-f", "--no-checkout", t->dir, t->branch, NULL };
	const char *detach[] = { "git", "-C", hw_paths.repo, "worktree", "add",
				 "-f", "--no-checkout", "--detach", t->dir,
				 t->branch, NULL };
	char *mark = unfinished_mark(t);
	int err;

	err = file_replace(mark, "", 0);
	if (!err)
		err = run_quiet(t->detach ? detach : branch, NULL);
	free(mark);
	return err;
}

static bool is_ours(const struct tree *t)
{
	char *file = xasprintf("%s/.git", t->dir);
	char *text = file_read(file, NULL);
	char *real = realpath(hw_paths.repo, NULL);
	char *want = xasprintf("gitdir: %s/worktrees/", real ? real : "");
	bool yes = text && !strncmp(text, want, strlen(want));

	free(want);
	free(real);
	free(text);
	free(file);
	return yes;
}

static int rev_parse(const struct tree *t, const char *what, char **out)
{
	const char *argv[] = { "git", "rev-parse", what, NULL };

	if (run_capture(argv, t->dir, out))
		return -1;
	(*out)[strcspn(*out, "\n")] = '\0';
	return 0;
}

/* Is there anything in the work tree that a checkout would overwrite? */
static int is_dirty(const struct tree *t, bool *dirty)
{
	const char *argv[] = { "git", "status", "--porcelain",
			       "--untracked-files=no", NULL };
	char *out;

	if (run_capture(argv, t->dir, &out))
		return -1;
	*dirty = *out;
	free(out);
	return 0;
}

/*
 * Throws away what is in the work tree and the index: for a tree of ours that
 * was not finished, or on request.
 */
static int reset_tree(const struct tree *t)
{
	const char *argv[] = { "git", "-c", "checkout.workers=0", "reset",
			       "--hard", "--quiet",
			       git_oid_tostr_s(&t->target), NULL };
	char *gitdir, *lock;

	if (rev_parse(t, "--absolute-git-dir", &gitdir))
		return -1;
	lock = xasprintf("%s/index.lock", gitdir);
	unlink(lock);
	free(lock);
	free(gitdir);
	return run_long(argv, t);
}

static int move_tree(const struct tree *t)
{
	const char *argv[] = { "git", "-c", "checkout.workers=0", "checkout",
			       "--quiet", "--detach",
			       git_oid_tostr_s(&t->target), NULL };
	bool dirty;

	if (is_dirty(t, &dirty))
		return -1;
	if (!dirty)
		return run_long(argv, t);
	hw_set_exit(HW_FINDING);
	hw_error("%s has changes that are not committed", t->dir);
	hw_hint("commit them on a topic branch (headway checkout BASE/topic/NAME), or throw them away with headway checkout --force");
	return -1;
}

/* Where the work tree stood when it was last seen without changes. */
static char *seen_file(const struct tree *t)
{
	char *gitdir, *file;

	if (rev_parse(t, "--absolute-git-dir", &gitdir))
		return NULL;
	file = xasprintf("%s/headway-seen", gitdir);
	free(gitdir);
	return file;
}

/* Are index and work tree just as they were at the commit @hex? */
static bool is_at(const struct tree *t, const char *hex)
{
	const char *index[] = { "git", "diff-index", "--cached", "--quiet", hex,
				"--", NULL };
	const char *files[] = { "git", "diff-files", "--quiet", NULL };
	struct run_options opts = { .dir = t->dir };
	struct run_result res;
	bool same;

	if (run_child(index, &opts, &res))
		return false;
	same = !res.status;
	run_result_free(&res);
	if (!same || run_child(files, &opts, &res))
		return false;
	same = !res.status;
	run_result_free(&res);
	return same;
}

/* Is there a file in the work tree that the commit @to has, and @from has not? */
static bool is_in_the_way(const struct tree *t, const char *from, const char *to)
{
	const char *argv[] = { "git", "-c", "core.quotePath=false", "diff-tree",
			       "-r", "--name-only", "--diff-filter=A", from, to,
			       NULL };
	char *out, *name, *save = NULL;
	bool found = false;

	if (run_capture(argv, t->dir, &out))
		return true;
	for (name = strtok_r(out, "\n", &save); name && !found;
	     name = strtok_r(NULL, "\n", &save)) {
		char *path = xasprintf("%s/%s", t->dir, name);

		found = file_exists(path);
		free(path);
	}
	free(out);
	return found;
}

/*
 * A topic's work tree is the developer's. When its branch was built anew it has
 * moved below the work tree, which then seems to be full of changes; they are
 * none if all is as it was before.
 */
static int update_topic_tree(const struct tree *t)
{
	char *file = seen_file(t), *hex = xstrdup(git_oid_tostr_s(&t->target));
	char *seen = file ? file_read(file, NULL) : NULL;
	const char *state = "up to date";
	bool dirty = false;
	int err;

	err = file ? is_dirty(t, &dirty) : -1;
	if (!err && dirty && seen && strlen(seen) == GIT_OID_HEXSZ &&
	    is_at(t, seen) && !is_in_the_way(t, seen, hex)) {
		err = reset_tree(t);
		dirty = false;
		state = "brought up to date";
	}
	if (!err && !dirty && (!seen || strcmp(seen, hex)))
		err = file_replace(file, hex, strlen(hex));
	if (!err)
		hw_say("%s: on %s, %s", t->dir, t->branch,
		       dirty ? "with changes that are not committed; left alone" :
			       state);
	free(seen);
	free(hex);
	free(file);
	return err;
}

/* The .gitignore of Debian's source packages hides everything that is new. */
static void say_ignored(const struct tree *t)
{
	const char *argv[] = { "git", "check-ignore", "--quiet", "--no-index",
			       "drivers/new-file.c", NULL };
	struct run_options opts = { .dir = t->dir };
	struct run_result res;

	if (t->detach || run_child(argv, &opts, &res))
		return;
	if (!res.status)
		hw_say("this base's .gitignore hides new files: add yours with git add -f");
	run_result_free(&res);
}

static int update_tree(const struct tree *t)
{
	char *mark = unfinished_mark(t), *head = NULL, *hex;
	bool moved = false;
	int err;

	hex = xstrdup(git_oid_tostr_s(&t->target));
	err = rev_parse(t, "HEAD", &head);
	if (err)
		goto out;
	if (file_exists(mark) || t->force) {
		err = reset_tree(t);
		moved = true;
		if (!err)
			unlink(mark);
	} else if (t->detach && strcmp(head, hex)) {
		err = move_tree(t);
		moved = true;
	}
	if (!err && !t->detach)
		err = update_topic_tree(t);
	else if (!err)
		hw_say("%s: %s at %.12s%s", t->dir, t->branch, hex,
		       moved ? "" : ", nothing to do");
	if (!err)
		say_ignored(t);
	if (!err && hw_porcelain)
		printf("%s\t%s\n", hex, t->dir);
out:
	free(hex);
	free(head);
	free(mark);
	return err;
}

static int do_checkout(const struct tree *t)
{
	char *mark;

	if (file_exists(t->dir) && !is_ours(t)) {
		if (rmdir(t->dir)) {
			hw_set_exit(HW_BAD_INPUT);
			hw_error("%s is there and is not a work tree of %s",
				 t->dir, hw_paths.repo);
			hw_hint("name another DIR, or remove it");
			return -1;
		}
	}
	mark = unfinished_mark(t);
	if (!file_exists(t->dir) && make_tree(t)) {
		unlink(mark);
		free(mark);
		return -1;
	}
	free(mark);
	return update_tree(t) ? -1 : HW_OK;
}

int cmd_checkout(int argc, char **argv)
{
	git_repository *repo = NULL;
	struct tree t = { 0 };
	int r = -1;

	if (parse(argc, argv, &t))
		return -1;
	if (!paths_find() && !store_open(&repo, false) &&
	    !choose(repo, argv[optind], optind + 1 < argc ? argv[optind + 1] :
		    NULL, &t))
		r = do_checkout(&t);
	free(t.ref);
	free(t.branch);
	free(t.dir);
	git_repository_free(repo);
	return r;
}
