// SPDX-License-Identifier: GPL-2.0-only
/*
 * Names in a tarball.
 */
#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "tarpath.h"

static bool component_is(const char *p, size_t len, const char *what)
{
	return len == strlen(what) && !strncasecmp(p, what, len);
}

const char *tarpath_clean(const char *name, char *out)
{
	char *to = out;

	*out = '\0';
	if (*name == '/')
		return "is an absolute path";
	while (*name) {
		size_t len = strcspn(name, "/");

		if (component_is(name, len, ".."))
			return "leads out of the tree";
		/* The names under which file systems find it, as git has them. */
		if (component_is(name, len, ".git") ||
		    component_is(name, len, "git~1"))
			return "has a component that belongs to git";
		if (len && !component_is(name, len, ".")) {
			if (to != out)
				*to++ = '/';
			memcpy(to, name, len);
			to += len;
		}
		name += len;
		name += strspn(name, "/");
	}
	*to = '\0';
	return to == out ? "names no file" : NULL;
}
