// SPDX-License-Identifier: GPL-2.0-only
/*
 * The Debian mirror that apt is set up for: the archive that apt's lists call
 * Debian's; while there are no lists, the first that is not the security archive.
 */
#define _GNU_SOURCE
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "headway.h"
#include "mirror.h"
#include "run.h"
#include "xalloc.h"

/* From lines "LABEL|URI"; NULL: no list is labelled so. */
static char *labelled(char *text)
{
	const char *label = "Debian|";
	char *line, *rest = NULL;

	for (line = strtok_r(text, "\n", &rest); line;
	     line = strtok_r(NULL, "\n", &rest))
		if (!strncmp(line, label, strlen(label)))
			return xstrdup(line + strlen(label));
	return NULL;
}

/* From lines "'URI/dists/SUITE/FILE' ..."; NULL: no line is like that. */
static char *first_archive(char *text)
{
	char *line, *rest = NULL, *end;

	for (line = strtok_r(text, "\n", &rest); line;
	     line = strtok_r(NULL, "\n", &rest)) {
		end = strstr(line, "/dists/");
		if (*line != '\'' || !end)
			continue;
		*end = '\0';
		if (!strstr(line, "security"))
			return xstrdup(line + 1);
	}
	return NULL;
}

static char *ask(const char *const argv[], char *(*parse)(char *text))
{
	char *text, *mirror;

	if (run_capture(argv, NULL, &text))
		return NULL;
	mirror = parse(text);
	free(text);
	return mirror;
}

char *mirror_find(void)
{
	const char *const lists[] = {
		"apt-get", "indextargets", "--format", "$(LABEL)|$(REPO_URI)", NULL
	};
	const char *const sources[] = {
		"apt-get", "-q", "update", "--print-uris", NULL
	};
	char *mirror = ask(lists, labelled);

	if (!mirror)
		mirror = ask(sources, first_archive);
	if (!mirror) {
		hw_set_exit(HW_ENV);
		hw_error("apt has no package source set up");
		hw_hint("see sources.list(5); 'apt-get update --print-uris' shows what there is");
	}
	return mirror;
}
