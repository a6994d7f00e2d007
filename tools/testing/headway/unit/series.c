// SPDX-License-Identifier: GPL-2.0-only
/* Pairing the commits of a branch with the changes that they are versions of. */
#include "series.h"
#include "unit.h"
#include "xalloc.h"

static git_oid base;
static struct change changes[3] = { { .name = "one" }, { .name = "two" },
				    { .name = "three" } };
static struct topic topic = { .name = "t", .dir = "DIR", .changes = changes,
			      .n_changes = 3 };
static struct cell cells[3];
static struct branch branch;

static git_oid commit_on(const git_oid *parent, const char *message)
{
	git_oid tree = unit_tree("f", message, NULL);

	return unit_commit(&tree, parent, message);
}

/* A topic of the changes one, two, three; two is not carried if @gap. */
static void make_branch(bool gap)
{
	static const char *const subjects[] = { "One\n", "Two\n", "Three\n" };
	git_oid tree = unit_tree("f", "", NULL);
	size_t i;

	base = unit_commit(&tree, NULL, "base\n");
	branch = (struct branch){ .topic = &topic, .ok = true, .start = base,
				  .tip = base, .cells = cells, .n_cells = 3 };
	memset(cells, 0, sizeof(cells));
	for (i = 0; i < 3; i++) {
		cells[i].topic = &topic;
		cells[i].change = &changes[i];
		cells[i].state = gap && i == 1 ? CELL_UPSTREAM : CELL_CARRIED;
		if (cells[i].state != CELL_CARRIED)
			continue;
		cells[i].commit = commit_on(&branch.tip, subjects[i]);
		branch.tip = cells[i].commit;
	}
}

/* The changes of the commits up to @tip: "one= two ?", '=' for an old commit. */
static void assert_pairs(const git_oid *tip, const char *want)
{
	struct series s;
	char *got = xstrdup("");
	const char *said;
	size_t i;
	int err;

	unit_catch();
	err = series_read(unit_repo, &branch, tip, &s);
	said = unit_caught();
	if (err)
		fail_msg("%s", said);
	for (i = 0; i < s.n; i++) {
		char *more = xasprintf("%s%s%s%s", got, i ? " " : "",
				       s.p[i].cell ? s.p[i].cell->change->name :
						     "?",
				       s.p[i].same ? "=" : "");

		free(got);
		got = more;
	}
	assert_string_equal(got, want);
	free(got);
	series_free(&s);
}

static void assert_refused(const git_oid *tip, const char *message)
{
	struct series s;

	hw_set_exit(HW_ENV);
	unit_catch();
	assert_int_equal(series_read(unit_repo, &branch, tip, &s), -1);
	unit_assert_has(unit_caught(), message);
	assert_int_equal(hw_exit_code(), HW_FINDING);
	series_free(&s);
}

/* A branch of @messages on @from. */
static git_oid stack(const git_oid *from, const char *message, ...)
{
	git_oid tip = *from;
	va_list ap;

	va_start(ap, message);
	for (; message; message = va_arg(ap, const char *))
		tip = commit_on(&tip, message);
	va_end(ap);
	return tip;
}

static void untouched(void **state)
{
	(void)state;
	make_branch(false);
	assert_pairs(&branch.tip, "one= two= three=");
	make_branch(true);
	assert_pairs(&branch.tip, "one= three=");
}

static void amended(void **state)
{
	git_oid tip;

	(void)state;
	make_branch(false);
	tip = stack(&cells[0].commit, "Two\n\nMore.\n", "Three\n", NULL);
	assert_pairs(&tip, "one= two three");
}

static void reworded(void **state)
{
	git_oid tip;

	(void)state;
	make_branch(false);
	tip = stack(&cells[0].commit, "Zwei\n", "Three\n", NULL);
	assert_pairs(&tip, "one= two three");
	tip = stack(&base, "Eins\n", "Zwei\n", "Drei\n", NULL);
	assert_pairs(&tip, "one two three");
	make_branch(true);
	tip = stack(&base, "Eins\n", "Three\n", NULL);
	assert_pairs(&tip, "one three");
}

static void added(void **state)
{
	git_oid tip;

	(void)state;
	make_branch(false);
	tip = stack(&branch.tip, "Four\n", "Five\n", NULL);
	assert_pairs(&tip, "one= two= three= ? ?");
}

static void refused(void **state)
{
	git_oid tip, tree;

	(void)state;
	make_branch(false);
	tip = stack(&base, "One\n", "Three\n", NULL);
	assert_refused(&tip, "change two is not on the branch any more");
	assert_refused(&cells[1].commit, "change three is not on the branch any more");
	tip = stack(&base, "Two\n", "One\n", "Three\n", NULL);
	assert_refused(&tip, "change one comes after two on the branch");
	tip = stack(&cells[0].commit, "New\n", "Two\n", "Three\n", NULL);
	assert_refused(&tip, "commit \"New\" is new and not at the end of the branch");
	tree = unit_tree("x", "", NULL);
	tip = unit_commit(&tree, NULL, "elsewhere\n");
	assert_refused(&tip, "the branch is not a line of commits that starts at");
}

/* Commits may be as many as a rebase of a wrong start brings: not all are read. */
static void a_merge_is_refused(void **state)
{
	git_signature *sig = NULL;
	git_commit *p[2] = { NULL };
	git_tree *t;
	git_oid id, tree = unit_tree("m", "", NULL);

	(void)state;
	make_branch(false);
	t = unit_open_tree(&tree);
	assert_int_equal(git_signature_new(&sig, "A", "a@localhost", 0, 0), 0);
	assert_int_equal(git_commit_lookup(&p[0], unit_repo, &branch.tip), 0);
	assert_int_equal(git_commit_lookup(&p[1], unit_repo, &cells[0].commit), 0);
	assert_int_equal(git_commit_create(&id, unit_repo, NULL, sig, sig, NULL,
					   "Merge\n", t, 2,
					   (const git_commit **)p), 0);
	git_commit_free(p[0]);
	git_commit_free(p[1]);
	git_signature_free(sig);
	git_tree_free(t);
	assert_refused(&id, "the branch is not a line of commits");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(untouched),
		UNIT(amended),
		UNIT(reworded),
		UNIT(added),
		UNIT(refused),
		UNIT(a_merge_is_refused),
	};

	return cmocka_run_group_tests_name("series", tests, NULL, NULL);
}
