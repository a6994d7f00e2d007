// SPDX-License-Identifier: GPL-2.0-only
/* Lockdep's report read, and proofcheck's verdicts on whole logs. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include <cmocka.h>

#include "cycle.h"

/* What is said of the two logs. */
#define CYCLE "&mm->mmap_lock in __access_remote_vm() < recover_worker(); "	\
	"fs_reclaim in mas_alloc_nodes() < vma_link(); "			\
	"&gpu->lock in msm_job_run() < drm_sched_main()"
#define OTHER "WARNING: CPU: 0 PID: 5 at lib/x.c:7 some_function+0x1/0x2: "	\
	"some_function() < its_caller()"

static void read_splat(const char *path, struct splats *s)
{
	FILE *f = fopen(path, "re");
	char *line = NULL;
	size_t size = 0;

	assert_non_null(f);
	memset(s, 0, sizeof(*s));
	s->keep = 1000;
	while (getline(&line, &size, f) >= 0) {
		char *text = klog_strip(line);

		if (*text == '#' || !strncmp(text, "ok ", 3))
			splats_cut(s);
		else
			splats_line(s, text);
	}
	free(line);
	fclose(f);
}

static void reads_the_cycle(void **state)
{
	struct splats s;
	struct cycle c;
	char *text;

	(void)state;
	read_splat("logs/cycle.log", &s);
	assert_int_equal(s.n, 1);
	cycle_read(&s.v[0], &c);
	assert_int_equal(c.n, 3);
	assert_string_equal(c.links[0].lock, "&gpu->lock");
	assert_string_equal(c.links[2].lock, "&mm->mmap_lock");
	assert_string_equal(cycle_who(&c.links[1].stack), "mas_alloc_nodes");
	assert_int_equal(c.locks.n, 3);
	assert_true(strs_has(&c.functions, "vma_link"));
	assert_true(strs_has(&c.functions, "recover_worker"));
	/* A "?" is no evidence. */
	assert_false(strs_has(&c.functions, "bystander"));
	text = cycle_short(&s.v[0], &c);
	assert_string_equal(text, CYCLE);
	free(text);
	cycle_free(&c);
	splats_free(&s);
}

static void tells_of_others(void **state)
{
	struct splats s;
	struct cycle c;
	char *text;

	(void)state;
	read_splat("logs/kunit.log", &s);
	assert_int_equal(s.n, 1);
	cycle_read(&s.v[0], &c);
	assert_int_equal(c.n, 0);
	text = cycle_short(&s.v[0], &c);
	assert_string_equal(text, OTHER);
	free(text);
	cycle_free(&c);
	splats_free(&s);
}

/* An arrow for each lock, from the one that was held; the last closes it. */
static void draws_the_cycle(void **state)
{
	struct splats s;
	struct cycle c;
	char *text = NULL;
	size_t size;
	FILE *out;

	(void)state;
	read_splat("logs/cycle.log", &s);
	cycle_read(&s.v[0], &c);
	out = open_memstream(&text, &size);
	cycle_graph(&s.v[0], &c, out);
	fclose(out);
	assert_non_null(strstr(text, "n0 [label=\"&gpu->lock\"]"));
	assert_non_null(strstr(text, "n2 -> n1 [label=\"mas_alloc_nodes()"));
	assert_non_null(strstr(text, "n1 -> n0 [label=\"msm_job_run()"));
	assert_non_null(strstr(text, "n0 -> n2 [label=\"__access_remote_vm()"));
	assert_non_null(strstr(text, "color=crimson"));
	free(text);
	cycle_free(&c);
	splats_free(&s);
}

static const struct {
	const char *proof, *log, *out;
	int code;
} verdicts[] = {
	{ "a506 hang splats mmap_lock recover_worker msm_job_run", "cycle",
	  "shown\t&mm->mmap_lock in", 0 },
	{ "a506 hang splats ^&gpu->lock$", "cycle", "shown\t", 0 },
	{ "a506 hang splats ^gpu->lock$", "cycle", "not-shown\tanother: &mm->mmap_lock", 1 },
	{ "a506 hang splats mmap_lock bystander", "cycle", "not-shown\t", 1 },
	/* Wherever it came in the run of a place; but none without a run. */
	{ "a506 evict splats mmap_lock", "cycle", "shown\t", 0 },
	{ "a506 evict splats fs_reclaim", "hang", "not-run\t-", 5 },
	{ "a506 hang fails", "cycle",
	  "shown\thang failed: stage-recover.c:12: not so: fence signalled", 0 },
	{ "a506 open fails", "cycle", "not-shown\t-", 1 },
	{ "a506 open,hang fails", "cycle", "shown\thang failed", 0 },
	/* The log is read the same way, whichever kernel it is of. */
	{ "kasan a506 open,hang fails", "cycle", "shown\thang failed", 0 },
	{ "kasan a506 hang splats ^&gpu->lock$", "cycle", "shown\t", 0 },
	{ "kasan kunit a_suite.good hangs", "kunit", "not-shown\t-", 1 },
	{ "a506 evict fails", "cycle", "not-run\t-", 5 },
	{ "a506 hang hangs", "cycle", "not-shown\t-", 1 },
	{ "kunit a_suite.good fails", "kunit", "not-shown\t-", 1 },
	{ "kunit a_suite.bad fails", "kunit",
	  "shown\ta_suite.bad failed: bad: EXPECTATION FAILED at a.c:1; Expected x == 1, but", 0 },
	/* One parameter is enough for its case; a longer name is another case. */
	{ "kunit a_suite.params fails", "kunit", "shown\ta_suite.params failed", 0 },
	{ "kunit a_suite.param fails", "kunit", "not-run\t-", 5 },
	{ "kunit a_suite splats ^WARNING its_caller", "kunit", "shown\tWARNING: CPU", 0 },
	{ "kunit other splats ^WARNING", "kunit", "shown\tWARNING: CPU", 0 },
	{ "kunit a_suite.slow hangs", "hang", "shown\ta_suite.slow began", 0 },
	{ "kunit a_suite.good hangs", "kunit", "not-shown\t-", 1 },
	{ "reclaimcheck lock *-> s.lock@*:kzalloc", "report",
	  "shown\tf -> s.lock@holder:kzalloc\n", 0 },
	{ "reclaimcheck reclaim g -> kzalloc", "report", "shown\tg -> kzalloc\n", 0 },
	{ "reclaimcheck reclaim via driver -> *", "report", "shown\tg -> kzalloc\n", 0 },
	/* Another kind, a lower tier, an edge that only begins alike. */
	{ "reclaimcheck wait g -> kzalloc", "report", "not-shown\t-", 1 },
	{ "reclaimcheck reclaim unlikely -> kzalloc", "report", "not-shown\t-", 1 },
	{ "reclaimcheck reclaim g -> kz", "report", "not-shown\t-", 1 },
	{ "reclaimcheck reclaim via g -> kzalloc", "report", "not-shown\t-", 1 },
	{ "reclaimcheck release lock put -> s.lock@*", "report",
	  "shown\tput -> s.lock@holder:kzalloc\n", 0 },
	{ "reclaimcheck lock put -> s.lock@*", "report", "not-shown\t-", 1 },
	{ "reclaimcheck release lock f -> s.lock@*", "report", "not-shown\t-", 1 },
	/* A report on a kernel is never empty. */
	{ "reclaimcheck reclaim g -> kzalloc", "empty", "not-run\t-", 5 },
	{ "none whatever", "kunit", "", 3 },
	{ "a506 open breaks", "kunit", "", 3 },
};

/* The first line that proofcheck prints is left in @out; its exit code. */
static int proofcheck(const char *options, const char *proof, const char *log,
		      char out[512])
{
	char *command;
	int status;
	FILE *p;

	assert_true(asprintf(&command, "%s %s '%s' %s 2>&1 </dev/null",
			     getenv("PROOFCHECK"), options, proof, log) > 0);
	p = popen(command, "re");
	assert_non_null(p);
	if (!fgets(out, 512, p))
		*out = '\0';
	status = pclose(p);
	free(command);
	return WEXITSTATUS(status);
}

static void judges(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(verdicts); i++) {
		char log[64], out[512];
		int code;

		snprintf(log, sizeof(log), "logs/%s.log", verdicts[i].log);
		code = proofcheck("", verdicts[i].proof, log, out);
		if (code != verdicts[i].code ||
		    strncmp(out, verdicts[i].out, strlen(verdicts[i].out)))
			fail_msg("%s on %s: %d, %s", verdicts[i].proof, log, code, out);
	}
}

static void names_the_place(void **state)
{
	char out[512];

	(void)state;
	assert_int_equal(proofcheck("-n", "a506 open,hang fails", "", out), 0);
	assert_string_equal(out, "a506\topen,hang\n");
	assert_int_equal(proofcheck("-n", "kasan a506 open,hang fails", "", out), 0);
	assert_string_equal(out, "kasan a506\topen,hang\n");
	assert_int_equal(proofcheck("-n", "reclaimcheck wait g -> f", "", out), 0);
	assert_string_equal(out, "reclaimcheck\treport\n");
	assert_int_equal(proofcheck("-n", "none at all", "", out), 0);
	assert_string_equal(out, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_the_cycle),
		cmocka_unit_test(tells_of_others),
		cmocka_unit_test(draws_the_cycle),
		cmocka_unit_test(judges),
		cmocka_unit_test(names_the_place),
	};

	return cmocka_run_group_tests_name("cycle", tests, NULL, NULL);
}
