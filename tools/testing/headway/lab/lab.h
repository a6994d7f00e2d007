/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The lab's client: runs as /init in User Mode Linux, drives the msm driver on
 * the virtual Adreno through its ioctls, and says in KTAP what came of it.
 */
#ifndef HEADWAY_LAB_H
#define HEADWAY_LAB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

/* A stage failed: say where and why, on a KTAP diagnostic line. */
#define fail(fmt, ...) \
	(lab_say("%s:%d: " fmt, __FILE__, __LINE__, ##__VA_ARGS__), -1)

/* Give up on the stage unless the condition holds. */
#define check(cond) \
	do { \
		if (!(cond)) \
			return fail("not so: %s", #cond); \
	} while (0)

#define MAX_RELOCS	2000

/* What a stage returns that cannot run here; it says why. */
#define SKIPPED		1

/**
 * struct lab - what the stages know of the machine they run on
 * @gpu: name of the variant: a506, a630...
 * @gen: generation: 5, 6 or 7
 * @rings: number of priority levels, known after the first open
 * @seed: of the random numbers
 */
struct lab {
	const char *gpu;
	int gen;
	int rings;
	unsigned int seed;
};

/**
 * struct stage - something to try
 * @name: short, in the KTAP output
 * @run: 0 if all was as it should be, -1 (and a diagnostic) if not, or
 *	 SKIPPED (and why)
 * @on_request: only if LAB_STAGES names it
 * @always: even if LAB_STAGES does not name it, but with no benchmark
 */
struct stage {
	const char *name;
	int (*run)(struct lab *lab);
	bool on_request;
	bool always;
};

/**
 * struct bo - a buffer object of the GPU
 * @handle: GEM handle
 * @size: in bytes
 * @iova: GPU address
 * @map: where the client sees it, or NULL
 */
struct bo {
	uint32_t handle;
	uint32_t size;
	uint64_t iova;
	uint32_t *map;
};

/**
 * struct job - what a submit does
 * @busy_us: keep the GPU busy so long
 * @hang: stop the GPU
 * @target: write @value there, or NULL
 * @index: dword of @target
 * @value: what to write
 * @bos: more buffers that the submit names
 * @nr_bos: how many
 * @bad_relocs: so many relocations that the driver refuses, up to MAX_RELOCS
 * @after: file of a fence that it waits for, or 0
 */
struct job {
	uint32_t busy_us;
	bool hang;
	struct bo *target;
	uint32_t index;
	uint32_t value;
	struct bo *bos;
	unsigned int nr_bos;
	unsigned int bad_relocs;
	int after;
};

/* main.c */
void lab_say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
uint32_t lab_random(struct lab *lab);
int64_t now_us(void);
void sleep_us(int64_t us);

/* file.c: small files of sysfs, procfs and debugfs */
int write_file(const char *path, const char *text);
int read_file(const char *path, char *buf, size_t size);
int64_t read_number(const char *path);
int find_line(const char *path, const char *prefix, int64_t *value);
int64_t vadreno_stat(const char *name);

/* firmware.c */
int firmware_install(void);
int firmware_remove(void);
int firmware_shorten(unsigned int bytes);

/* gpu.c: the msm driver's ioctls; all but gpu_wait() are 0 or -errno */
int gpu_ioctl(int fd, unsigned long req, void *arg);
int gpu_open(void);
int gpu_param(int fd, uint32_t param, uint64_t *value);
int gpu_bo_new(int fd, struct bo *bo, uint32_t size);
void gpu_bo_free(int fd, struct bo *bo);
int gpu_bo_madvise(int fd, struct bo *bo, bool needed, bool *retained);
int gpu_queue_new(int fd, uint32_t prio, uint32_t *id);
int gpu_queue_free(int fd, uint32_t id);
uint32_t gpu_compose(uint32_t *dw, const struct job *job);
int gpu_submit(int fd, uint32_t queue, struct bo *cmds, const struct job *job,
	       uint32_t *fence, int *fence_fd);
int gpu_wait(int fd, uint32_t queue, uint32_t fence, int64_t timeout_us);
int fence_fd_wait(int fd, int timeout_ms);
int fence_fd_status(int fd);
int gpu_run(int fd, uint32_t queue, const struct job *job);
int timeline_open(void);
int timeline_fence(int timeline, uint32_t turn);
int timeline_step(int timeline);

/* stage-fault.c */
#define MAX_NTH		1000
int quiet_injection(void);
int fail_nth(int n);
bool failed_yet(void);
int open_once(void);
int open_failing(int n, bool *failed);

/* stage-reclaim.c: swap; a child that fills memory, and how much there is to fill */
int make_swap(void);
int64_t nr_resident(void);
pid_t hog(size_t bytes);
void stop(pid_t pid);
size_t free_bytes(void);

/* stage-bind.c: what to bind; how many buffer objects there are, by the driver's count */
int nr_objects(int64_t *n);
int count_becomes(int64_t expected);
int find_master(char *driver, char *device, size_t size);
int bind_msm(const char *driver, const char *device, bool on);

/* stage-rd.c */
int open_dump(const char *pattern);

/* stage-recover.c */
int set_fault(const char *name, const char *value);
int run_prompt(int fd);
int find_coredump(char *path, size_t size);

/* stage-pm.c */
int gpu_write(const char *file, const char *text);

/* The stages, each in the file of its name. */
extern const char *const vadreno_dir;
int stage_open(struct lab *lab);
int stage_submit(struct lab *lab);
int stage_rings(struct lab *lab);
int stage_threads(struct lab *lab);
int stage_fence(struct lab *lab);
int stage_runpm(struct lab *lab);
int stage_devfreq(struct lab *lab);
int stage_purge(struct lab *lab);
int stage_evict(struct lab *lab);
int stage_vm_bind(struct lab *lab);
int stage_vm_unbind(struct lab *lab);
int stage_vm_bind_fail(struct lab *lab);
int stage_vm_bind_bad(struct lab *lab);
int stage_vm_queues(struct lab *lab);
int stage_vm_closed(struct lab *lab);
int stage_hang(struct lab *lab);
int stage_hang_again(struct lab *lab);
int stage_fault_hang(struct lab *lab);
int stage_hang_reader(struct lab *lab);
int stage_rd_reopen(struct lab *lab);
int stage_hang_sysprof(struct lab *lab);
int stage_gmu_mute(struct lab *lab);
int stage_iommu_fault(struct lab *lab);
int stage_state(struct lab *lab);
int stage_lost_irq(struct lab *lab);
int stage_rebind(struct lab *lab);
int stage_first_open(struct lab *lab);
int stage_short_firmware(struct lab *lab);
int stage_suspend(struct lab *lab);
int stage_s2idle(struct lab *lab);
int stage_failslab(struct lab *lab);
int stage_fail_nth(struct lab *lab);
int stage_page_table(struct lab *lab);
int stage_state_fail(struct lab *lab);
int stage_no_firmware(struct lab *lab);
int stage_no_leak(struct lab *lab);
int stage_providers(struct lab *lab);
int stage_power_locks(struct lab *lab);
int stage_kmemleak(struct lab *lab);
int stage_stale_dump(struct lab *lab);
int stage_early(struct lab *lab);
int stage_resume_fail(struct lab *lab);
int stage_false_hang(struct lab *lab);
int stage_state_fail(struct lab *lab);
int stage_rpmh(struct lab *lab);
int stage_rd(struct lab *lab);
int stage_gem_list(struct lab *lab);
int stage_domains(struct lab *lab);
int stage_reset(struct lab *lab);
int stage_unbind_hang(struct lab *lab);
int stage_unbind_busy(struct lab *lab);
int stage_unbind_preempt(struct lab *lab);
int stage_bind_fail(struct lab *lab);
int stage_lockdep(struct lab *lab);
int stage_unknown(struct lab *lab);
int stage_bench_first(struct lab *lab);
int stage_bench_idle(struct lab *lab);
int stage_bench_resume(struct lab *lab);
int stage_bench_hog(struct lab *lab);
int stage_hang_reclaim(struct lab *lab);
int stage_reclaim_resume(struct lab *lab);
int stage_reclaim_qos(struct lab *lab);
int stage_reclaim_state(struct lab *lab);
int stage_reclaim_mmap(struct lab *lab);

#endif /* HEADWAY_LAB_H */
