// SPDX-License-Identifier: GPL-2.0-only
/*
 * A switch that makes the worst case the only one: each allocation that may enter
 * direct reclaim runs all shrinkers first, as it would when memory is short.
 *
 * In debugfs/vadreno_reclaim:
 *   mode            0 off, 1 watch run_job(), 2 run the shrinkers as well
 *   run_job_allocs  how many such allocations run_job() made, since it was set to 0
 *   run_job_max_us  the longest run_job()
 *   qos             make as many devices with a PM QoS request as is written, one
 *                   after the other, as a hub does when things are plugged in
 *   domain          the same with devices in a power domain that heeds such requests
 */

#include <linux/debugfs.h>
#include <linux/err.h>
#include <linux/ktime.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/platform_device.h>
#include <linux/pm_domain.h>
#include <linux/pm_qos.h>
#include <linux/preempt.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/spinlock.h>

#include "../msm_gpu.h"
#include "vadreno.h"

/* Called by the slab and the page allocator before each allocation, if it is set. */
void (*vadreno_alloc_hook)(gfp_t gfp);

/* A task that is in run_job(). */
struct running {
	struct list_head node;
	struct task_struct *task;
};

static LIST_HEAD(all_running);
static DEFINE_RAW_SPINLOCK(running_lock);	/* a leaf; guards what follows too */
static u64 run_job_allocs;
static u64 run_job_max_us;

static bool shrink;

static bool may_reclaim(gfp_t gfp)
{
	const gfp_t all = __GFP_DIRECT_RECLAIM | __GFP_IO | __GFP_FS;

	return (current_gfp_context(gfp) & all) == all &&
	       !(current->flags & PF_MEMALLOC) && !in_interrupt() &&
	       !irqs_disabled();
}

static void count_if_running(void)
{
	struct running *r;
	unsigned long flags;

	raw_spin_lock_irqsave(&running_lock, flags);
	list_for_each_entry(r, &all_running, node)
		run_job_allocs += r->task == current;
	raw_spin_unlock_irqrestore(&running_lock, flags);
}

static void alloc_hook(gfp_t gfp)
{
	unsigned int flags;

	if (!may_reclaim(gfp))
		return;
	count_if_running();
	if (!READ_ONCE(shrink))
		return;
	/* As reclaim is, for lockdep: it is told nothing with PF_MEMALLOC. */
	fs_reclaim_acquire(GFP_KERNEL);
	flags = memalloc_noreclaim_save();
	drop_slab();
	memalloc_noreclaim_restore(flags);
	fs_reclaim_release(GFP_KERNEL);
}

/* What the driver gave the scheduler, and the same with our run_job(). */
static const struct drm_sched_backend_ops *driver_ops;
static struct drm_sched_backend_ops watched_ops;

static struct dma_fence *watched_run_job(struct drm_sched_job *job)
{
	struct running r = { .task = current };
	ktime_t start = ktime_get();
	struct dma_fence *fence;
	unsigned long flags;

	raw_spin_lock_irqsave(&running_lock, flags);
	list_add(&r.node, &all_running);
	raw_spin_unlock_irqrestore(&running_lock, flags);

	fence = driver_ops->run_job(job);

	raw_spin_lock_irqsave(&running_lock, flags);
	list_del(&r.node);
	run_job_max_us = max_t(u64, run_job_max_us,
			       ktime_us_delta(ktime_get(), start));
	raw_spin_unlock_irqrestore(&running_lock, flags);
	return fence;
}

/* Not beside unbind, which frees the rings. */
static int watch(bool on)
{
	struct device_driver *drv = driver_find("adreno", &platform_bus_type);
	struct device *dev = drv ? driver_find_next_device(drv, NULL) : NULL;
	struct msm_gpu *gpu = dev ? dev_to_gpu(dev) : NULL;
	int i;

	for (i = 0; gpu && i < gpu->nr_rings; i++) {
		struct drm_gpu_scheduler *sched = &gpu->rb[i]->sched;

		if (on && sched->ops != &watched_ops) {
			driver_ops = sched->ops;
			watched_ops = *driver_ops;
			watched_ops.run_job = watched_run_job;
			WRITE_ONCE(sched->ops, &watched_ops);
		} else if (!on && sched->ops == &watched_ops) {
			WRITE_ONCE(sched->ops, driver_ops);
		}
	}
	put_device(dev);
	return gpu || !on ? 0 : -ENODEV;
}

static int mode_get(void *data, u64 *value)
{
	*value = READ_ONCE(vadreno_alloc_hook) ? READ_ONCE(shrink) + 1 : 0;
	return 0;
}

static int mode_set(void *data, u64 value)
{
	int ret;

	if (value > 2)
		return -EINVAL;
	ret = watch(value);
	if (ret)
		return ret;
	WRITE_ONCE(shrink, value == 2);
	WRITE_ONCE(vadreno_alloc_hook, value ? alloc_hook : NULL);
	return 0;
}
DEFINE_DEBUGFS_ATTRIBUTE(mode_fops, mode_get, mode_set, "%llu\n");

static int qos_set(void *data, u64 value)
{
	struct platform_device *pdev;

	for (; value && !fatal_signal_pending(current); value--) {
		pdev = platform_device_register_simple("vadreno-qos",
						       PLATFORM_DEVID_AUTO,
						       NULL, 0);
		if (IS_ERR(pdev))
			return PTR_ERR(pdev);
		dev_pm_qos_expose_latency_limit(&pdev->dev, 100);
		platform_device_unregister(pdev);
	}
	return 0;
}
DEFINE_DEBUGFS_ATTRIBUTE(qos_fops, NULL, qos_set, "%llu\n");

/* A governor is what makes a domain take its lock when a request changes. */
static struct generic_pm_domain qos_domain = { .name = "vadreno-qos" };

static int domain_one(void)
{
	struct platform_device *pdev;
	int ret;

	pdev = platform_device_register_simple("vadreno-qos", PLATFORM_DEVID_AUTO,
					       NULL, 0);
	if (IS_ERR(pdev))
		return PTR_ERR(pdev);
	ret = pm_genpd_add_device(&qos_domain, &pdev->dev);
	if (!ret) {
		ret = dev_pm_qos_expose_latency_limit(&pdev->dev, 100);
		pm_genpd_remove_device(&pdev->dev);
	}
	platform_device_unregister(pdev);
	return ret;
}

static int domain_set(void *data, u64 value)
{
	int ret = 0;

	for (; value && !ret && !fatal_signal_pending(current); value--)
		ret = domain_one();
	return ret;
}
DEFINE_DEBUGFS_ATTRIBUTE(domain_fops, NULL, domain_set, "%llu\n");

static int __init vadreno_reclaim_init(void)
{
	int ret = pm_genpd_init(&qos_domain, &simple_qos_governor, true);
	struct dentry *dir = debugfs_create_dir("vadreno_reclaim", NULL);

	debugfs_create_file_unsafe("mode", 0600, dir, NULL, &mode_fops);
	debugfs_create_file_unsafe("qos", 0200, dir, NULL, &qos_fops);
	if (!ret)
		debugfs_create_file_unsafe("domain", 0200, dir, NULL, &domain_fops);
	debugfs_create_u64("run_job_allocs", 0600, dir, &run_job_allocs);
	debugfs_create_u64("run_job_max_us", 0600, dir, &run_job_max_us);
	return ret;
}
late_initcall(vadreno_reclaim_init);
