// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mangled input: mails, patches, topics and resolutions with bytes changed,
 * dropped, doubled and cut off. Nothing is asserted of what the readers make of
 * it but that they end with a documented result; the sanitizers watch the rest.
 * The bytes come from a fixed seed, so that a failure can be had again.
 */
#include "check.h"
#include "conflict.h"
#include "mail.h"
#include "paragraph.h"
#include "patch.h"
#include "topic.h"
#include "unit.h"
#include "xalloc.h"

#define ROUNDS	3000

static uint64_t seed;

static uint32_t dice(uint32_t sides)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (uint32_t)(seed >> 32) % sides;
}

/* A copy of @text with some damage; *len is its length, a NUL is after it. */
static char *mangle(const char *text, size_t *len)
{
	static const char spice[] = "\n\n\n -+@#:\\\t0\"<>[].,";
	size_t n = strlen(text), at, more;
	char *out = xcalloc(1, n * 2 + 64);
	uint32_t i, hits = 1 + dice(4);

	memcpy(out, text, n);
	for (i = 0; i < hits && n; i++) {
		at = dice(n);
		switch (dice(5)) {
		case 0:
			out[at] = (char)dice(256);
			break;
		case 1:
			out[at] = spice[dice(sizeof(spice) - 1)];
			break;
		case 2:	/* drop some */
			more = 1 + dice(n - at < 20 ? n - at : 20);
			memmove(out + at, out + at + more, n - at - more);
			n -= more;
			break;
		case 3:	/* double some */
			more = dice(n - at < 8 ? n - at : 8);
			memmove(out + at + more, out + at, n - at);
			n += more;
			break;
		case 4:	/* cut off */
			if (!dice(4))
				n = at;
			break;
		}
	}
	out[n] = '\0';
	*len = n;
	return out;
}

static const char mail[] =
	"From 0000000000000000000000000000000000000000 Mon Sep 17 00:00:00 2001\n"
	"From: \"Ann Author\" <ann@localhost>\n"
	"Date: Sun, 22 Nov 2026 12:00:00 +0530\n"
	"Subject: [PATCH 1/2] =?UTF-8?q?a:=20A=20subj=C3=A9ct?= that is\n folded\n\n"
	"A body.\n\nOf two paragraphs.\n---\n d/f | 4 ++--\n\n"
	"diff --git a/d/f b/d/f\nindex 1111111..2222222 100644\n"
	"--- a/d/f\n+++ b/d/f\n@@ -1,3 +1,3 @@ int f(void)\n a\n-b\n+B\n c\n"
	"@@ -5,2 +5,3 @@\n e\n+f\n g\n\\ No newline at end of file\n"
	"diff --git a/n b/n\nnew file mode 100755\nindex 0000000..2222222\n"
	"--- /dev/null\n+++ b/n\n@@ -0,0 +1 @@\n+new\n"
	"diff --git a/g b/g\ndeleted file mode 100644\nindex 1111111..0000000\n"
	"--- a/g\n+++ /dev/null\n@@ -1 +0,0 @@\n-g\n"
	"-- \n2.39.5\n";

static void mails_and_patches(void **state)
{
	git_oid id = unit_tree("d/f", "a\nb\nc\nd\ne\ng", "g", "g\n", NULL), out;
	git_tree *tree = unit_open_tree(&id);
	size_t i, len, parsed = 0, applied = 0;

	(void)state;
	seed = 0x9e3779b97f4a7c15;
	for (i = 0; i < ROUNDS; i++) {
		char *text = mangle(mail, &len);
		struct reject why;
		struct patch p;
		struct mail m;
		int r = 1;

		unit_catch();
		if (!mail_parse("MAIL", text, len, &m) &&
		    !patch_parse("MAIL", m.diff, m.diff_len, &p)) {
			parsed++;
			r = patch_apply(unit_repo, tree, &p, dice(2), &out,
					NULL, &why);
			applied += !r;
			if (r == 1)
				reject_free(&why);
			patch_free(&p);
		} else if (m.message) {
			patch_free(&p);
		}
		unit_caught();
		mail_free(&m);
		free(text);
	}
	git_tree_free(tree);
	/* The damage is such that both ends are reached. */
	assert_in_range(parsed, ROUNDS / 10, ROUNDS - ROUNDS / 10);
	assert_in_range(applied, ROUNDS / 50, ROUNDS - ROUNDS / 10);
}

static void topics(void **state)
{
	static const char text[] =
		"# c\nTitle: T\nDepends:\nChange-Id: 20261122-t-0123456789ab\nCover:\n Text.\n .\n More.\n\n"
		"Change: a-1\nSeries: 8\nPatch: 0001-a-1.patch\nFiles: a/b.c\n c/d.c\n"
		"KUnit: s1 s2\nState-6.12: upstream 0123 (\"S\")\n"
		"Check-6.12:\n f:g has (x|y)+\\(\n f lacks [a-z]\n h absent\n";
	size_t i, len, read = 0;

	(void)state;
	seed = 0x2545f4914f6cdd1d;
	unit_write("topics/order", "one\n");
	for (i = 0; i < ROUNDS / 10; i++) {
		char *bad = mangle(text, &len);
		struct topics ts;

		unit_catch();
		/* A NUL would end what unit_write() writes. */
		unit_write("topics/one/topic", bad);
		read += !topics_read(unit_dir, &ts);
		unit_caught();
		topics_free(&ts);
		free(bad);
	}
	assert_in_range(read, ROUNDS / 100, ROUNDS / 10 - ROUNDS / 100);
}

/* The functions of a source that is no C at all. */
static void sources(void **state)
{
	static const char text[] =
		"int g(int a)\n{\n\tf(\"/* \\\" */\", '\\'');\n\t/* c */ // d\n}\n\nint h(void);\n";
	struct checks cs = { 0 };
	size_t i, len, held = 0;

	(void)state;
	seed = 0xd1342543de82ef95;
	assert_int_equal(checks_parse("F", 1, "f:g lacks d", &cs), 0);
	for (i = 0; i < ROUNDS / 3; i++) {
		char *bad = mangle(text, &len), *why = NULL;
		git_oid id = unit_tree("f", bad, NULL);
		git_tree *tree = unit_open_tree(&id);
		int r = checks_hold(unit_repo, tree, &cs, &why);

		assert_in_range(r, 0, 1);
		held += !r;
		free(why);
		git_tree_free(tree);
		free(bad);
	}
	checks_free(&cs);
	assert_in_range(held, ROUNDS / 30, ROUNDS / 3 - ROUNDS / 30);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(mails_and_patches),
		UNIT(topics),
		UNIT(sources),
	};

	return cmocka_run_group_tests_name("mangled", tests, NULL, NULL);
}
