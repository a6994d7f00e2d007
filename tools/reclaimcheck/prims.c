// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the analysis knows by name. With PROVE_LOCKING the allocators call
 * fs_reclaim_acquire() and the fence waits __dma_fence_might_wait() themselves,
 * so there is no list of allocators here, but for those that allocate far away
 * from their interface (P_ALLOC): a report there says what matters.
 */
#include <stdlib.h>

#include "program.h"

/* Sorted by name, for bsearch(). */
static const struct prim prims[] = {
#define LOCK(n, s, w)	{ .name = #n, .op = P_LOCK, .sub = s, .when = w }
#define TRY(n)		{ .name = #n, .op = P_TRYLOCK, .when = W_NONZERO }
#define UNLOCK(n)	{ .name = #n, .op = P_UNLOCK }
#define DEPTH(n, d)	{ .name = #n, .op = P_ATOMIC, .delta = d }
#define DEPTH_IF(n)	{ .name = #n, .op = P_ATOMIC, .delta = 1, .when = W_NONZERO }
#define ALLOC(n)	{ .name = #n, .op = P_ALLOC }
#define SAFE(n)		{ .name = #n, .op = P_SAFE }
#define FLUSH(n)	{ .name = #n, .op = P_FLUSH }
#define NCALL(n)	{ .name = #n, .op = P_NCALL }
#define NREG(n)		{ .name = #n, .op = P_NREG }
#define OP(n, o, a, d)	{ .name = #n, .op = o, .lock = a, .delta = d }
	SAFE(___drm_dbg),
	/* How it reclaims: that it does so is said before, by might_alloc(). */
	SAFE(__alloc_pages_slowpath),
	SAFE(__blk_flush_plug),
	OP(__dma_fence_might_wait, P_WAIT, 0, 0),
	SAFE(__drm_dev_dbg),
	SAFE(__drm_err),
	SAFE(__dynamic_dev_dbg),
	SAFE(__folio_put),
	SAFE(__free_pages),
	SAFE(__kfree),
	DEPTH(__local_bh_disable_ip, 1),
	DEPTH(__local_bh_enable_ip, -1),
	OP(__pm_runtime_resume, P_RPM, 0, 0),
	DEPTH(__preempt_count_add, 1),
	DEPTH(__preempt_count_dec_and_test, -1),
	DEPTH(__preempt_count_sub, -1),
	SAFE(__queue_work),
	DEPTH(__rcu_read_lock, 1),
	DEPTH(__rcu_read_unlock, -1),
	SAFE(__request_region),
	SAFE(__schedule),
	SAFE(__wake_up),
	/* Functions of wait queue entries run with the queue's spin lock held. */
	SAFE(__wake_up_common),
	SAFE(__warn_printk),
	SAFE(_dev_err),
	SAFE(_dev_info),
	SAFE(_dev_notice),
	SAFE(_dev_printk),
	SAFE(_dev_warn),
	LOCK(_down_write_nest_lock, 0, W_ALWAYS),
	LOCK(_mutex_lock_killable, 2, W_ZERO),
	LOCK(_mutex_lock_nest_lock, 0, W_ALWAYS),
	TRY(_mutex_trylock_nest_lock),
	SAFE(_printk),
	SAFE(_printk_deferred),
	DEPTH(_raw_read_lock, 1),
	DEPTH(_raw_read_lock_bh, 1),
	DEPTH(_raw_read_lock_irq, 1),
	DEPTH(_raw_read_lock_irqsave, 1),
	DEPTH_IF(_raw_read_trylock),
	DEPTH(_raw_read_unlock, -1),
	DEPTH(_raw_read_unlock_bh, -1),
	DEPTH(_raw_read_unlock_irq, -1),
	DEPTH(_raw_read_unlock_irqrestore, -1),
	DEPTH(_raw_spin_lock, 1),
	DEPTH(_raw_spin_lock_bh, 1),
	DEPTH(_raw_spin_lock_irq, 1),
	DEPTH(_raw_spin_lock_irqsave, 1),
	DEPTH(_raw_spin_lock_irqsave_nested, 1),
	DEPTH(_raw_spin_lock_nest_lock, 1),
	DEPTH(_raw_spin_lock_nested, 1),
	DEPTH_IF(_raw_spin_trylock),
	DEPTH_IF(_raw_spin_trylock_bh),
	DEPTH_IF(_raw_spin_trylock_irq),
	DEPTH_IF(_raw_spin_trylock_irqsave),
	DEPTH(_raw_spin_unlock, -1),
	DEPTH(_raw_spin_unlock_bh, -1),
	DEPTH(_raw_spin_unlock_irq, -1),
	DEPTH(_raw_spin_unlock_irqrestore, -1),
	DEPTH(_raw_write_lock, 1),
	DEPTH(_raw_write_lock_bh, 1),
	DEPTH(_raw_write_lock_irq, 1),
	DEPTH(_raw_write_lock_irqsave, 1),
	DEPTH(_raw_write_lock_nested, 1),
	DEPTH_IF(_raw_write_trylock),
	DEPTH(_raw_write_unlock, -1),
	DEPTH(_raw_write_unlock_bh, -1),
	DEPTH(_raw_write_unlock_irq, -1),
	DEPTH(_raw_write_unlock_irqrestore, -1),
	SAFE(add_taint),
	SAFE(atomic_notifier_call_chain),
	SAFE(bio_endio),
	NCALL(blocking_notifier_call_chain),
	NCALL(blocking_notifier_call_chain_robust),
	NREG(blocking_notifier_chain_register),
	SAFE(call_rcu),
	FLUSH(cancel_delayed_work_sync),
	FLUSH(cancel_work_sync),
	SAFE(complete),
	SAFE(complete_all),
	ALLOC(dev_coredumpv),
	SAFE(dev_err_probe),
	SAFE(dev_printk_emit),
	ALLOC(device_add),
	ALLOC(device_link_add),
	OP(dma_fence_begin_signalling, P_SIGNAL, 0, 1),
	OP(dma_fence_end_signalling, P_SIGNAL, 0, -1),
	SAFE(dma_fence_signal),
	SAFE(dma_fence_signal_locked),
	SAFE(dma_free_attrs),
	LOCK(down, 0, W_ALWAYS),
	LOCK(down_interruptible, 0, W_ZERO),
	LOCK(down_killable, 0, W_ZERO),
	LOCK(down_read, 0, W_ALWAYS),
	LOCK(down_read_interruptible, 0, W_ZERO),
	LOCK(down_read_killable, 0, W_ZERO),
	LOCK(down_read_killable_nested, 2, W_ZERO),
	LOCK(down_read_nested, 2, W_ALWAYS),
	TRY(down_read_trylock),
	{ .name = "down_trylock", .op = P_TRYLOCK, .when = W_ZERO },
	LOCK(down_write, 0, W_ALWAYS),
	LOCK(down_write_killable, 0, W_ZERO),
	LOCK(down_write_killable_nested, 2, W_ZERO),
	LOCK(down_write_nested, 2, W_ALWAYS),
	TRY(down_write_trylock),
	SAFE(drm_dev_printk),
	SAFE(dump_stack),
	SAFE(dynamic_dev_dbg),
	FLUSH(flush_delayed_work),
	FLUSH(flush_work),
	SAFE(fput),
	SAFE(free_pages),
	SAFE(free_percpu),
	OP(fs_reclaim_acquire, P_RECLAIM, 0, 0),
	SAFE(fs_reclaim_release),
	/* Reclaim itself calls these. */
	SAFE(io_schedule),
	SAFE(io_schedule_timeout),
	ALLOC(ioremap),
	ALLOC(ioremap_prot),
	SAFE(iounmap),
	SAFE(kfree),
	SAFE(kfree_const),
	SAFE(kmem_cache_destroy),
	SAFE(kmem_cache_free),
	FLUSH(kthread_cancel_delayed_work_sync),
	FLUSH(kthread_cancel_work_sync),
	ALLOC(kthread_create_on_node),
	FLUSH(kthread_flush_work),
	ALLOC(kthread_run_worker),
	SAFE(kvfree),
	SAFE(kvfree_call_rcu),
	SAFE(lockdep_init_map_type),
	/* vmalloc() has what it cannot hand the flags to do as they say. */
	OP(memalloc_apply_gfp_scope, P_SCOPE, 0, 1),
	OP(memalloc_noreclaim_restore, P_SCOPE, 0, -1),
	OP(memalloc_noreclaim_save, P_SCOPE, 0, 1),
	OP(memalloc_restore_scope, P_SCOPE, 0, -1),
	SAFE(memunmap),
	LOCK(mutex_lock, 0, W_ALWAYS),
	LOCK(mutex_lock_interruptible, 0, W_ZERO),
	LOCK(mutex_lock_interruptible_nested, 2, W_ZERO),
	LOCK(mutex_lock_io, 0, W_ALWAYS),
	LOCK(mutex_lock_io_nested, 2, W_ALWAYS),
	LOCK(mutex_lock_killable, 0, W_ZERO),
	LOCK(mutex_lock_killable_nested, 2, W_ZERO),
	LOCK(mutex_lock_nested, 2, W_ALWAYS),
	TRY(mutex_trylock),
	UNLOCK(mutex_unlock),
	SAFE(panic),
	ALLOC(platform_device_register_full),
	SAFE(pm_wakeup_dev_event),
	SAFE(preempt_schedule),
	SAFE(preempt_schedule_notrace),
	SAFE(print_tainted),
	SAFE(put_page),
	SAFE(queue_delayed_work_on),
	SAFE(queue_work_on),
	NCALL(raw_notifier_call_chain),
	NCALL(raw_notifier_call_chain_robust),
	NREG(raw_notifier_chain_register),
	DEPTH(rcu_read_lock, 1),
	DEPTH(rcu_read_unlock, -1),
	SAFE(release_pages),
	ALLOC(request_firmware),
	ALLOC(request_firmware_direct),
	ALLOC(request_firmware_into_buf),
	ALLOC(request_threaded_irq),
	LOCK(rt_mutex_lock, 0, W_ALWAYS),
	LOCK(rt_mutex_lock_interruptible, 0, W_ZERO),
	LOCK(rt_mutex_lock_nested, 2, W_ALWAYS),
	TRY(rt_mutex_trylock),
	UNLOCK(rt_mutex_unlock),
	SAFE(schedule),
	SAFE(schedule_timeout),
	SAFE(scnprintf),
	SAFE(sg_free_table),
	SAFE(snprintf),
	SAFE(sprintf),
	NCALL(srcu_notifier_call_chain),
	NREG(srcu_notifier_chain_register),
	SAFE(submit_bio),
	SAFE(synchronize_rcu),
	SAFE(synchronize_srcu),
	SAFE(try_to_free_pages),
	UNLOCK(up),
	UNLOCK(up_read),
	UNLOCK(up_write),
	SAFE(vfree),
	SAFE(vprintk),
	SAFE(vprintk_emit),
	SAFE(vscnprintf),
	SAFE(vsnprintf),
	SAFE(vsprintf),
	SAFE(vunmap),
	SAFE(wake_up_process),
	SAFE(warn_slowpath_fmt),
	/* Of those that ask for WQ_SYSFS, which are made and destroyed with a driver. */
	SAFE(workqueue_sysfs_register),
	SAFE(workqueue_sysfs_unregister),
	LOCK(ww_mutex_lock, 0, W_ZERO),
	LOCK(ww_mutex_lock_interruptible, 0, W_ZERO),
	TRY(ww_mutex_trylock),
	UNLOCK(ww_mutex_unlock),
};

/* What takes a lock, and which argument is which, for the order of all locks. */
static const struct prim every[] = {
#define SPIN(n, s)	{ .name = #n, .op = P_LOCK, .sub = s }
	OP(__pm_runtime_resume, P_RPM, 0, 0),
	SPIN(_raw_read_lock, 0),
	SPIN(_raw_read_lock_bh, 0),
	SPIN(_raw_read_lock_irq, 0),
	SPIN(_raw_read_lock_irqsave, 0),
	TRY(_raw_read_trylock),
	UNLOCK(_raw_read_unlock),
	UNLOCK(_raw_read_unlock_bh),
	UNLOCK(_raw_read_unlock_irq),
	UNLOCK(_raw_read_unlock_irqrestore),
	SPIN(_raw_spin_lock, 0),
	SPIN(_raw_spin_lock_bh, 0),
	SPIN(_raw_spin_lock_irq, 0),
	SPIN(_raw_spin_lock_irqsave, 0),
	SPIN(_raw_spin_lock_irqsave_nested, 0),
	SPIN(_raw_spin_lock_nest_lock, 0),
	SPIN(_raw_spin_lock_nested, 0),
	TRY(_raw_spin_trylock),
	TRY(_raw_spin_trylock_bh),
	TRY(_raw_spin_trylock_irq),
	TRY(_raw_spin_trylock_irqsave),
	UNLOCK(_raw_spin_unlock),
	UNLOCK(_raw_spin_unlock_bh),
	UNLOCK(_raw_spin_unlock_irq),
	UNLOCK(_raw_spin_unlock_irqrestore),
	SPIN(_raw_write_lock, 0),
	SPIN(_raw_write_lock_bh, 0),
	SPIN(_raw_write_lock_irq, 0),
	SPIN(_raw_write_lock_irqsave, 0),
	SPIN(_raw_write_lock_nested, 0),
	TRY(_raw_write_trylock),
	UNLOCK(_raw_write_unlock),
	UNLOCK(_raw_write_unlock_bh),
	UNLOCK(_raw_write_unlock_irq),
	UNLOCK(_raw_write_unlock_irqrestore),
	SPIN(lock_acquire, 0),
	UNLOCK(lock_release),
};

static int by_name(const void *key, const void *item)
{
	return strcmp(key, ((const struct prim *)item)->name);
}

const struct prim *prim_find(const char *name)
{
	return bsearch(name, prims, sizeof(prims) / sizeof(*prims),
		       sizeof(*prims), by_name);
}

const struct prim *prim_find_lock(const char *name)
{
	const struct prim *p = bsearch(name, every, sizeof(every) / sizeof(*every),
				       sizeof(*every), by_name);

	if (p)
		return p;
	p = prim_find(name);
	return p && (p->op == P_LOCK || p->op == P_TRYLOCK || p->op == P_UNLOCK) ? p : NULL;
}

static size_t dir_len(const char *file)
{
	const char *slash = strrchr(file, '/');

	return slash ? (size_t)(slash - file) : 0;
}

/* drivers/gpu/drm/msm of drivers/gpu/drm/msm/adreno/a6xx_gpu.c */
static size_t driver_len(const char *file)
{
	static const char *const deep[] = { "drivers/gpu/drm/", "drivers/accel/" };
	size_t len = dir_len(file);

	for (size_t i = 0; i < sizeof(deep) / sizeof(*deep); i++) {
		size_t n = strlen(deep[i]);

		if (!strncmp(file, deep[i], n)) {
			const char *slash = strchr(file + n, '/');

			return slash ? (size_t)(slash - file) : len;
		}
	}
	return len;
}

bool same_driver(const char *a, const char *b)
{
	size_t n = driver_len(a);

	return n && n == driver_len(b) && !strncmp(a, b, n);
}

bool qualcomm(const char *file)
{
	return strstr(file, "/msm/") || strstr(file, "qcom");
}

/* Qualcomm's GPU is fed by Qualcomm's clocks, not by a codec's. */
bool supplies(const char *driver, const char *supplier)
{
	static const char *const qcom[] = {
		"qcom", "msm", "/rpmh", "arm-smmu", "smd", "clk-fixed", "clk-mux",
		"clk-divider", "clk-gate", "drivers/base/power/",
		"drivers/devfreq/devfreq.c", "drivers/devfreq/governor_simpleondemand.c",
		"drivers/pmdomain/core", "drivers/regulator/fixed",
	};

	if (same_driver(driver, supplier))
		return true;
	if (!qualcomm(driver))
		return false;
	for (size_t i = 0; i < sizeof(qcom) / sizeof(*qcom); i++)
		if (strstr(supplier, qcom[i]))
			return true;
	return false;
}
