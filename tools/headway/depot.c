// SPDX-License-Identifier: GPL-2.0-only
/*
 * The fork's repository, as import makes and mends it.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <git2/sys/odb_backend.h>
#include <git2/sys/repository.h>

#include "file.h"
#include "headway.h"
#include "packwriter.h"
#include "refs.h"
#include "depot.h"
#include "xalloc.h"

/*
 * Nothing may pack, prune or log behind our back: a rebuild leaves the objects
 * of the last one unreferenced and finds them again.
 */
static const struct {
	const char *name;
	const char *value;
} settings[] = {
	{ "gc.auto", "0" },
	{ "maintenance.auto", "false" },
	{ "core.logallrefupdates", "false" },
};

static int open_bare(git_repository **out)
{
	int ret = git_repository_open_bare(out, hw_paths.repo);

	if (!ret || ret == GIT_ENOTFOUND)
		return ret;
	hw_set_exit(HW_BAD_INPUT);
	hw_git_error("cannot open the repository %s", hw_paths.repo);
	return -1;
}

int depot_peek(git_repository **out)
{
	int ret;

	*out = NULL;
	ret = open_bare(out);
	return ret == GIT_ENOTFOUND ? 0 : ret;
}

static bool is_set(git_config *config, const char *name, const char *value)
{
	git_buf buf = { 0 };
	bool same = !git_config_get_string_buf(&buf, config, name) &&
		    !strcmp(buf.ptr, value);

	git_buf_dispose(&buf);
	return same;
}

static int configure(git_repository *repo)
{
	git_config *all = NULL, *own = NULL;
	int ret;

	ret = git_repository_config(&all, repo);
	if (!ret)
		ret = git_config_open_level(&own, all, GIT_CONFIG_LEVEL_LOCAL);
	for (size_t i = 0; !ret && i < sizeof(settings) / sizeof(settings[0]); i++)
		if (!is_set(own, settings[i].name, settings[i].value))
			ret = git_config_set_string(own, settings[i].name,
						    settings[i].value);
	if (ret)
		hw_git_error("cannot configure %s", hw_paths.repo);
	git_config_free(own);
	git_config_free(all);
	return ret ? -1 : 0;
}

static int make(git_repository **out)
{
	git_repository_init_options opts = {
		.version = GIT_REPOSITORY_INIT_OPTIONS_VERSION,
		.flags = GIT_REPOSITORY_INIT_BARE | GIT_REPOSITORY_INIT_MKPATH,
		.initial_head = "main",
	};

	if (!git_repository_init_ext(out, hw_paths.repo, &opts))
		return 0;
	hw_git_error("cannot make the repository %s", hw_paths.repo);
	return -1;
}

/* What killed writers left; a lock on the config stops libgit2 for ever. */
static int recover(void)
{
	char *objects = xasprintf("%s/objects", hw_paths.repo);
	char *lock = xasprintf("%s/config.lock", hw_paths.repo);
	int ret = packwriter_recover(objects);

	if (!ret && unlink(lock) < 0 && errno != ENOENT)
		ret = hw_errno("cannot clear up %s", lock);
	free(objects);
	free(lock);
	return ret;
}

int depot_open(git_repository **out, struct hw_lock *lock)
{
	int ret;

	*out = NULL;
	if (make_dirs(hw_paths.repo))
		return hw_errno("cannot make the folder %s", hw_paths.repo);
	if (hw_lock_take(lock, hw_paths.repo) || recover())
		return -1;
	/* What is half made, by a run that was killed, is made again. */
	ret = open_bare(out);
	if (ret == GIT_ENOTFOUND)
		ret = make(out);
	return ret ? -1 : configure(*out);
}

int depot_own_objects(git_odb **out, git_repository *repo)
{
	char *dir = xasprintf("%sobjects", git_repository_path(repo));
	git_odb_backend *pack = NULL, *loose = NULL;
	git_odb *odb = NULL;
	int ret;

	ret = git_odb_new(&odb);
	if (!ret)
		ret = git_odb_backend_pack(&pack, dir);
	if (!ret) {
		ret = git_odb_add_backend(odb, pack, 2);
		if (ret)
			pack->free(pack);
	}
	if (!ret)
		ret = git_odb_backend_loose(&loose, dir, -1, 0, 0, 0);
	if (!ret) {
		ret = git_odb_add_backend(odb, loose, 1);
		if (ret)
			loose->free(loose);
	}
	if (ret) {
		hw_git_error("cannot read %s", dir);
		git_odb_free(odb);
		odb = NULL;
	}
	*out = odb;
	free(dir);
	return ret ? -1 : 0;
}

static bool has_line(const char *text, const char *line)
{
	size_t len = strlen(line);

	while (text && *text) {
		if (!strncmp(text, line, len) && (text[len] == '\n' || !text[len]))
			return true;
		text = strchr(text, '\n');
		text += !!text;
	}
	return false;
}

/* Adds those lines of @lines to the file that it does not have. */
static int add_lines(const char *path, const char *lines)
{
	char *old = file_read(path, NULL), *text, *line, *rest, *copy, *bigger;
	bool changed = false;
	int ret = 0;

	if (!old && errno != ENOENT)
		return hw_errno("cannot read %s", path);
	text = old ? old : xstrdup("");
	copy = xstrdup(lines);
	for (line = strtok_r(copy, "\n", &rest); line;
	     line = strtok_r(NULL, "\n", &rest)) {
		size_t len = strlen(text);

		if (has_line(text, line))
			continue;
		bigger = xasprintf("%s%s%s\n", text,
				   len && text[len - 1] != '\n' ? "\n" : "", line);
		free(text);
		text = bigger;
		changed = true;
	}
	if (changed)
		ret = file_replace(path, text, strlen(text));
	free(copy);
	free(text);
	return ret;
}

/* Beyond a shallow clone's boundary there is nothing: git must know it here too. */
static int borrow_shallow(git_repository *repo, git_repository *other)
{
	char *from = xasprintf("%sshallow", git_repository_commondir(other));
	char *to = xasprintf("%sshallow", git_repository_path(repo));
	char *lines = file_read(from, NULL);
	int ret = 0;

	if (lines)
		ret = add_lines(to, lines);
	else if (errno != ENOENT)
		ret = hw_errno("cannot read %s", from);
	free(lines);
	free(from);
	free(to);
	return ret;
}

int depot_borrow(git_repository *repo, git_repository *other)
{
	char *relative = xasprintf("%sobjects", git_repository_commondir(other));
	char *list = xasprintf("%sobjects/info/alternates",
			       git_repository_path(repo));
	char *objects = realpath(relative, NULL);
	int ret;

	if (!objects) {
		ret = hw_errno("cannot find %s", relative);
	} else if (strpbrk(objects, "\n\"#")) {
		hw_set_exit(HW_BAD_INPUT);
		ret = hw_error("git has no way to borrow from a path such as %s",
			       objects);
	} else {
		ret = borrow_shallow(repo, other);
		if (!ret)
			ret = add_lines(list, objects);
	}
	free(objects);
	free(relative);
	free(list);
	return ret;
}

int depot_set_base(git_repository *repo, const char *base, const git_oid *commit)
{
	char *name = xasprintf("refs/heads/%s/base", base);
	struct ref_moves moves = { 0 };
	int ret;

	refs_plan(&moves, name, commit);
	ret = refs_move(repo, &moves);
	refs_plan_free(&moves);
	free(name);
	return ret < 0 ? -1 : 0;
}
