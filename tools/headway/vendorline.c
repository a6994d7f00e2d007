// SPDX-License-Identifier: GPL-2.0-only
/* Lines that a vendor's tree has among upstream's. */
#include <stdbool.h>
#include <string.h>

#include "vendorline.h"

/* How such a line begins, after blanks. */
static const char *const hooks[] = {
	"trace_android_vh_", "trace_android_rvh_",
	"#include <trace/hooks/",
	"EXPORT_TRACEPOINT_SYMBOL_GPL(android_",
	"ANDROID_VENDOR_DATA", "ANDROID_OEM_DATA",
	"ANDROID_BACKPORT_RESERVE", "ANDROID_KABI_RESERVE", "ANDROID_KABI_USE",
};

static bool begins(const struct line *l, const char *with)
{
	size_t skip = 0, n = strlen(with);

	while (skip < l->n && (l->p[skip] == ' ' || l->p[skip] == '\t'))
		skip++;
	return l->n - skip >= n && !memcmp(l->p + skip, with, n);
}

static bool has(const struct line *l, char c)
{
	return memchr(l->p, c, l->n);
}

/* A call goes on until its semicolon; a few lines at most. */
static size_t statement_length(const struct image *im, size_t pos)
{
	size_t n;

	for (n = 0; n < 6 && pos + n < im->n; n++)
		if (has(&im->l[pos + n], ';'))
			return n + 1;
	return 0;
}

size_t vendorline_at(const struct image *im, size_t pos)
{
	size_t i;

	if (pos >= im->n || im->patched[pos])
		return 0;
	for (i = 0; i < sizeof(hooks) / sizeof(*hooks); i++) {
		if (!begins(&im->l[pos], hooks[i]))
			continue;
		return *hooks[i] == '#' ? 1 : statement_length(im, pos);
	}
	return 0;
}
