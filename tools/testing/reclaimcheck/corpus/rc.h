/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The least of the kernel's interface that the corpus needs. Declarations are
 * as PROVE_LOCKING makes them; names are the kernel's, since reclaimcheck knows
 * its primitives by name.
 */
#ifndef RC_H
#define RC_H

typedef unsigned int gfp_t;
typedef _Bool bool;
typedef unsigned long size_t;
#define NULL ((void *)0)
#define true 1
#define false 0

#define __GFP_IO 0x40u
#define __GFP_FS 0x80u
#define __GFP_ATOMIC 0x200u
#define __GFP_DIRECT_RECLAIM 0x400u
#define __GFP_KSWAPD_RECLAIM 0x800u
#define GFP_KERNEL (__GFP_DIRECT_RECLAIM | __GFP_KSWAPD_RECLAIM | __GFP_IO | __GFP_FS)
#define GFP_NOFS (__GFP_DIRECT_RECLAIM | __GFP_KSWAPD_RECLAIM | __GFP_IO)
#define GFP_ATOMIC (__GFP_ATOMIC | __GFP_KSWAPD_RECLAIM)
#define GFP_NOWAIT __GFP_KSWAPD_RECLAIM

struct lockdep_map { int x; };
struct mutex { int x; struct lockdep_map dep_map; };
struct raw_spinlock { int x; };
typedef struct spinlock { struct raw_spinlock rlock; } spinlock_t;
struct rw_semaphore { int x; };
struct ww_mutex { struct mutex base; };
struct work_struct { void (*func)(struct work_struct *w); };
struct delayed_work { struct work_struct work; int timer; };
struct notifier_block {
	int (*notifier_call)(struct notifier_block *nb, unsigned long a, void *d);
};
struct blocking_notifier_head { struct rw_semaphore rwsem; struct notifier_block *head; };
struct device { int x; void *driver_data; };
struct dev_pm_ops {
	int (*suspend)(struct device *dev);
	int (*runtime_suspend)(struct device *dev);
	int (*runtime_resume)(struct device *dev);
	int (*runtime_idle)(struct device *dev);
};
struct kref { int n; };

void fs_reclaim_acquire(gfp_t gfp);
void fs_reclaim_release(gfp_t gfp);
void __dma_fence_might_wait(void);
void mutex_lock_nested(struct mutex *m, unsigned int subclass);
int mutex_lock_interruptible_nested(struct mutex *m, unsigned int subclass);
int mutex_trylock(struct mutex *m);
void mutex_unlock(struct mutex *m);
void down_read(struct rw_semaphore *s);
void down_write(struct rw_semaphore *s);
void up_read(struct rw_semaphore *s);
void up_write(struct rw_semaphore *s);
int ww_mutex_lock(struct ww_mutex *m, void *ctx);
void ww_mutex_unlock(struct ww_mutex *m);
void _raw_spin_lock(struct raw_spinlock *l);
void _raw_spin_unlock(struct raw_spinlock *l);
unsigned int memalloc_noreclaim_save(void);
void memalloc_noreclaim_restore(unsigned int flags);
bool dma_fence_begin_signalling(void);
void dma_fence_end_signalling(bool cookie);
bool flush_work(struct work_struct *w);
bool cancel_delayed_work_sync(struct delayed_work *w);
int blocking_notifier_call_chain(struct blocking_notifier_head *h, unsigned long v, void *d);
int blocking_notifier_chain_register(struct blocking_notifier_head *h, struct notifier_block *nb);
int __pm_runtime_resume(struct device *dev, int flags);
int request_firmware(void *fw, const char *name, void *dev);
void kfree(const void *p);

#define mutex_lock(m) mutex_lock_nested(m, 0)
#define container_of(ptr, type, member) \
	((type *)((char *)(ptr) - __builtin_offsetof(type, member)))

static inline void spin_lock(spinlock_t *l) { _raw_spin_lock(&l->rlock); }
static inline void spin_unlock(spinlock_t *l) { _raw_spin_unlock(&l->rlock); }

static inline void *kmalloc(size_t n, gfp_t gfp)
{
	(void)n;
	fs_reclaim_acquire(gfp);
	fs_reclaim_release(gfp);
	return NULL;
}

static inline void *kzalloc(size_t n, gfp_t gfp) { return kmalloc(n, gfp | 0x100u); }

static inline void *dev_get_drvdata(const struct device *dev) { return dev->driver_data; }

struct job { struct device *dev; int n; };
struct fence;
struct drm_sched_backend_ops { struct fence *(*run_job)(struct job *job); };
struct drm_gpu_scheduler { const struct drm_sched_backend_ops *ops; };
int drm_sched_init(struct drm_gpu_scheduler *sched, const struct drm_sched_backend_ops *ops);

/* Makes @fn the root of a fence signalling path. */
#define RUN_JOB(fn) \
	const struct drm_sched_backend_ops fn##_ops = { .run_job = fn }

#endif /* RC_H */
