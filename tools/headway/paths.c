// SPDX-License-Identifier: GPL-2.0-only
/* Finding the checkout, the build folder and the fork's repository. */
#define _GNU_SOURCE
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "file.h"
#include "headway.h"
#include "paths.h"
#include "xalloc.h"

struct hw_paths hw_paths;

static bool is_top(const char *dir)
{
	char *mark = xasprintf("%s/topics/order", dir);
	bool yes = file_exists(mark);

	free(mark);
	return yes;
}

static char *find_top(void)
{
	char *dir = getcwd(NULL, 0);
	char *slash;

	while (dir && !is_top(dir)) {
		slash = strrchr(dir, '/');
		if (!slash || slash == dir) {
			free(dir);
			return NULL;
		}
		*slash = '\0';
	}
	return dir;
}

static char *from_env(const char *name)
{
	const char *value = getenv(name);
	char *full;

	if (!value || !*value)
		return NULL;
	full = realpath(value, NULL);
	if (full)
		return full;
	if (*value == '/')
		return xstrdup(value);
	full = getcwd(NULL, 0);
	if (full) {
		char *joined = xasprintf("%s/%s", full, value);

		free(full);
		return joined;
	}
	return xstrdup(value);
}

int paths_find(void)
{
	if (hw_paths.repo)
		return 0;
	hw_paths.top = from_env("HEADWAY_TOP");
	if (!hw_paths.top)
		hw_paths.top = find_top();
	if (!hw_paths.top) {
		hw_set_exit(HW_USAGE);
		hw_error("not in a checkout of Headway: no topics/order here or above");
		hw_hint("change to the checkout, or name it: HEADWAY_TOP=DIR headway ...");
		return -1;
	}
	hw_paths.build = from_env("HEADWAY_BUILD");
	if (!hw_paths.build)
		hw_paths.build = xasprintf("%s/build", hw_paths.top);
	hw_paths.repo = from_env("HEADWAY_REPO");
	if (!hw_paths.repo)
		hw_paths.repo = xasprintf("%s/linux.git", hw_paths.build);
	return 0;
}

void paths_free(void)
{
	free(hw_paths.top);
	free(hw_paths.build);
	free(hw_paths.repo);
	memset(&hw_paths, 0, sizeof(hw_paths));
}
