// SPDX-License-Identifier: GPL-2.0-only
/* Who is working here, as git knows it. */
#include <stdlib.h>
#include <string.h>

#include "headway.h"
#include "run.h"
#include "who.h"
#include "xalloc.h"

/*
 * git itself is asked: it knows of GIT_CONFIG_GLOBAL and of includes by
 * condition, which libgit2 does not.
 */
static int look_up(git_repository *repo, const char *env, const char *key,
		   char **out)
{
	const char *const argv[] = { "git", "config", "--get", key, NULL };
	const struct run_options opts = { .dir = git_repository_path(repo) };
	const char *value = getenv(env);
	struct run_result res;

	if (value && *value) {
		*out = xstrdup(value);
		return 0;
	}
	if (run_child(argv, &opts, &res))
		return -1;
	res.out[strcspn(res.out, "\n")] = '\0';
	if (!res.status && *res.out)
		*out = xstrdup(res.out);
	run_result_free(&res);
	return 0;
}

int who_read(git_repository *repo, struct who *out)
{
	memset(out, 0, sizeof(*out));
	if (look_up(repo, "GIT_COMMITTER_NAME", "user.name", &out->name) ||
	    look_up(repo, "GIT_COMMITTER_EMAIL", "user.email", &out->email))
		return -1;
	if (out->name && out->email)
		return 0;
	hw_set_exit(HW_USAGE);
	hw_error("these patches carry your name, and git does not know your %s",
		 out->name ? "user.email" : "user.name");
	hw_hint("git config --global user.name \"Your Name\" && git config --global user.email you@example.org");
	return -1;
}

void who_free(struct who *w)
{
	free(w->name);
	free(w->email);
	memset(w, 0, sizeof(*w));
}
