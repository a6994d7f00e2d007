/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the KUnit tests of the interconnect core's locks stand on: a provider
 * whose callbacks can be made to wait, and threads that may get stuck.
 */
#ifndef __DRIVERS_INTERCONNECT_ICC_RECLAIM_H
#define __DRIVERS_INTERCONNECT_ICC_RECLAIM_H

#include <kunit/test.h>
#include <linux/atomic.h>
#include <linux/completion.h>
#include <linux/interconnect-provider.h>
#include <linux/lockdep.h>
#include <linux/of.h>

struct icc_path;

/* How long a thread is given to do what it must not, and what it must do */
#define TOO_SOON_MS	50
#define TOO_LATE_MS	5000

/* Far from the ids of real providers, below those that are dynamic */
#define FIRST_ID	97000

enum { CPU, GPU, BUS, DDR, SPARE, NUM_NODES };

/* Where a callback may be made to wait, and with which lock held */
enum { AT_XLATE, AT_AGGREGATE, NUM_GATES };

/**
 * struct icc_gate - where a callback waits until the test lets it go on
 * @closed: the next one who comes waits
 * @entered: somebody waits
 * @opened: they may go on
 */
struct icc_gate {
	atomic_t closed;
	struct completion entered;
	struct completion opened;
};

/**
 * struct icc_fixture - a provider, and paths from its CPU and GPU to its DDR
 * @provider: the provider
 * @dev: its device, and the consumer of all paths
 * @np: the device's node, to find the provider by
 * @nodes: its nodes; SPARE is left to the tests
 * @cpu_path: path from CPU to DDR
 * @gpu_path: path from GPU to DDR, if a test got it
 * @gates: where the callbacks may be made to wait
 * @bw_map: icc_bw_lock as lockdep knows it, once a callback ran
 * @init_bw: what get_bw() says
 * @failing_sets: so many calls of set() fail
 * @sets: so many calls of set() there were
 * @no_bw_lock: a callback ran without icc_bw_lock
 * @icc_lock_too: a callback ran with icc_lock
 */
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

/**
 * struct icc_job - a thread that does one thing and may get stuck
 * @f: the fixture
 * @fn: what it does
 * @path: what it does it to
 * @ret: how it went
 * @done: it is through
 */
struct icc_job {
	struct icc_fixture *f;
	int (*fn)(struct icc_job *job);
	struct icc_path *path;
	int ret;
	struct completion done;
};

/* A thread is stuck in the core for good: nothing can be tested any more */
extern bool icc_stuck;

int icc_fixture_suite_init(struct kunit_suite *suite);
void icc_need_lockdep(struct kunit *test);
bool icc_drop_leaked_bw_lock(void);
bool icc_taken_in_reclaim(struct lockdep_map *map);
bool icc_reclaims_under(struct lockdep_map *map);

struct icc_path *icc_fixture_get(struct icc_fixture *f, int src, int dst);
struct icc_node *icc_fixture_add_node(struct icc_fixture *f, int i);
int icc_fixture_xlate(struct icc_job *job);
int icc_fixture_set_bw(struct icc_job *job);
int icc_fixture_init(struct kunit *test);
void icc_fixture_exit(struct kunit *test);

struct icc_job *icc_job_start(struct kunit *test, int (*fn)(struct icc_job *job),
			      struct icc_path *path);
bool icc_job_done_within(struct icc_job *job, unsigned int ms);
void icc_job_finish(struct kunit *test, struct icc_job *job, int ret);

struct icc_job *icc_hold(struct kunit *test, int at, struct icc_path *path);
void icc_release(struct kunit *test, int at, struct icc_job *job);

#endif
