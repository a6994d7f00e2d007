// SPDX-License-Identifier: GPL-2.0-only
/* The language of proofs, and the fields of a topic that are written in it. */
#include "proof.h"
#include "topic.h"
#include "unit.h"
#include "xalloc.h"

#define HEAD "Title: T\nChange-Id: 20261122-t-0123456789ab\nCover:\n Text.\n\n"

static void assert_bad(const char *text, const char *message)
{
	struct proofs ps = { 0 };
	char *why = proofs_parse(text, &ps);

	assert_non_null(why);
	unit_assert_has(why, message);
	free(why);
	proofs_free(&ps);
}

static void reads_each_kind(void **state)
{
	struct proofs ps = { 0 };

	(void)state;
	assert_null(proofs_parse("kunit a_suite.a_case fails\n"
				 "  kunit a_suite hangs \n"
				 "a506 open,no-leak fails\n"
				 "a630 submit splats ^fs_reclaim$ msm_job_run f.isra.0\n",
				 &ps));
	assert_int_equal(ps.n, 4);
	assert_int_equal(ps.p[0].kind, PROOF_FAILS);
	assert_string_equal(ps.p[0].where, "kunit");
	assert_string_equal(ps.p[0].what, "a_suite.a_case");
	assert_int_equal(ps.p[1].kind, PROOF_HANGS);
	assert_string_equal(ps.p[1].what, "a_suite");
	assert_string_equal(ps.p[1].text, "kunit a_suite hangs");
	assert_string_equal(ps.p[2].where, "a506");
	assert_string_equal(ps.p[2].what, "open,no-leak");
	assert_int_equal(ps.p[3].kind, PROOF_SPLATS);
	assert_string_equal(ps.p[3].arg, "^fs_reclaim$");
	assert_int_equal(ps.p[3].functions.n, 2);
	assert_string_equal(ps.p[3].functions.v[1], "f.isra.0");
	proofs_free(&ps);

	assert_null(proofs_parse("kasan a506 open,state splats ^BUG:.KASAN a5xx_show\n"
				 "kasan kunit a.b fails\n"
				 "a506 open fails", &ps));
	assert_int_equal(ps.n, 3);
	assert_true(ps.p[0].kasan);
	assert_int_equal(ps.p[0].kind, PROOF_SPLATS);
	assert_string_equal(ps.p[0].where, "a506");
	assert_string_equal(ps.p[0].what, "open,state");
	assert_string_equal(ps.p[0].functions.v[0], "a5xx_show");
	assert_string_equal(ps.p[0].text, "kasan a506 open,state splats ^BUG:.KASAN a5xx_show");
	assert_true(ps.p[1].kasan);
	assert_string_equal(ps.p[1].where, "kunit");
	assert_false(ps.p[2].kasan);
	proofs_free(&ps);

	assert_null(proofs_parse("none  nothing runs it", &ps));
	assert_int_equal(ps.p[0].kind, PROOF_NONE);
	assert_string_equal(ps.p[0].arg, "nothing runs it");
	proofs_free(&ps);

	assert_null(proofs_parse("reclaimcheck lock f -> s.lock@*:kzalloc\n"
				 "kunit a.b fails", &ps));
	assert_int_equal(ps.p[0].kind, PROOF_REPORTED);
	assert_string_equal(ps.p[0].where, "reclaimcheck");
	assert_string_equal(ps.p[0].what, "report");
	assert_string_equal(ps.p[0].arg, "lock f -> s.lock@*:kzalloc");
	proofs_free(&ps);

	assert_null(proofs_parse("blind a-mistake", &ps));
	assert_int_equal(ps.p[0].kind, PROOF_BLIND);
	assert_string_equal(ps.p[0].arg, "a-mistake");
	proofs_free(&ps);

	assert_null(proofs_parse("support pm/qos-lockdep", &ps));
	assert_int_equal(ps.p[0].kind, PROOF_SUPPORT);
	assert_string_equal(ps.p[0].arg, "pm/qos-lockdep");
	proofs_free(&ps);
}

static void refuses(void **state)
{
	(void)state;
	assert_bad("", "a proof without text");
	assert_bad(" \n\n", "a proof without text");
	assert_bad("kunit a.b", "expected \"kunit SUITE.CASE fails\"");
	assert_bad("lab open fails", "\"lab\" is neither \"kunit\" nor \"reclaimcheck\"");
	assert_bad("a open fails", "\"a\" is neither \"kunit\"");
	assert_bad("kunit .a fails", "\".a\" is not SUITE or SUITE.CASE");
	assert_bad("kunit a. fails", "\"a.\" is not SUITE or SUITE.CASE");
	assert_bad("kunit a.b.c fails", "\"a.b.c\" is not SUITE");
	assert_bad("kunit a fails", "\"a fails\": name the case");
	assert_bad("a506 open, fails", "\"open,\" is not STAGE");
	assert_bad("a506 ,open fails", "\",open\" is not STAGE");
	assert_bad("a506 a,,b fails", "\"a,,b\" is not STAGE");
	assert_bad("a506 Open fails", "\"Open\" is not STAGE");
	assert_bad("a506 open breaks", "\"breaks\": expected \"fails\", \"hangs\" or \"splats\"");
	assert_bad("a506 open fails badly", "\"badly\" after \"fails\"");
	assert_bad("a506 open splats", "\"splats\" wants the lock's class");
	assert_bad("a506 open splats (", "\"(\": ");
	assert_bad("a506 open splats x f()", "\"f()\" is not the name of a function");
	assert_bad("kasan", "\"kasan\" before one of these");
	assert_bad("kasan a506 open", "\"kasan\" before one of these");
	assert_bad("kasan open fails now", "\"open\" after \"kasan\" is neither \"kunit\"");
	assert_bad("kasan kasan a506 open fails", "\"kasan\" after \"kasan\" is neither \"kunit\"");
	assert_bad("kasan reclaimcheck lock f -> g", "\"reclaimcheck\" after \"kasan\" is neither \"kunit\"");
	assert_bad("kasan none of it", "\"none\" after \"kasan\" is neither \"kunit\"");
	assert_bad("reclaimcheck", "\"reclaimcheck\": expected \"reclaim\"");
	assert_bad("reclaimcheck locks f -> g", "\"locks\": expected \"reclaim\"");
	assert_bad("reclaimcheck release", "\"release\": expected \"reclaim\"");
	assert_bad("reclaimcheck release lock f", "\"lock\" wants \"CALLER -> CALLEE\"");
	assert_bad("reclaimcheck lock f", "\"lock\" wants \"CALLER -> CALLEE\"");
	assert_bad("reclaimcheck lock f to g", "\"lock\" wants \"CALLER -> CALLEE\"");
	assert_bad("none", "\"none\" wants the reason");
	assert_bad("none  ", "\"none\" wants the reason");
	assert_bad("support", "\"support\" wants one TOPIC/CHANGE");
	assert_bad("support a", "\"support\" wants one TOPIC/CHANGE");
	assert_bad("support a/b c/d", "\"support\" wants one TOPIC/CHANGE");
	assert_bad("blind", "\"blind\" wants the name of one mutant");
	assert_bad("blind a/b", "\"blind\" wants the name of one mutant");
	assert_bad("blind a b", "\"blind\" wants the name of one mutant");
	assert_bad("a506 open fails\nnone x", "\"none\" stands alone");
	assert_bad("support a/b\nkunit a.b fails", "\"support\" stands alone");
}

static int read_topic(const char *changes, struct topics *ts)
{
	char *text = xasprintf(HEAD "%s", changes);

	unit_write("topics/order", "one\n");
	unit_write("topics/one/topic", text);
	free(text);
	return topics_read(unit_dir, ts);
}

static void base_comes_first(void **state)
{
	const struct change *c;
	struct topics ts;

	(void)state;
	assert_int_equal(read_topic("Change: a\n"
				    "Proof-6.1:\n kunit a.b fails\n a506 open hangs\n"
				    "Proof: support one/b\n\n"
				    "Change: b\nProof-7.2: none x\n", &ts), 0);
	c = topic_find(&ts.t[0], "a");
	assert_int_equal(change_proofs(c, "6.1")->n, 2);
	assert_string_equal(change_proofs(c, "6.1")->p[1].what, "open");
	assert_int_equal(change_proofs(c, "7.2")->p[0].kind, PROOF_SUPPORT);
	c = topic_find(&ts.t[0], "b");
	assert_null(change_proofs(c, "6.1"));
	assert_string_equal(change_proofs(c, "7.2")->p[0].arg, "x");
	topics_free(&ts);
}

static void assert_topic_bad(const char *changes, const char *message)
{
	struct topics ts;

	unit_catch();
	assert_int_equal(read_topic(changes, &ts), -1);
	unit_assert_has(unit_caught(), message);
	topics_free(&ts);
}

static void topic_messages(void **state)
{
	(void)state;
	assert_topic_bad("Change: a\nProof:\n", "topic:7: Proof: a proof without text");
	assert_topic_bad("Change: a\nProof-6.1: kunit a fails\n",
			 "topic:7: Proof-6.1: \"a fails\": name the case");
	assert_topic_bad("Change: a\nProof-: none x\n",
			 "topic:7: Proof-: wants the name of a base");
	assert_topic_bad("Change: a\nUsers: one/b\n",
			 "topic:6: \"Users: one/b\": there is no such other change");
	assert_topic_bad("Change: a\nUsers: a\n", "\"Users: a\": there is no such");
	assert_topic_bad("Change: a\nUsers: one/a\n", "\"Users: one/a\": there is no such");
	assert_topic_bad("Change: a\nProofs: none x\n", "unknown field \"Proofs\"");
	assert_topic_bad("Change: a\nProof: support one/b\n",
			 "topic:7: \"support one/b\": there is no such other change");
	assert_topic_bad("Change: a\nProof: support one/a\n",
			 "\"support one/a\": there is no such other change");
	assert_topic_bad("Change: a\nProof: support two/a\n",
			 "\"support two/a\": there is no such other change");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_each_kind),
		cmocka_unit_test(refuses),
		UNIT(base_comes_first),
		UNIT(topic_messages),
	};

	return cmocka_run_group_tests_name("proof", tests, NULL, NULL);
}
