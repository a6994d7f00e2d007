// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of what the interconnect core does under which of its locks.
 *
 * Bandwidth is set on behalf of GPU jobs that memory reclaim may wait for. So
 * nothing may allocate under icc_bw_lock, nor may what sets bandwidth take
 * icc_lock, under which memory is allocated.
 *
 * Both locks are private to the core. The tests get hold of them through the
 * callbacks of a provider: xlate() runs under icc_lock, aggregate() and set()
 * under icc_bw_lock. A callback that waits at a gate keeps its lock for as long
 * as a test wants, and whatever might wait for that lock runs in a thread of its
 * own: a mistake is a failed test, not a machine that hangs.
 */
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/interconnect.h>
#include <linux/sched/mm.h>

#include "icc-reclaim.h"
#include "internal.h"

static int num_requests(struct icc_node *node)
{
	struct hlist_node *pos;
	int n = 0;

	hlist_for_each(pos, &node->req_list)
		n++;

	return n;
}

static int num_nodes(struct icc_fixture *f)
{
	struct list_head *pos;
	int n = 0;

	list_for_each(pos, &f->provider.nodes)
		n++;

	return n;
}

static int do_enable(struct icc_job *job)
{
	return icc_enable(job->path);
}

static int do_disable(struct icc_job *job)
{
	return icc_disable(job->path);
}

static int do_set_tag(struct icc_job *job)
{
	icc_set_tag(job->path, 1);
	return 0;
}

static int do_get(struct icc_job *job)
{
	job->f->gpu_path = icc_fixture_get(job->f, GPU, DDR);
	return PTR_ERR_OR_ZERO(job->f->gpu_path);
}

static int do_put(struct icc_job *job)
{
	icc_put(job->path);
	return 0;
}

static int do_add_node(struct icc_job *job)
{
	job->f->nodes[SPARE] = icc_fixture_add_node(job->f, SPARE);
	return PTR_ERR_OR_ZERO(job->f->nodes[SPARE]);
}

static int do_del_node(struct icc_job *job)
{
	icc_node_del(job->f->nodes[SPARE]);
	icc_node_destroy(FIRST_ID + SPARE);
	return 0;
}

/* Both locks are free: a node is made under the one, a vote under the other */
static void expect_locks_free(struct kunit *test)
{
	struct icc_fixture *f = test->priv;

	icc_job_finish(test, icc_job_start(test, icc_fixture_set_bw, f->cpu_path), 0);
	if (!icc_stuck)
		icc_job_finish(test, icc_job_start(test, icc_fixture_xlate, NULL), 0);
}

static void icc_reclaim_test_taught(struct kunit *test)
{
	struct icc_fixture *f = test->priv;

	icc_need_lockdep(test);

	KUNIT_ASSERT_EQ(test, icc_set_bw(f->cpu_path, 1, 1), 0);
	KUNIT_ASSERT_NOT_NULL(test, f->bw_map);
	KUNIT_EXPECT_TRUE_MSG(test, icc_taken_in_reclaim(f->bw_map),
			      "lockdep does not know fs_reclaim -> icc_bw_lock");
	KUNIT_EXPECT_FALSE_MSG(test, icc_reclaims_under(f->bw_map),
			       "memory is allocated under icc_bw_lock");
}

static void icc_reclaim_test_sync_state(struct kunit *test)
{
	struct icc_fixture *f = test->priv;
	struct icc_node *bus = f->nodes[BUS];
	struct device_node *real;
	int i, sets, leaks = 0;

	/* A real machine has bandwidth at boot only until this is called */
	real = of_find_node_with_property(NULL, "#interconnect-cells");
	of_node_put(real);
	if (real)
		kunit_skip(test, "the machine has interconnects of its own");

	bus->init_avg = 5000;
	bus->init_peak = 7000;
	sets = atomic_read(&f->sets);

	/* Does nothing until it was called once for each provider of the tree */
	for (i = 0; i < 256 && bus->init_avg; i++) {
		icc_sync_state(f->dev);
		leaks += icc_drop_leaked_bw_lock();
	}

	KUNIT_EXPECT_EQ_MSG(test, leaks, 0,
			    "icc_sync_state() returned with icc_bw_lock held");
	KUNIT_EXPECT_GT(test, atomic_read(&f->sets), sets);
	KUNIT_EXPECT_EQ(test, bus->init_avg, 0);
	KUNIT_EXPECT_EQ(test, bus->init_peak, 0);

	expect_locks_free(test);
	if (icc_stuck)
		return;

	/* what was the floor until now is none any more */
	KUNIT_EXPECT_EQ(test, bus->avg_bw, 100);
	KUNIT_EXPECT_EQ(test, bus->peak_bw, 200);
}

static void icc_reclaim_test_callback_locks(struct kunit *test)
{
	struct icc_fixture *f = test->priv;

	icc_need_lockdep(test);

	f->icc_lock_too = false;
	KUNIT_EXPECT_EQ(test, icc_set_bw(f->cpu_path, 1, 1), 0);
	KUNIT_EXPECT_EQ(test, icc_disable(f->cpu_path), 0);
	KUNIT_EXPECT_EQ(test, icc_enable(f->cpu_path), 0);
	KUNIT_EXPECT_FALSE_MSG(test, f->icc_lock_too,
			       "bandwidth is set with icc_lock held");

	icc_put(f->cpu_path);
	f->cpu_path = icc_fixture_get(f, CPU, DDR);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, f->cpu_path);
	do_add_node(&(struct icc_job){ .f = f });
	do_del_node(&(struct icc_job){ .f = f });
}

/* What a runtime resume may call gets by without the lock that allocations have */
static void icc_reclaim_test_not_icc_lock(struct kunit *test)
{
	static int (* const calls[])(struct icc_job *job) = {
		icc_fixture_set_bw, do_disable, do_enable, do_set_tag,
	};
	struct icc_fixture *f = test->priv;
	struct icc_job *holder, *job;
	int i;

	for (i = 0; i < ARRAY_SIZE(calls); i++) {
		holder = icc_hold(test, AT_XLATE, NULL);
		job = icc_job_start(test, calls[i], f->cpu_path);
		KUNIT_EXPECT_TRUE_MSG(test, icc_job_done_within(job, TOO_LATE_MS / 5),
				      "%ps() waits for icc_lock", calls[i]);
		icc_release(test, AT_XLATE, holder);
		icc_job_finish(test, job, 0);
	}
}

/* Nothing that is read when bandwidth is set changes while it is */
static void icc_reclaim_test_waits(struct kunit *test)
{
	static int (* const calls[])(struct icc_job *job) = {
		icc_fixture_set_bw, do_disable, do_enable, do_set_tag, do_get,
		do_add_node, do_del_node,
	};
	struct icc_fixture *f = test->priv;
	struct icc_job *holder, *job;
	struct icc_req *req, old;
	int i, requests, nodes;
	bool done;

	for (i = 0; i < ARRAY_SIZE(calls) && !icc_stuck; i++) {
		requests = num_requests(f->nodes[BUS]);
		nodes = num_nodes(f);
		req = &f->cpu_path->reqs[0];
		old = *req;

		holder = icc_hold(test, AT_AGGREGATE, f->cpu_path);
		job = icc_job_start(test, calls[i], f->cpu_path);
		done = icc_job_done_within(job, TOO_SOON_MS);
		KUNIT_EXPECT_FALSE_MSG(test, done, "%ps() did not wait", calls[i]);
		KUNIT_EXPECT_EQ_MSG(test, num_requests(f->nodes[BUS]), requests,
				    "%ps() changed req_list", calls[i]);
		KUNIT_EXPECT_EQ_MSG(test, num_nodes(f), nodes,
				    "%ps() changed the nodes", calls[i]);
		KUNIT_EXPECT_TRUE_MSG(test, req->enabled == old.enabled &&
				      req->tag == old.tag,
				      "%ps() changed a request", calls[i]);
		icc_release(test, AT_AGGREGATE, holder);
		icc_job_finish(test, job, 0);
	}
}

/*
 * icc_put() sets bandwidth first. Catch it after that, on its way to icc_lock,
 * and let somebody else set bandwidth meanwhile.
 */
static void icc_reclaim_test_put_waits(struct kunit *test)
{
	struct icc_fixture *f = test->priv;
	struct icc_job *icc_holder, *bw_holder, *put;
	int i, sets, requests;

	f->gpu_path = icc_fixture_get(f, GPU, DDR);
	KUNIT_ASSERT_FALSE(test, IS_ERR(f->gpu_path));
	requests = num_requests(f->nodes[BUS]);

	icc_holder = icc_hold(test, AT_XLATE, NULL);
	sets = atomic_read(&f->sets);
	put = icc_job_start(test, do_put, f->gpu_path);
	f->gpu_path = NULL;
	for (i = 0; i < 100 && atomic_read(&f->sets) == sets; i++)
		msleep(TOO_SOON_MS / 5);
	msleep(TOO_SOON_MS);

	bw_holder = icc_hold(test, AT_AGGREGATE, f->cpu_path);
	icc_release(test, AT_XLATE, icc_holder);
	KUNIT_EXPECT_FALSE(test, icc_job_done_within(put, TOO_SOON_MS));
	KUNIT_EXPECT_EQ_MSG(test, num_requests(f->nodes[BUS]), requests,
			    "icc_put() changed req_list");

	icc_release(test, AT_AGGREGATE, bw_holder);
	icc_job_finish(test, put, 0);
	KUNIT_EXPECT_EQ(test, num_requests(f->nodes[BUS]), requests - 1);
}

static void icc_reclaim_test_errors(struct kunit *test)
{
	struct icc_fixture *f = test->priv;
	int users = f->provider.users;

	KUNIT_ASSERT_EQ(test, icc_set_bw(f->cpu_path, 10, 20), 0);
	f->failing_sets = 1;
	icc_job_finish(test, icc_job_start(test, icc_fixture_set_bw, f->cpu_path), -EIO);
	KUNIT_EXPECT_EQ(test, f->nodes[BUS]->avg_bw, 10);
	KUNIT_EXPECT_EQ(test, f->nodes[BUS]->peak_bw, 20);
	f->failing_sets = 1;
	icc_job_finish(test, icc_job_start(test, do_disable, f->cpu_path), -EIO);
	icc_job_finish(test, icc_job_start(test, do_enable, f->cpu_path), 0);
	if (icc_stuck)
		return;

	/* there is no way back from memory, and no node that was not made */
	KUNIT_EXPECT_TRUE(test, IS_ERR(icc_fixture_get(f, DDR, CPU)));
	KUNIT_EXPECT_TRUE(test, IS_ERR(icc_fixture_get(f, CPU, SPARE)));
	KUNIT_EXPECT_EQ(test, f->provider.users, users);
	KUNIT_EXPECT_EQ(test, num_requests(f->nodes[BUS]), 1);

	expect_locks_free(test);
}

/* The same calls as a GPU that is resumed for a job makes: lockdep may object */
static void icc_reclaim_test_in_reclaim(struct kunit *test)
{
	struct icc_fixture *f = test->priv;

	icc_need_lockdep(test);

	fs_reclaim_acquire(GFP_KERNEL);
	icc_set_bw(f->cpu_path, 1000, 2000);
	icc_disable(f->cpu_path);
	icc_enable(f->cpu_path);
	icc_set_tag(f->cpu_path, 3);
	icc_set_bw(f->cpu_path, 0, 0);
	fs_reclaim_release(GFP_KERNEL);

	icc_need_lockdep(test);
}

static int stress_votes(struct icc_job *job)
{
	int i, ret = 0;

	for (i = 0; i < 2000 && !ret; i++) {
		ret = icc_set_bw(job->path, i, 2 * i);
		cond_resched();
	}

	return ret ?: icc_set_bw(job->path, 11, 22);
}

static int stress_paths(struct icc_job *job)
{
	struct icc_path *path;
	int i, ret = 0;

	for (i = 0; i < 2000 && !ret; i++) {
		path = icc_fixture_get(job->f, GPU, DDR);
		if (IS_ERR(path))
			return PTR_ERR(path);
		ret = icc_set_bw(path, 5, 5);
		cond_resched();
		icc_put(path);
	}

	return ret;
}

static int stress_nodes(struct icc_job *job)
{
	int i, ret = 0;

	for (i = 0; i < 2000 && !ret; i++) {
		ret = do_add_node(job);
		cond_resched();
		if (!ret)
			do_del_node(job);
	}

	return ret;
}

static void icc_reclaim_test_stress(struct kunit *test)
{
	struct icc_fixture *f = test->priv;
	int users = f->provider.users, nodes = num_nodes(f), i;
	struct icc_job *jobs[] = {
		icc_job_start(test, stress_votes, f->cpu_path),
		icc_job_start(test, stress_paths, NULL),
		icc_job_start(test, stress_paths, NULL),
		icc_job_start(test, stress_nodes, NULL),
	};

	for (i = 0; i < ARRAY_SIZE(jobs); i++)
		icc_job_done_within(jobs[i], 10 * TOO_LATE_MS);
	for (i = 0; i < ARRAY_SIZE(jobs); i++)
		icc_job_finish(test, jobs[i], 0);

	/* as it was before, with the one vote that is left */
	KUNIT_EXPECT_EQ(test, f->provider.users, users);
	KUNIT_EXPECT_EQ(test, num_nodes(f), nodes);
	KUNIT_EXPECT_EQ(test, num_requests(f->nodes[BUS]), 1);
	KUNIT_EXPECT_EQ(test, f->nodes[BUS]->avg_bw, 11);
	KUNIT_EXPECT_EQ(test, f->nodes[BUS]->peak_bw, 22);
}

/* The order matters: what may turn lockdep off comes after what needs it */
static struct kunit_case icc_reclaim_test_cases[] = {
	KUNIT_CASE(icc_reclaim_test_taught),
	KUNIT_CASE(icc_reclaim_test_sync_state),
	KUNIT_CASE(icc_reclaim_test_callback_locks),
	KUNIT_CASE(icc_reclaim_test_not_icc_lock),
	KUNIT_CASE(icc_reclaim_test_waits),
	KUNIT_CASE(icc_reclaim_test_put_waits),
	KUNIT_CASE(icc_reclaim_test_errors),
	KUNIT_CASE(icc_reclaim_test_stress),
	KUNIT_CASE(icc_reclaim_test_in_reclaim),
	{}
};

static struct kunit_suite icc_reclaim_test_suite = {
	.name = "icc_reclaim",
	.suite_init = icc_fixture_suite_init,
	.init = icc_fixture_init,
	.exit = icc_fixture_exit,
	.test_cases = icc_reclaim_test_cases,
};

kunit_test_suite(icc_reclaim_test_suite);
