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
#include <kunit/test.h>
#include <linux/completion.h>
#include <linux/debug_locks.h>
#include <linux/delay.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/interconnect.h>
#include <linux/interconnect-provider.h>
#include <linux/kthread.h>
#include <linux/lockdep.h>
#include <linux/mutex.h>
#include <linux/of.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <linux/version.h>

#include "internal.h"

/* How long a thread is given to do what it must not, and what it must do */
#define TOO_SOON_MS	50
#define TOO_LATE_MS	5000

/* Far from the ids of real providers, below those that are dynamic */
#define FIRST_ID	97000

enum { CPU, GPU, BUS, DDR, SPARE, NUM_NODES };

static const char * const node_names[NUM_NODES] = {
	[CPU] = "icc-reclaim-cpu",
	[GPU] = "icc-reclaim-gpu",
	[BUS] = "icc-reclaim-bus",
	[DDR] = "icc-reclaim-ddr",
	[SPARE] = "icc-reclaim-spare",
};

/* Where a callback may be made to wait, and with which lock held */
enum { AT_XLATE, AT_AGGREGATE, NUM_GATES };

struct icc_gate {
	atomic_t closed;
	struct completion entered;
	struct completion opened;
};

struct icc_fixture {
	struct icc_provider provider;
	struct device *dev;
	struct device_node np;
	struct icc_node *nodes[NUM_NODES];
	struct icc_path *cpu_path;
	struct icc_path *gpu_path;
	struct icc_gate gates[NUM_GATES];
	struct lockdep_map *bw_map;
	u32 init_bw;
	int failing_sets;
	atomic_t sets;
	bool no_bw_lock;
	bool icc_lock_too;
};

struct icc_job {
	struct icc_fixture *f;
	int (*fn)(struct icc_job *job);
	struct icc_path *path;
	int ret;
	struct completion done;
};

/* A thread is stuck in the core for good: nothing can be tested any more */
static bool icc_stuck;

static bool lockdep_is_on(void)
{
	return IS_ENABLED(CONFIG_PROVE_LOCKING) && debug_locks;
}

#ifdef CONFIG_PROVE_LOCKING
static struct lockdep_map *held_map(const char *name)
{
	int i;

	for (i = 0; i < current->lockdep_depth; i++)
		if (!strcmp(current->held_locks[i].instance->name, name))
			return current->held_locks[i].instance;

	return NULL;
}

/* Undo what a core that forgets to unlock did, so that the rest is tested too */
static bool drop_leaked_bw_lock(void)
{
	struct lockdep_map *map = held_map("icc_bw_lock");

	if (map)
		mutex_unlock(container_of(map, struct mutex, dep_map));

	return map;
}

static bool names_lock(struct list_head *deps, const char *name)
{
	struct lock_list *dep;

	list_for_each_entry(dep, deps, entry)
		if (dep->class->name && !strcmp(dep->class->name, name))
			return true;

	return false;
}

static bool taken_in_reclaim(struct lockdep_map *map)
{
	return names_lock(&map->class_cache[0]->locks_before, "fs_reclaim");
}

static bool reclaims_under(struct lockdep_map *map)
{
	return names_lock(&map->class_cache[0]->locks_after, "fs_reclaim");
}
#else
static struct lockdep_map *held_map(const char *name) { return NULL; }
static bool drop_leaked_bw_lock(void) { return false; }
static bool taken_in_reclaim(struct lockdep_map *map) { return false; }
static bool reclaims_under(struct lockdep_map *map) { return false; }
#endif

static void gate_close(struct icc_fixture *f, int at)
{
	struct icc_gate *gate = &f->gates[at];

	reinit_completion(&gate->entered);
	reinit_completion(&gate->opened);
	atomic_set(&gate->closed, 1);
}

static void gate_open(struct icc_fixture *f, int at)
{
	complete(&f->gates[at].opened);
}

/* Only the first one who comes waits; not forever, should the test be aborted */
static void gate_pass(struct icc_fixture *f, int at)
{
	struct icc_gate *gate = &f->gates[at];

	if (atomic_xchg(&gate->closed, 0)) {
		complete(&gate->entered);
		wait_for_completion_timeout(&gate->opened,
					    msecs_to_jiffies(2 * TOO_LATE_MS));
	}
}

static struct icc_fixture *to_fixture(struct icc_node *node)
{
	return container_of(node->provider, struct icc_fixture, provider);
}

/* Icc_node_add() has both locks, whatever sets bandwidth only the second */
static void note_locks(struct icc_fixture *f)
{
	if (!lockdep_is_on())
		return;

	f->bw_map = held_map("icc_bw_lock");
	if (!f->bw_map)
		f->no_bw_lock = true;
	if (held_map("icc_lock"))
		f->icc_lock_too = true;
}

static int fixture_set(struct icc_node *src, struct icc_node *dst)
{
	struct icc_fixture *f = to_fixture(src);

	atomic_inc(&f->sets);
	note_locks(f);

	if (f->failing_sets) {
		f->failing_sets--;
		return -EIO;
	}

	return 0;
}

static int fixture_aggregate(struct icc_node *node, u32 tag, u32 avg_bw,
			     u32 peak_bw, u32 *agg_avg, u32 *agg_peak)
{
	struct icc_fixture *f = to_fixture(node);

	note_locks(f);
	gate_pass(f, AT_AGGREGATE);

	return icc_std_aggregate(node, tag, avg_bw, peak_bw, agg_avg, agg_peak);
}

static int fixture_get_bw(struct icc_node *node, u32 *avg, u32 *peak)
{
	struct icc_fixture *f = to_fixture(node);

	*avg = f->init_bw;
	*peak = f->init_bw;

	return 0;
}

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 12, 0)
#define icc_spec struct of_phandle_args
#define path_end(end) (FIRST_ID + (end))
#else
#define icc_spec const struct of_phandle_args
#define path_end(end) node_names[end]
#endif

static struct icc_node *fixture_xlate(icc_spec *spec, void *data)
{
	struct icc_fixture *f = data;

	gate_pass(f, AT_XLATE);

	return f->nodes[CPU];
}

static struct icc_path *fixture_get(struct icc_fixture *f, int src, int dst)
{
	return icc_get(f->dev, path_end(src), path_end(dst));
}

static struct icc_node *fixture_add_node(struct icc_fixture *f, int i)
{
	struct icc_node *node = icc_node_create(FIRST_ID + i);

	if (!IS_ERR(node)) {
		node->name = node_names[i];
		icc_node_add(node, &f->provider);
	}

	return node;
}

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

static int job_thread(void *data)
{
	struct icc_job *job = data;

	job->ret = job->fn(job);
	complete(&job->done);

	return 0;
}

static struct icc_job *job_start(struct kunit *test, int (*fn)(struct icc_job *job),
				 struct icc_path *path)
{
	struct icc_job *job = kzalloc(sizeof(*job), GFP_KERNEL);
	struct task_struct *task;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, job);
	job->f = test->priv;
	job->fn = fn;
	job->path = path;
	init_completion(&job->done);

	task = kthread_run(job_thread, job, "icc-reclaim-test");
	KUNIT_ASSERT_FALSE(test, IS_ERR(task));

	return job;
}

static bool job_done_within(struct icc_job *job, unsigned int ms)
{
	if (!wait_for_completion_timeout(&job->done, msecs_to_jiffies(ms)))
		return false;

	/* for whoever asks again */
	complete(&job->done);
	return true;
}

/* A job that does not end keeps all that it may still touch */
static void job_finish(struct kunit *test, struct icc_job *job, int ret)
{
	if (!job_done_within(job, TOO_LATE_MS)) {
		icc_stuck = true;
		KUNIT_FAIL(test, "a thread waits for a lock that is not released");
		return;
	}

	KUNIT_EXPECT_EQ(test, job->ret, ret);
	kfree(job);
}

static int do_xlate(struct icc_job *job)
{
	struct of_phandle_args spec = { .np = &job->f->np };
	struct icc_node_data *data = of_icc_get_from_provider(&spec);

	if (IS_ERR(data))
		return PTR_ERR(data);

	kfree(data);
	return 0;
}

static int do_set_bw(struct icc_job *job)
{
	return icc_set_bw(job->path, 100, 200);
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
	job->f->gpu_path = fixture_get(job->f, GPU, DDR);
	return PTR_ERR_OR_ZERO(job->f->gpu_path);
}

static int do_put(struct icc_job *job)
{
	icc_put(job->path);
	return 0;
}

static int do_add_node(struct icc_job *job)
{
	job->f->nodes[SPARE] = fixture_add_node(job->f, SPARE);
	return PTR_ERR_OR_ZERO(job->f->nodes[SPARE]);
}

static int do_del_node(struct icc_job *job)
{
	icc_node_del(job->f->nodes[SPARE]);
	icc_node_destroy(FIRST_ID + SPARE);
	return 0;
}

/* Hold a lock: run what calls back under it, up to the gate */
static struct icc_job *hold(struct kunit *test, int at, struct icc_path *path)
{
	struct icc_fixture *f = test->priv;
	struct icc_job *job;
	unsigned long left;

	gate_close(f, at);
	job = job_start(test, at == AT_XLATE ? do_xlate : do_set_bw, path);
	left = wait_for_completion_timeout(&f->gates[at].entered,
					   msecs_to_jiffies(TOO_LATE_MS));
	if (!left)
		icc_stuck = true;
	KUNIT_ASSERT_NE_MSG(test, left, 0UL, "the lock cannot be had");

	return job;
}

static void release(struct kunit *test, int at, struct icc_job *job)
{
	gate_open(test->priv, at);
	job_finish(test, job, 0);
}

/* Both locks are free: a node is made under the one, a vote under the other */
static void expect_locks_free(struct kunit *test)
{
	struct icc_fixture *f = test->priv;

	job_finish(test, job_start(test, do_set_bw, f->cpu_path), 0);
	if (!icc_stuck)
		job_finish(test, job_start(test, do_xlate, NULL), 0);
}

static void icc_reclaim_test_taught(struct kunit *test)
{
	struct icc_fixture *f = test->priv;

	if (!lockdep_is_on())
		kunit_skip(test, "lockdep is off");

	KUNIT_ASSERT_EQ(test, icc_set_bw(f->cpu_path, 1, 1), 0);
	KUNIT_ASSERT_NOT_NULL(test, f->bw_map);
	KUNIT_EXPECT_TRUE_MSG(test, taken_in_reclaim(f->bw_map),
			      "lockdep does not know fs_reclaim -> icc_bw_lock");
	KUNIT_EXPECT_FALSE_MSG(test, reclaims_under(f->bw_map),
			       "memory is allocated under icc_bw_lock");
}

static void icc_reclaim_test_sync_state(struct kunit *test)
{
	struct icc_fixture *f = test->priv;
	struct icc_node *bus = f->nodes[BUS];
	int i, sets, leaks = 0;

	bus->init_avg = 5000;
	bus->init_peak = 7000;
	sets = atomic_read(&f->sets);

	/* Does nothing until it was called once for each provider of the tree */
	for (i = 0; i < 256 && bus->init_avg; i++) {
		icc_sync_state(f->dev);
		leaks += drop_leaked_bw_lock();
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

	if (!lockdep_is_on())
		kunit_skip(test, "lockdep is off");

	f->icc_lock_too = false;
	KUNIT_EXPECT_EQ(test, icc_set_bw(f->cpu_path, 1, 1), 0);
	KUNIT_EXPECT_EQ(test, icc_disable(f->cpu_path), 0);
	KUNIT_EXPECT_EQ(test, icc_enable(f->cpu_path), 0);
	KUNIT_EXPECT_FALSE_MSG(test, f->icc_lock_too,
			       "bandwidth is set with icc_lock held");

	icc_put(f->cpu_path);
	f->cpu_path = fixture_get(f, CPU, DDR);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, f->cpu_path);
	do_add_node(&(struct icc_job){ .f = f });
	do_del_node(&(struct icc_job){ .f = f });
	KUNIT_EXPECT_FALSE_MSG(test, f->no_bw_lock,
			       "a callback ran without icc_bw_lock");
}

/* What a runtime resume may call gets by without the lock that allocations have */
static void icc_reclaim_test_not_icc_lock(struct kunit *test)
{
	static int (* const calls[])(struct icc_job *job) = {
		do_set_bw, do_disable, do_enable, do_set_tag,
	};
	struct icc_fixture *f = test->priv;
	struct icc_job *holder, *job;
	int i;

	for (i = 0; i < ARRAY_SIZE(calls); i++) {
		holder = hold(test, AT_XLATE, NULL);
		job = job_start(test, calls[i], f->cpu_path);
		KUNIT_EXPECT_TRUE_MSG(test, job_done_within(job, TOO_LATE_MS / 5),
				      "%ps() waits for icc_lock", calls[i]);
		release(test, AT_XLATE, holder);
		job_finish(test, job, 0);
	}
}

/* Nothing that is read when bandwidth is set changes while it is */
static void icc_reclaim_test_waits(struct kunit *test)
{
	static int (* const calls[])(struct icc_job *job) = {
		do_set_bw, do_disable, do_enable, do_set_tag, do_get,
		do_add_node, do_del_node,
	};
	struct icc_fixture *f = test->priv;
	struct icc_job *holder, *job;
	int i, requests, nodes;
	bool done;

	for (i = 0; i < ARRAY_SIZE(calls) && !icc_stuck; i++) {
		requests = num_requests(f->nodes[BUS]);
		nodes = num_nodes(f);

		holder = hold(test, AT_AGGREGATE, f->cpu_path);
		job = job_start(test, calls[i], f->cpu_path);
		done = job_done_within(job, TOO_SOON_MS);
		KUNIT_EXPECT_FALSE_MSG(test, done, "%ps() did not wait", calls[i]);
		KUNIT_EXPECT_EQ_MSG(test, num_requests(f->nodes[BUS]), requests,
				    "%ps() changed req_list", calls[i]);
		KUNIT_EXPECT_EQ_MSG(test, num_nodes(f), nodes,
				    "%ps() changed the nodes", calls[i]);
		release(test, AT_AGGREGATE, holder);
		job_finish(test, job, 0);
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

	f->gpu_path = fixture_get(f, GPU, DDR);
	KUNIT_ASSERT_FALSE(test, IS_ERR(f->gpu_path));
	requests = num_requests(f->nodes[BUS]);

	icc_holder = hold(test, AT_XLATE, NULL);
	sets = atomic_read(&f->sets);
	put = job_start(test, do_put, f->gpu_path);
	f->gpu_path = NULL;
	for (i = 0; i < 100 && atomic_read(&f->sets) == sets; i++)
		msleep(TOO_SOON_MS / 5);
	msleep(TOO_SOON_MS);

	bw_holder = hold(test, AT_AGGREGATE, f->cpu_path);
	release(test, AT_XLATE, icc_holder);
	KUNIT_EXPECT_FALSE(test, job_done_within(put, TOO_SOON_MS));
	KUNIT_EXPECT_EQ_MSG(test, num_requests(f->nodes[BUS]), requests,
			    "icc_put() changed req_list");

	release(test, AT_AGGREGATE, bw_holder);
	job_finish(test, put, 0);
	KUNIT_EXPECT_EQ(test, num_requests(f->nodes[BUS]), requests - 1);
}

static void icc_reclaim_test_errors(struct kunit *test)
{
	struct icc_fixture *f = test->priv;
	int users = f->provider.users;

	KUNIT_ASSERT_EQ(test, icc_set_bw(f->cpu_path, 10, 20), 0);
	f->failing_sets = 1;
	KUNIT_EXPECT_EQ(test, icc_set_bw(f->cpu_path, 30, 40), -EIO);
	KUNIT_EXPECT_EQ(test, f->nodes[BUS]->avg_bw, 10);
	KUNIT_EXPECT_EQ(test, f->nodes[BUS]->peak_bw, 20);
	f->failing_sets = 1;
	KUNIT_EXPECT_EQ(test, icc_disable(f->cpu_path), -EIO);
	KUNIT_EXPECT_EQ(test, icc_enable(f->cpu_path), 0);

	/* there is no way back from memory, and no node that was not made */
	KUNIT_EXPECT_TRUE(test, IS_ERR(fixture_get(f, DDR, CPU)));
	KUNIT_EXPECT_TRUE(test, IS_ERR(fixture_get(f, CPU, SPARE)));
	KUNIT_EXPECT_EQ(test, f->provider.users, users);
	KUNIT_EXPECT_EQ(test, num_requests(f->nodes[BUS]), 1);

	expect_locks_free(test);
}

/* The same calls as a GPU that is resumed for a job makes: lockdep may object */
static void icc_reclaim_test_in_reclaim(struct kunit *test)
{
	struct icc_fixture *f = test->priv;

	if (!lockdep_is_on())
		kunit_skip(test, "lockdep is off");

	fs_reclaim_acquire(GFP_KERNEL);
	icc_set_bw(f->cpu_path, 1000, 2000);
	icc_disable(f->cpu_path);
	icc_enable(f->cpu_path);
	icc_set_tag(f->cpu_path, 3);
	icc_set_bw(f->cpu_path, 0, 0);
	fs_reclaim_release(GFP_KERNEL);

	KUNIT_EXPECT_TRUE_MSG(test, debug_locks, "lockdep objected, see above");
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
		path = fixture_get(job->f, GPU, DDR);
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
	bool was_on = lockdep_is_on();
	struct icc_job *jobs[] = {
		job_start(test, stress_votes, f->cpu_path),
		job_start(test, stress_paths, NULL),
		job_start(test, stress_paths, NULL),
		job_start(test, stress_nodes, NULL),
	};

	for (i = 0; i < ARRAY_SIZE(jobs); i++)
		job_done_within(jobs[i], 10 * TOO_LATE_MS);
	for (i = 0; i < ARRAY_SIZE(jobs); i++)
		job_finish(test, jobs[i], 0);

	/* as it was before, with the one vote that is left */
	KUNIT_EXPECT_EQ(test, f->provider.users, users);
	KUNIT_EXPECT_EQ(test, num_nodes(f), nodes);
	KUNIT_EXPECT_EQ(test, num_requests(f->nodes[BUS]), 1);
	KUNIT_EXPECT_EQ(test, f->nodes[BUS]->avg_bw, 11);
	KUNIT_EXPECT_EQ(test, f->nodes[BUS]->peak_bw, 22);
	KUNIT_EXPECT_EQ(test, lockdep_is_on(), was_on);
}

static int icc_reclaim_test_init(struct kunit *test)
{
	struct icc_fixture *f;
	int i, ret;

	if (icc_stuck)
		return -EDEADLK;

	f = kzalloc(sizeof(*f), GFP_KERNEL);
	if (!f)
		return -ENOMEM;

	for (i = 0; i < NUM_GATES; i++) {
		init_completion(&f->gates[i].entered);
		init_completion(&f->gates[i].opened);
	}

	f->dev = root_device_register("icc-reclaim-test");
	if (IS_ERR(f->dev)) {
		ret = PTR_ERR(f->dev);
		goto err_free;
	}
	f->dev->of_node = &f->np;

	f->provider.dev = f->dev;
	f->provider.data = f;
	f->provider.set = fixture_set;
	f->provider.aggregate = fixture_aggregate;
	f->provider.get_bw = fixture_get_bw;
	f->provider.xlate = fixture_xlate;
	icc_provider_init(&f->provider);
	ret = icc_provider_register(&f->provider);
	if (ret)
		goto err_device;

	for (i = CPU; i < SPARE; i++) {
		f->nodes[i] = fixture_add_node(f, i);
		if (IS_ERR(f->nodes[i])) {
			ret = PTR_ERR(f->nodes[i]);
			goto err_provider;
		}
	}

	ret = icc_link_create(f->nodes[CPU], FIRST_ID + BUS) ?:
	      icc_link_create(f->nodes[GPU], FIRST_ID + BUS) ?:
	      icc_link_create(f->nodes[BUS], FIRST_ID + DDR);
	if (ret)
		goto err_provider;

	f->cpu_path = fixture_get(f, CPU, DDR);
	if (IS_ERR(f->cpu_path)) {
		ret = PTR_ERR(f->cpu_path);
		goto err_provider;
	}

	test->priv = f;
	return 0;

err_provider:
	icc_provider_deregister(&f->provider);
	icc_nodes_remove(&f->provider);
err_device:
	f->dev->of_node = NULL;
	root_device_unregister(f->dev);
err_free:
	kfree(f);
	return ret;
}

static void icc_reclaim_test_exit(struct kunit *test)
{
	struct icc_fixture *f = test->priv;

	/* a thread that is stuck in there may come back to all of it */
	if (!f || icc_stuck)
		return;

	if (!IS_ERR_OR_NULL(f->gpu_path))
		icc_put(f->gpu_path);
	if (!IS_ERR_OR_NULL(f->cpu_path))
		icc_put(f->cpu_path);
	KUNIT_EXPECT_EQ(test, f->provider.users, 0);
	icc_provider_deregister(&f->provider);
	icc_nodes_remove(&f->provider);
	f->dev->of_node = NULL;
	root_device_unregister(f->dev);
	kfree(f);
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
	.init = icc_reclaim_test_init,
	.exit = icc_reclaim_test_exit,
	.test_cases = icc_reclaim_test_cases,
};

kunit_test_suite(icc_reclaim_test_suite);
