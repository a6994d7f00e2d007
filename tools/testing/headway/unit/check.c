// SPDX-License-Identifier: GPL-2.0-only
/* Checks: sentences about a base's source that hold or do not. */
#include "check.h"
#include "unit.h"

static const char source[] =
	"int declared(int a);\n"
	"/* kzalloc( in a comment */\n"
	"static int first(void)\n"
	"{\n"
	"\tmutex_lock(&m); // kmalloc( here\n"
	"\tp = kzalloc(1, GFP_KERNEL);\n"
	"\treturn 0;\n"
	"}\n"
	"\n"
	"int declared(int a)\n"
	"{\n"
	"\tputs(\"/* not a comment */ marker\");\n"
	"\treturn second_lookalike(a);\n"
	"}\n";

/* 0: all hold; 1: not, with the reason in @why. */
static int holds(const char *text, char **why)
{
	git_oid id = unit_tree("dir/f.c", source, "empty", "", NULL);
	git_tree *tree = unit_open_tree(&id);
	struct checks cs = { 0 };
	int r;

	assert_int_equal(checks_parse("FILE", 7, text, &cs), 0);
	r = checks_hold(unit_repo, tree, &cs, why);
	checks_free(&cs);
	git_tree_free(tree);
	return r;
}

static void assert_holds(const char *text)
{
	char *why = NULL;
	int r = holds(text, &why);

	if (r)
		fail_msg("%s: %s", text, why);
}

static void assert_fails(const char *text, const char *reason)
{
	char *why = NULL;

	assert_int_equal(holds(text, &why), 1);
	unit_assert_has(why, reason);
	free(why);
}

static void whole_files(void **state)
{
	(void)state;
	assert_holds("dir/f.c has kzalloc\\(");
	assert_holds("dir/f.c lacks vmalloc");
	assert_holds("dir/f.c has ^return 0;$");
	assert_holds("dir/f.c has (first|none)\\(void\\)");
	assert_holds("empty lacks .");
	assert_fails("dir/f.c has vmalloc", "check \"dir/f.c has vmalloc\" does not hold");
	assert_fails("dir/f.c lacks kzalloc", "does not hold");
	assert_fails("none.c has x", "none.c is not there");
	assert_fails("none.c lacks x", "none.c is not there");
	assert_fails("dir lacks x", "dir is not a file");
}

/* A comment says nothing about the code; a string is code. */
static void comments_do_not_count(void **state)
{
	(void)state;
	assert_fails("dir/f.c has in a comment", "does not hold");
	assert_fails("dir/f.c has kmalloc", "does not hold");
	assert_holds("dir/f.c has not a comment \\*/ marker");
}

static void functions(void **state)
{
	(void)state;
	assert_holds("dir/f.c:first has kzalloc\\(");
	assert_holds("dir/f.c:declared lacks kzalloc");
	assert_holds("dir/f.c:declared has second_lookalike");
	assert_fails("dir/f.c:declared has kzalloc", "does not hold");
	assert_fails("dir/f.c:second lacks x", "dir/f.c has no function second");
	assert_fails("dir/f.c:lookalike lacks x", "has no function lookalike");
}

static void absent(void **state)
{
	(void)state;
	assert_holds("dir/g.c absent");
	assert_fails("dir/f.c absent", "dir/f.c is there");
	assert_fails("dir absent", "dir is there");
}

/* All must hold; the first that does not is named. */
static void several(void **state)
{
	(void)state;
	assert_holds("dir/f.c has kzalloc\n  dir/f.c lacks vmalloc\n");
	assert_fails("dir/f.c has kzalloc\ndir/f.c has one\ndir/f.c has two\n",
		     "\"dir/f.c has one\"");
}

static void assert_refused(const char *text, const char *message)
{
	struct checks cs = { 0 };

	unit_catch();
	assert_int_equal(checks_parse("FILE", 7, text, &cs), -1);
	unit_assert_has(unit_caught(), message);
	checks_free(&cs);
}

static void messages(void **state)
{
	(void)state;
	assert_refused("f", "FILE:7: check \"f\": expected \"PATH[:FUNCTION] has REGEX\"");
	assert_refused("f contains x", "check \"f contains x\": expected");
	assert_refused("f has a(", "FILE:7: check \"f has a(\": \"a(\" is not an extended regular expression");
	assert_refused("", "FILE:7: a check without text");
	assert_refused("f absent x", "check \"f absent x\": expected");
	assert_refused("f absently", "check \"f absently\": expected");
	assert_refused("f:g absent", "check \"f:g absent\": a function cannot be \"absent\"");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(whole_files),
		UNIT(comments_do_not_count),
		UNIT(functions),
		UNIT(absent),
		UNIT(several),
		UNIT(messages),
	};

	return cmocka_run_group_tests_name("check", tests, NULL, NULL);
}
