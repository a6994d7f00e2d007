// SPDX-License-Identifier: GPL-2.0-only
/* Rules of Android's kernels and of ChromiumOS'. */
#include <string.h>

#include "lintrules.h"

static bool is_link(const char *s)
{
	return s && (!strncmp(s, "https://", 8) || !strncmp(s, "http://", 7));
}

void lint_android(const struct lint_patch *p, struct lint_findings *out)
{
	const char *name = p->file->name;
	const char *bug = lint_value(p, "Bug");

	if (p->tags & TAG(ANDROID) && !bug && !lint_value(p, "Fixes"))
		lint_say(out, "android-why", name, "neither Bug: nor Fixes:");
	if (p->tags & TAG(FROMLIST) && !bug)
		lint_say(out, "android-list", name, "no Bug:");
	if (p->tags & TAG(FROMLIST) && !is_link(lint_value(p, "Link")))
		lint_say(out, "android-list", name, "no Link: to the posting");
	if (lint_line(p, "BUG=") < p->lines.n ||
	    lint_line(p, "TEST=") < p->lines.n)
		lint_say(out, "android-foreign", name, "BUG= and TEST= are ChromiumOS'");
}

/* Why is a patch wanted that upstream refused? A bracket says it. */
static bool says_why(const struct lint_patch *p, size_t from)
{
	for (; from < p->lines.n; from++)
		if (*p->lines.v[from] == '[' && strchr(p->lines.v[from], ':'))
			return true;
	return false;
}

void lint_chromeos(const struct lint_patch *p, struct lint_findings *out)
{
	const char *name = p->file->name;
	size_t bug = lint_line(p, "BUG="), test = lint_line(p, "TEST=");
	size_t id = lint_line(p, "Change-Id:"), am = lint_line(p, "(am from ");
	size_t n = p->lines.n;

	if (bug == n || !p->lines.v[bug][strlen("BUG=")])
		lint_say(out, "chromeos-bug", name, "no BUG=, or nothing after it");
	if (test == n || !p->lines.v[test][strlen("TEST=")])
		lint_say(out, "chromeos-test", name, "no TEST=, or nothing after it");
	if (p->tags & TAG(FROMLIST) &&
	    (am == n || !is_link(p->lines.v[am] + strlen("(am from "))))
		lint_say(out, "chromeos-list", name, "no (am from <link>)");
	if (p->tags == (TAG(CHROMIUM) | TAG(FROMLIST)) && !says_why(p, am))
		lint_say(out, "chromeos-refused", name, "no \"[name: why]\" after (am from ...)");
	if (id < n && ((bug < n && bug > id) || (test < n && test > id)))
		lint_say(out, "chromeos-order", name, "Change-Id: comes before them");
}
