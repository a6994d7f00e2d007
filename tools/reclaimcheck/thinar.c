// SPDX-License-Identifier: GPL-2.0-only
/* Thin archives: what Kbuild's built-in.a and vmlinux.a are made of. */
#include <stdlib.h>

#include "tree.h"

#define HEAD 60		/* name 16, date 12, uid 6, gid 6, mode 8, size 10, end 2 */

/* "a/b/../c" -> "a/c": a manifest names each object in one way. */
static void tidy(char *path)
{
	char *up;

	while ((up = strstr(path, "/../"))) {
		char *from = up;

		while (from > path && from[-1] != '/')
			from--;
		if (from == up)
			return;
		memmove(from, up + 4, strlen(up + 4) + 1);
	}
}

static int add_member(const char *top, const char *archive, const char *name, size_t len,
		      struct objects *o)
{
	const char *slash = strrchr(archive, '/');
	char *path = rc_printf("%.*s%.*s", slash ? (int)(slash + 1 - archive) : 0, archive,
			       (int)len, name);
	size_t n;
	int ret = 0;

	tidy(path);
	n = strlen(path);
	if (n > 2 && !strcmp(path + n - 2, ".a"))
		ret = thin_archive(top, path, o);
	else if (n > 2 && !strcmp(path + n - 2, ".o"))
		rc_push(&o->path, rc_printf("%s", path));
	free(path);
	return ret;
}

static int members(const char *top, const char *archive, const char *d, size_t len,
		   struct objects *o)
{
	const char *names = NULL;
	size_t nlen = 0, at = 8;

	while (at + HEAD <= len) {
		const char *h = d + at;
		size_t size = strtoul(h + 48, NULL, 10), off;
		const char *name, *end;

		at += HEAD;
		if (h[0] == '/' && (h[1] == ' ' || h[1] == '/')) {
			if (size > len - at)
				return -1;
			if (h[1] == '/') {
				names = d + at;
				nlen = size;
			}
			at += size + (size & 1);
			continue;
		}
		name = h;
		end = memchr(h, '/', 16);
		if (h[0] == '/') {
			off = strtoul(h + 1, NULL, 10);
			if (!names || off >= nlen)
				return -1;
			name = names + off;
			end = memchr(name, '\n', nlen - off);
			if (end && end > name && end[-1] == '/')
				end--;
		}
		if (!end)
			return -1;
		if (add_member(top, archive, name, (size_t)(end - name), o))
			return -1;
	}
	return 0;
}

int thin_archive(const char *top, const char *archive, struct objects *o)
{
	char *path = rc_printf("%s/%s", top, archive), *data = NULL;
	size_t len;
	int ret = rc_read_file(path, &data, &len);

	if (!ret && (len < 8 || memcmp(data, "!<thin>\n", 8)))
		ret = rc_error("%s: not a thin archive", path);
	else if (!ret && members(top, archive, data, len, o))
		ret = rc_error("%s: malformed archive", path);
	free(data);
	free(path);
	return ret;
}
