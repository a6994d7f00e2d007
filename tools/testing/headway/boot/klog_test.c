// SPDX-License-Identifier: GPL-2.0-only
/*
 * Unit tests of the console log's reader: logs/NAME.log must give logs/NAME.tap
 * to the byte, and lines that are nearly something must not be taken for it.
 */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "klog.h"

struct log_case {
	const char *name;
	const char *suites;	/* that must have run, with blanks between */
	bool allow;		/* there is logs/NAME.allow */
	unsigned int failed, skipped;
	size_t splats;
};

static struct log_case cases[] = {
	{ "good", "alpha beta", .skipped = 1 },
	{ "failing", "gamma", .failed = 3 },
	{ "hang", "alpha", .failed = 5 },
	{ "cut", "", .failed = 4 },
	{ "nothing", "", .failed = 1 },
	{ "splat", "", .failed = 4, .splats = 3 },
	{ "allowed", "", .allow = true, .failed = 2, .splats = 1 },
	{ "second", "alpha submit", .failed = 1, .skipped = 1 },
	{ "nested", "", .failed = 2 },
	{ "stuck", "", .failed = 2, .splats = 1 },
};

static FILE *open_log(const char *name, const char *suffix)
{
	const char *dir = getenv("LOGS");
	char path[512];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s.%s", dir ? dir : "logs", name, suffix);
	f = fopen(path, "r");
	if (!f)
		fail_msg("cannot open %s", path);
	return f;
}

static char *slurp(FILE *f)
{
	char *text = NULL;
	size_t size = 0;

	if (getdelim(&text, &size, '\0', f) < 0)
		fail_msg("an expected file is empty");
	fclose(f);
	return text;
}

static void split(struct strs *s, const char *words)
{
	while (*words) {
		size_t len = strcspn(words, " ");

		strs_add(s, words, len);
		words += len;
		words += strspn(words, " ");
	}
}

static void log_gives_tap(void **state)
{
	const struct log_case *c = *state;
	struct strs suites = { 0 };
	struct allow allow = { 0 };
	struct klog_opts opts = { .base = "6.1", .suites = &suites };
	struct tap tap = { 0 };
	char *got = NULL, *want = slurp(open_log(c->name, "tap"));
	size_t size, splats;
	FILE *in = open_log(c->name, "log");

	split(&suites, c->suites);
	if (c->allow) {
		FILE *f = open_log(c->name, "allow");

		assert_int_equal(allow_read(&allow, f, "allowed.allow"), 0);
		fclose(f);
		opts.allow = &allow;
	}
	tap.out = open_memstream(&got, &size);
	klog_to_tap(in, &opts, &tap, &splats);
	fclose(tap.out);
	fclose(in);

	assert_string_equal(got, want);
	assert_int_equal(tap.failed, c->failed);
	assert_int_equal(tap.skipped, c->skipped);
	assert_int_equal(splats, c->splats);
	free(got);
	free(want);
	strs_clear(&suites);
	allow_free(&allow);
}

static void strips_timestamps(void **state)
{
	static const char * const pairs[][2] = {
		{ "[    0.090000] ok 1 a\n", "ok 1 a" },
		{ "[   12.090000]     ok 1 a\r\n", "    ok 1 a" },
		{ "[    0.090000][    T1] ok 1 a", "ok 1 a" },
		{ "[<60276ba7>] dump_stack", "[<60276ba7>] dump_stack" },
		{ "[drm] hello", "[drm] hello" },
		{ "[    0.090000]", "" },
		{ "[    0.09", "[    0.09" },
		{ "", "" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(pairs); i++) {
		char *line = strdup(pairs[i][0]);

		assert_string_equal(klog_strip(line), pairs[i][1]);
		free(line);
	}
}

static void nearly_ktap_is_not(void **state)
{
	static const char * const lines[] = {
		"okay then", "ok", "ok x 1", "not okay", "1..", "1..x", "1..3x",
		"  ok 1 two blanks in", "KTAP", "",
		"                                            ok 1 far too deep",
	};
	struct tap tap = { .out = fopen("/dev/null", "w") };
	struct ktap k;

	(void)state;
	ktap_init(&k, &tap);
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++)
		assert_false(ktap_line(&k, lines[i]));
	assert_int_equal(k.results, 0);
	ktap_free(&k);
	fclose(tap.out);
}

/* Each of these begins a report; each needs to be seen alone. */
static void titles_are_splats(void **state)
{
	static const char * const titles[] = {
		"WARNING: CPU: 0 PID: 1 at init/main.c:1284 do_one_initcall+0x1",
		"WARNING: possible recursive locking detected",
		"WARNING: inconsistent lock state",
		"WARNING: bad unlock balance detected!",
		"BUG: KASAN: slab-use-after-free in msm_job_run+0x10/0x20",
		"BUG: scheduling while atomic: swapper/1/0x00000002",
		"BUG: MAX_LOCKDEP_CHAINS too low!",
		"kernel BUG at mm/slub.c:1!",
		"INFO: task kworker/0:1:12 blocked for more than 122 seconds.",
		"rcu: INFO: rcu_sched self-detected stall on CPU",
		"INFO: rcu_preempt detected stalls on CPUs/tasks:",
		"UBSAN: shift-out-of-bounds in lib/x.c:1:1",
		"unreferenced object 0x60a53f40 (size 64):",
		"Kernel panic - not syncing: Segfault with no mm",
		"Oops: 0000 [#1]",
	};
	static const char * const harmless[] = {
		"warning: unable to open an initial console.",
		"INFO: lockdep is turned off.", "a BUG: in the middle",
		"FAULT_INJECTION: forcing a failure.", "Call Trace:",
	};
	struct splats s = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(harmless); i++)
		splats_line(&s, harmless[i]);
	assert_int_equal(s.n, 0);
	for (size_t i = 0; i < ARRAY_SIZE(titles); i++) {
		splats_line(&s, titles[i]);
		assert_int_equal(s.n, i + 1);
		assert_string_equal(s.v[i].title, titles[i]);
	}
	splats_free(&s);
}

static void allow_list_wants_all_fields(void **state)
{
	static const char * const bad[] = {
		"6.1 | WARNING: x | f\n", "6.1 | WARNING: x | f | \n",
		"6.1 |  | f | reason\n", "6.1 | WARNING: x | f | reason | more\n",
		"just words\n",
	};
	struct allow a;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		FILE *f = fmemopen((char *)bad[i], strlen(bad[i]), "r");

		assert_int_equal(allow_read(&a, f, "list"), -1);
		allow_free(&a);
		fclose(f);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		{ "good", log_gives_tap, NULL, NULL, &cases[0] },
		{ "failing", log_gives_tap, NULL, NULL, &cases[1] },
		{ "hang", log_gives_tap, NULL, NULL, &cases[2] },
		{ "cut", log_gives_tap, NULL, NULL, &cases[3] },
		{ "nothing", log_gives_tap, NULL, NULL, &cases[4] },
		{ "splat", log_gives_tap, NULL, NULL, &cases[5] },
		{ "allowed", log_gives_tap, NULL, NULL, &cases[6] },
		{ "second", log_gives_tap, NULL, NULL, &cases[7] },
		{ "nested", log_gives_tap, NULL, NULL, &cases[8] },
		{ "stuck", log_gives_tap, NULL, NULL, &cases[9] },
		cmocka_unit_test(strips_timestamps),
		cmocka_unit_test(nearly_ktap_is_not),
		cmocka_unit_test(titles_are_splats),
		cmocka_unit_test(allow_list_wants_all_fields),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
