/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A GPU for KUnit tests that is nothing but memory, with everything that a
 * submit touches. What is real: the ioctl, the scheduler, the job ops, the
 * queues and the retire worker.
 */

#ifndef __MSM_KUNIT_GPU_H__
#define __MSM_KUNIT_GPU_H__

#include <kunit/test.h>
#include <linux/platform_device.h>
#include <linux/pm_runtime.h>
#include <linux/version.h>

#include "msm_drv.h"
#include "msm_fence.h"
#include "msm_gem.h"
#include "msm_gpu.h"
#include "msm_ringbuffer.h"

#if LINUX_VERSION_CODE >= KERNEL_VERSION(7, 0, 0)
#define msm_file_private msm_context
#define msm_file_private_get msm_context_get
#define msm_file_private_put msm_context_put
#endif

#define TEST_TIMEOUT (2 * HZ)
#define TEST_MAX_JOBS 8

/* The GPU, and a file that submits to it. The ring takes one job at a time. */
struct submit_test {
	struct platform_device *pdev;
	struct drm_device *drm;
	struct msm_drm_private *priv;
	struct msm_gpu *gpu;
	struct msm_ringbuffer *ring;
	struct msm_rbmemptrs *memptrs;
	struct drm_file *file;
	struct msm_file_private *ctx;
	struct drm_sched_backend_ops ops;
	u32 queue_id;
	/* The GPU's power, and whether it comes up: */
	struct dev_pm_domain pm_domain;
	int resume_error;
	bool stopped;
	bool tainted;
	int locks_checked;

	/* What run_job returned, in order, with a reference of our own: */
	struct dma_fence *hw[TEST_MAX_JOBS];
	atomic_t nr_run, nr_run_powered;
};

/* Wait for what a thread of the scheduler or of RCU is to do. */
#define submit_test_wait(cond) ({					\
	unsigned long end_ = jiffies + TEST_TIMEOUT;			\
									\
	while (!(cond) && time_before(jiffies, end_))			\
		schedule_timeout_uninterruptible(1);			\
	(cond);								\
})

int submit_test_init(struct kunit *test);
void submit_test_exit(struct kunit *test);
void submit_test_close(struct submit_test *t);
void submit_test_stop(struct submit_test *t);
void submit_test_unbind(struct submit_test *t);
int submit_test_submit(struct submit_test *t, u32 flags,
		       struct drm_msm_gem_submit *args);
struct dma_fence *submit_test_fd(struct kunit *test);
bool submit_test_ran(struct submit_test *t, int nr);
void submit_test_hw_done(struct submit_test *t);
bool submit_test_fence_held(struct dma_fence *fence, unsigned int nr);
struct msm_gpu_submitqueue *submit_test_queue(struct submit_test *t);

#endif /* __MSM_KUNIT_GPU_H__ */
