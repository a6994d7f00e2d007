// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the KUnit tests of the interconnect core's locks stand on.
 */
#include <linux/debug_locks.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/interconnect.h>
#include <linux/kthread.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/version.h>

#include "icc-reclaim.h"
#include "internal.h"

static const char * const node_names[NUM_NODES] = {
	[CPU] = "icc-reclaim-cpu",
	[GPU] = "icc-reclaim-gpu",
	[BUS] = "icc-reclaim-bus",
	[DDR] = "icc-reclaim-ddr",
	[SPARE] = "icc-reclaim-spare",
};

bool icc_stuck;

/* Lockdep was at work when the suite began */
static bool lockdep_was_on;

static bool lockdep_is_on(void)
{
	return IS_ENABLED(CONFIG_PROVE_LOCKING) && debug_locks;
}

/**
 * icc_fixture_suite_init() - note whether lockdep is at work
 * @suite: the suite
 */
int icc_fixture_suite_init(struct kunit_suite *suite)
{
	lockdep_was_on = lockdep_is_on();
	return 0;
}

/**
 * icc_need_lockdep() - skip the test if it cannot be done without lockdep
 * @test: the test; it fails if lockdep objected to what the suite did so far
 */
void icc_need_lockdep(struct kunit *test)
{
	if (!lockdep_was_on)
		kunit_skip(test, "lockdep is off");

	KUNIT_ASSERT_TRUE_MSG(test, lockdep_is_on(), "lockdep objected, see above");
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

/**
 * icc_drop_leaked_bw_lock() - release icc_bw_lock if this thread has it
 *
 * Undoes what a core that forgets to unlock did, so that the rest is tested too.
 *
 * Return: whether it had it; false where lockdep is not there to tell.
 */
bool icc_drop_leaked_bw_lock(void)
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

/**
 * icc_taken_in_reclaim() - does lockdep know that reclaim takes a lock?
 * @map: the lock
 */
bool icc_taken_in_reclaim(struct lockdep_map *map)
{
	return names_lock(&map->class_cache[0]->locks_before, "fs_reclaim");
}

/**
 * icc_reclaims_under() - did lockdep see reclaim being entered under a lock?
 * @map: the lock
 */
bool icc_reclaims_under(struct lockdep_map *map)
{
	return names_lock(&map->class_cache[0]->locks_after, "fs_reclaim");
}
#else
static struct lockdep_map *held_map(const char *name) { return NULL; }
bool icc_drop_leaked_bw_lock(void) { return false; }
bool icc_taken_in_reclaim(struct lockdep_map *map) { return false; }
bool icc_reclaims_under(struct lockdep_map *map) { return false; }
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

/* What adds a node has both locks, what sets bandwidth only the second one */
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

/* How the bases differ: nodes got names to ask for, and a const */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 12, 0)
#define icc_const
#define path_end(end) (FIRST_ID + (end))
#else
#define icc_const const
#define path_end(end) node_names[end]
#endif

static struct icc_node *fixture_xlate(icc_const struct of_phandle_args *spec,
				      void *data)
{
	struct icc_fixture *f = data;

	gate_pass(f, AT_XLATE);

	return f->nodes[CPU];
}

/**
 * icc_fixture_get() - get a path, as this base's icc_get() wants it
 * @f: the fixture
 * @src: the node that it starts from
 * @dst: the node that it ends at
 */
struct icc_path *icc_fixture_get(struct icc_fixture *f, int src, int dst)
{
	return icc_get(f->dev, path_end(src), path_end(dst));
}

/**
 * icc_fixture_add_node() - make a node and add it to the provider
 * @f: the fixture
 * @i: which of its nodes
 */
struct icc_node *icc_fixture_add_node(struct icc_fixture *f, int i)
{
	struct icc_node *node = icc_node_create(FIRST_ID + i);

	if (!IS_ERR(node)) {
		node->name = node_names[i];
		icc_node_add(node, &f->provider);
	}

	return node;
}

static int job_thread(void *data)
{
	struct icc_job *job = data;

	job->ret = job->fn(job);
	complete(&job->done);

	return 0;
}

/**
 * icc_job_start() - do something in a thread of its own
 * @test: the test, which has a fixture
 * @fn: what to do
 * @path: what to do it to
 *
 * Return: the job, to be given to icc_job_finish().
 */
struct icc_job *icc_job_start(struct kunit *test, int (*fn)(struct icc_job *job),
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

/**
 * icc_job_done_within() - wait for a job, but not for long
 * @job: the job
 * @ms: for how long
 */
bool icc_job_done_within(struct icc_job *job, unsigned int ms)
{
	if (!wait_for_completion_timeout(&job->done, msecs_to_jiffies(ms)))
		return false;

	/* for whoever asks again */
	complete(&job->done);
	return true;
}

/**
 * icc_job_finish() - wait for a job to end, and fail the test if it does not
 * @test: the test
 * @job: the job; one that does not end keeps all that it may still touch
 * @ret: what it must have returned
 */
void icc_job_finish(struct kunit *test, struct icc_job *job, int ret)
{
	if (!icc_job_done_within(job, TOO_LATE_MS)) {
		icc_stuck = true;
		KUNIT_FAIL(test, "a thread waits for a lock that is not released");
		return;
	}

	KUNIT_EXPECT_EQ(test, job->ret, ret);
	kfree(job);
}

/**
 * icc_fixture_xlate() - a job: look the provider up, under icc_lock
 * @job: the job
 */
int icc_fixture_xlate(struct icc_job *job)
{
	struct of_phandle_args spec = { .np = &job->f->np };
	struct icc_node_data *data = of_icc_get_from_provider(&spec);

	if (IS_ERR(data))
		return PTR_ERR(data);

	kfree(data);
	return 0;
}

/**
 * icc_fixture_set_bw() - a job: set bandwidth, under icc_bw_lock
 * @job: the job
 */
int icc_fixture_set_bw(struct icc_job *job)
{
	return icc_set_bw(job->path, 100, 200);
}

/**
 * icc_hold() - hold a lock, by running what calls back under it up to a gate
 * @test: the test
 * @at: the gate: AT_XLATE for icc_lock, AT_AGGREGATE for icc_bw_lock
 * @path: what to set bandwidth on, for AT_AGGREGATE
 *
 * Return: the job, to be given to icc_release().
 */
struct icc_job *icc_hold(struct kunit *test, int at, struct icc_path *path)
{
	struct icc_fixture *f = test->priv;
	struct icc_job *job;
	unsigned long left;

	gate_close(f, at);
	job = icc_job_start(test, at == AT_XLATE ? icc_fixture_xlate : icc_fixture_set_bw, path);
	left = wait_for_completion_timeout(&f->gates[at].entered,
					   msecs_to_jiffies(TOO_LATE_MS));
	if (!left)
		icc_stuck = true;
	KUNIT_ASSERT_NE_MSG(test, left, 0UL, "the lock cannot be had");

	return job;
}

/**
 * icc_release() - let the holder of a lock go on, and end
 * @test: the test
 * @at: the gate
 * @job: the job that icc_hold() started
 */
void icc_release(struct kunit *test, int at, struct icc_job *job)
{
	gate_open(test->priv, at);
	icc_job_finish(test, job, 0);
}

/**
 * icc_fixture_init() - make the provider, its nodes and a path
 * @test: the test, whose priv becomes the fixture
 *
 * Return: 0, or an error if there is no point in running the test.
 */
int icc_fixture_init(struct kunit *test)
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
		f->nodes[i] = icc_fixture_add_node(f, i);
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

	f->cpu_path = icc_fixture_get(f, CPU, DDR);
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

/**
 * icc_fixture_exit() - take down what icc_fixture_init() made
 * @test: the test
 */
void icc_fixture_exit(struct kunit *test)
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
	KUNIT_EXPECT_FALSE_MSG(test, f->no_bw_lock,
			       "a callback ran without icc_bw_lock");
	icc_provider_deregister(&f->provider);
	icc_nodes_remove(&f->provider);
	f->dev->of_node = NULL;
	root_device_unregister(f->dev);
	kfree(f);
}

