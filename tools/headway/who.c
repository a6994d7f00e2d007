// SPDX-License-Identifier: GPL-2.0-only
/* Who is working here, as git knows it. */
#include <stdlib.h>
#include <string.h>

#include "headway.h"
#include "who.h"
#include "xalloc.h"

static char *look_up(git_config *cfg, const char *env, const char *key)
{
	const char *value = getenv(env);

	if (value && *value)
		return xstrdup(value);
	if (git_config_get_string(&value, cfg, key) || !*value)
		return NULL;
	return xstrdup(value);
}

int who_read(git_repository *repo, struct who *out)
{
	git_config *cfg = NULL;

	memset(out, 0, sizeof(*out));
	if (git_repository_config_snapshot(&cfg, repo))
		return hw_git_error("%s", git_repository_path(repo));
	out->name = look_up(cfg, "GIT_COMMITTER_NAME", "user.name");
	out->email = look_up(cfg, "GIT_COMMITTER_EMAIL", "user.email");
	git_config_free(cfg);
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
