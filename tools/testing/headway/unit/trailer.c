// SPDX-License-Identifier: GPL-2.0-only
/* Commit messages taken apart and put together; where a change comes from. */
#include "origin.h"
#include "trailer.h"
#include "unit.h"

static void assert_split(const char *message, const char *body, size_t trailers)
{
	struct text t;
	char *joined;

	text_split(message, &t);
	assert_string_equal(t.body, body);
	assert_int_equal(t.trailers.n, trailers);
	joined = text_join(&t);
	assert_string_equal(joined, message);
	free(joined);
	text_free(&t);
}

static void splits_and_joins(void **state)
{
	(void)state;
	assert_split("a: b\n", "", 0);
	assert_split("a: b\n\nText.\n", "Text.\n", 0);
	assert_split("a: b\n\nText.\n\nFixes: 1\n", "Text.\n", 1);
	assert_split("a: b\n\nOne.\n\nTwo.\n\nFixes: 1\nCc: x # 6.1\n",
		     "One.\n\nTwo.\n", 2);
	assert_split("a: b\n\nFixes: 1\nLink: 2\n", "", 2);
}

/* A sentence with a colon is no trailer, nor is one in the middle. */
static void knows_trailers(void **state)
{
	(void)state;
	assert_split("a: b\n\nWhy: because.\n", "Why: because.\n", 0);
	assert_split("a: b\n\nFixes: 1\nand more.\n", "Fixes: 1\nand more.\n", 0);
	assert_split("a: b\n\nCc: x\n\nText.\n", "Cc: x\n\nText.\n", 0);
	assert_split("a: b\n\nSee:\n\n  Fixes: 1\n", "See:\n\n  Fixes: 1\n", 0);
	assert_split("a: b\n\nT.\n\n(cherry picked from commit 1)\n[a: b]\n",
		     "T.\n", 2);
	assert_split("a: b\n\nT.\n\n(An aside.\nIt goes on.)\n",
		     "T.\n\n(An aside.\nIt goes on.)\n", 0);
}

static void folded_trailer_stays_whole(void **state)
{
	static const char m[] =
		"a: b\n\nT.\n\nFixes: 1\n  (\"folded\")\nReviewed-by: X\n";
	struct text t;

	(void)state;
	text_split(m, &t);
	assert_int_equal(t.trailers.n, 2);
	assert_string_equal(t.trailers.v[0], "Fixes: 1\n  (\"folded\")");
	text_free(&t);
	assert_split(m, "T.\n", 2);
}

static void adds_once(void **state)
{
	struct text t;

	(void)state;
	text_split("a: b\n\nT.\n\nFixes: 1\n", &t);
	text_add(&t, "Fixes: %d", 1);
	text_add(&t, "Bug: %d", 7);
	assert_int_equal(t.trailers.n, 2);
	assert_string_equal(text_trailer(&t, "bug"), "7");
	assert_null(text_trailer(&t, "Link"));
	text_free(&t);
}

#define HEX "0123456789abcdef0123456789abcdef01234567"

static void adds_to_messages(void **state)
{
	char *m = strdup("a: b\n\nText.\n");

	(void)state;
	m = message_add_trailer(m, "Cc: x@localhost");
	m = message_add_trailer(m, "cc:  X@localhost");
	assert_string_equal(m, "a: b\n\nText.\n\nCc: x@localhost\n");
	m = message_prepend(m, "[ Upstream commit 1 ]");
	assert_string_equal(m, "a: b\n\n[ Upstream commit 1 ]\n\nText.\n\nCc: x@localhost\n");
	m = message_add_trailer(m, "Tested-by: y");
	assert_string_equal(m, "a: b\n\n[ Upstream commit 1 ]\n\nText.\n\n"
			       "Cc: x@localhost\nTested-by: y\n");
	free(m);
	assert_false(trailer_same("Cc: xy", "Cc: x y"));
	assert_false(trailer_same("Cc: x", "Cc: xy"));
}

static void reads_origins(void **state)
{
	struct origin o = { 0 };

	(void)state;
	assert_int_equal(origin_parse("f", 1, "upstream " HEX, &o), 0);
	assert_int_equal(o.kind, ORIGIN_UPSTREAM);
	assert_string_equal(o.commit, HEX);
	origin_free(&o);
	assert_int_equal(origin_parse("f", 1, "git " HEX " https://r b", &o), 0);
	assert_string_equal(o.repository, "https://r");
	assert_string_equal(o.branch, "b");
	origin_free(&o);
	assert_int_equal(origin_parse("f", 1, "refused https://l it is\n needed", &o), 0);
	assert_string_equal(o.reason, "it is needed");
	origin_free(&o);
}

static void refuses_origins(void **state)
{
	static const char *const bad[] = {
		"", "upstream", "upstream 1234", "upstream " HEX "0",
		"upstream " HEX " more", "git " HEX " repo", "list", "list ftp://x",
		"refused https://l", "elsewhere", "upstream 0123456789ABCDEF" HEX,
	};
	struct origin o;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		memset(&o, 0, sizeof(o));
		unit_catch();
		assert_int_equal(origin_parse("f", 3, bad[i], &o), -1);
		unit_assert_has(unit_caught(), "f:3: Origin:");
		origin_free(&o);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(splits_and_joins),
		UNIT(knows_trailers),
		UNIT(folded_trailer_stays_whole),
		UNIT(adds_once),
		UNIT(adds_to_messages),
		UNIT(reads_origins),
		UNIT(refuses_origins),
	};

	return cmocka_run_group_tests_name("trailer", tests, NULL, NULL);
}
