/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A virtual Adreno for User Mode Linux: the registers, command processor,
 * power controller, interrupts and IOMMU that the msm driver expects to find,
 * emulated well enough that the unmodified driver runs on it.
 *
 * It stands on two rules. What a device does happens in a timer of its own and
 * never in the context of the driver that wrote a register; and nothing here
 * takes a lock that lockdep could connect with the driver's, so that whatever
 * lockdep says is about the driver: there is one raw spin lock, a leaf.
 */
#ifndef __VADRENO_H__
#define __VADRENO_H__

#include <linux/atomic.h>
#include <linux/hrtimer.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/workqueue.h>

struct clk_hw_onecell_data;
struct dentry;
struct device;
struct iommu_domain;
struct irq_domain;
struct platform_device;
struct vadreno;

/* Interrupt lines, as the device tree numbers them. */
enum vadreno_line {
	VADRENO_IRQ_GPU,
	VADRENO_IRQ_HFI,
	VADRENO_IRQ_GMU,
	VADRENO_IRQ_RSC,
	VADRENO_NR_IRQS = 16,	/* a legacy domain, see irq.c */
};

/* Power domains, as the device tree numbers them. */
enum vadreno_pd_id {
	VADRENO_PD_CX,
	VADRENO_PD_GX,
	VADRENO_NR_PDS,
};

#define VADRENO_NR_CLKS		8
/* The clock whose rate is that of the GPU core. */
#define VADRENO_CLK_CORE	0

/**
 * struct vadreno_block - what a window of registers does beyond storing
 * @name: of the window, as in reg-names
 * @read: value of a register that is not just what was written; false: it is
 * @write: what a write sets off, after the value was stored
 * @zero: registers that are 0 until they are written, as far as the driver cares:
 *	  it changes bits of them, or asks before it has done anything
 * @nr_zero: how many; all of them if nothing of the window is modelled
 *
 * Registers are counted in dwords. Called with &vadreno.lock held.
 */
struct vadreno_block {
	const char *name;
	bool (*read)(struct vadreno *v, u32 reg, u32 *val);
	void (*write)(struct vadreno *v, u32 reg, u32 val);
	const u16 *zero;
	unsigned int nr_zero;
};

/**
 * struct vadreno_win - a window of memory-mapped registers
 * @start: physical address
 * @size: in bytes
 * @block: what it does
 * @regs: what was written last
 * @written: which registers were written since the power came on
 * @unknown: how often each was read though neither @block nor a write gave it
 *	     a value
 */
struct vadreno_win {
	phys_addr_t start;
	size_t size;
	const struct vadreno_block *block;
	u32 *regs;
	unsigned long *written;
	u32 *unknown;
};

#define VADRENO_NR_WINS		6

/**
 * struct vadreno_ib - a stream of packets
 * @iova: GPU address
 * @size: in dwords
 * @pos: next dword
 */
struct vadreno_ib {
	u64 iova;
	u32 size;
	u32 pos;
};

#define VADRENO_IB_LEVELS	3
#define VADRENO_NR_OPCODES	128

/**
 * struct vadreno_cp - state of the command processor
 * @started: its firmware runs
 * @hung: it stopped in a job, until it is reset
 * @stalled: a page fault stopped it, until the SMMU resumes
 * @switching: the driver asked for a context switch
 * @shadow_rptr: it writes the read pointer to memory by itself
 * @rb_base: ring buffer
 * @rptr_addr: where to write the read pointer for the driver
 * @rb_dwords: size of the ring
 * @rptr: next dword of the ring
 * @wptr: end of what is in it
 * @ttbr0: page table of the process, or 0
 * @save_addr: record for where it is in the ring, of generation 6 and 7
 * @ib: indirect buffers that are being read
 * @depth: how many of them
 * @wake: a busy job ends
 * @packets: how many packets of each opcode were seen
 * @switches: how often it changed rings
 */
struct vadreno_cp {
	bool started;
	bool hung;
	bool stalled;
	bool switching;
	bool shadow_rptr;
	u64 rb_base;
	u64 rptr_addr;
	u32 rb_dwords;
	u32 rptr;
	u32 wptr;
	u64 ttbr0;
	u64 save_addr;
	struct vadreno_ib ib[VADRENO_IB_LEVELS];
	unsigned int depth;
	ktime_t wake;
	u64 packets[VADRENO_NR_OPCODES];
	u64 switches;
};

/**
 * struct vadreno_gen - a generation of the hardware
 * @name: for messages
 * @gpu: its registers
 * @int_cp_sw: interrupt bit: a context switch is done
 * @int_cache_flush: interrupt bit: a fence was written
 * @reg_int_mask: register that enables interrupts
 * @context_switch: change to the ring that the driver chose
 */
struct vadreno_gen {
	const char *name;
	const struct vadreno_block *gpu;
	u32 int_cp_sw;
	u32 int_cache_flush;
	u32 reg_int_mask;
	void (*context_switch)(struct vadreno *v);
};

/**
 * struct vadreno_fault - what goes wrong, set through debugfs
 * @hang: the next so many jobs hang
 * @lose_irq: the next so many interrupts get lost
 * @gmu_mute: the power controller does not answer
 * @iommu: the next so many accesses of the command processor fault
 * @dumper: the crash dumper does not end
 * @clk: the next so many times a clock does not come on
 * @map: the so-manyth mapping from now on fails
 */
struct vadreno_fault {
	u32 hang;
	u32 lose_irq;
	u32 gmu_mute;
	u32 iommu;
	u32 dumper;
	u32 clk;
	u32 map;
};

/**
 * struct vadreno_gmu - state of the power controller
 * @to_host: bits that it raised for the host
 * @from_host: bits that the host raised and it has not answered
 * @power_state: of the GPU, as it tells RPMh
 * @domain: what its addresses go through
 * @sptprac_on: the shader's power domain is on
 * @messages: how many it answered
 */
struct vadreno_gmu {
	u32 to_host;
	u32 from_host;
	u32 power_state;
	struct iommu_domain *domain;
	bool sptprac_on;
	u64 messages;
};

/**
 * struct vadreno_rsc - state of the Resource State Coordinator
 * @started: sets of commands that the host started
 * @done: those that are done and the host has not seen to
 * @commands: how many commands it carried out
 */
struct vadreno_rsc {
	u32 started;
	u32 done;
	u64 commands;
};

/**
 * struct vadreno - a virtual Adreno
 * @dev: the device that stands for all of it in the device tree
 * @gen: its generation
 * @lock: guards everything below that is not otherwise said to be safe
 * @timer: runs the hardware
 * @win: registers
 * @nr_wins: how many
 * @cp: command processor
 * @gmu: power controller
 * @rsc: what RPMh is asked through
 * @gpu_int: raised interrupts
 * @hang_irq: when the hardware says that it hangs, whether it does or not; or 0
 * @irqs: interrupt controller
 * @irq_masked: lines that are masked
 * @irq_count: interrupts that were delivered
 * @gpu_domain: what the GPU's addresses go through
 * @split_tables: the IOMMU has a page table for each process
 * @stall: page faults stop the GPU
 * @fault_iova: of the last page fault
 * @fault_pending: it is still to be reported
 * @fault_work: reports it
 * @faults: how many there were
 * @core_rate: of the GPU clock, in Hz
 * @busy_ns: time that the command processor was not idle
 * @busy_since: it is busy since, or 0
 * @power_offs: how often the GPU lost its power
 * @icc_sets: how often a bandwidth was set
 * @fault: see there
 */
struct vadreno {
	struct device *dev;
	const struct vadreno_gen *gen;
	raw_spinlock_t lock;
	struct hrtimer timer;
	struct vadreno_win win[VADRENO_NR_WINS];
	unsigned int nr_wins;
	struct vadreno_cp cp;
	struct vadreno_gmu gmu;
	struct vadreno_rsc rsc;
	u32 gpu_int;
	ktime_t hang_irq;

	struct irq_domain *irqs;
	u32 irq_masked;
	u64 irq_count[VADRENO_NR_IRQS];

	struct iommu_domain *gpu_domain;
	bool split_tables;
	bool process_tables;
	bool stall;
	u64 fault_iova;
	bool fault_pending;
	struct work_struct fault_work;
	u64 faults;

	unsigned long core_rate;
	u64 busy_ns;
	ktime_t busy_since;

	u64 power_offs;
	atomic_t icc_sets;
	struct vadreno_fault fault;
};

/**
 * struct vadreno_record - where a ring's fields are in its record, in dwords
 * @cntl: RB_CNTL
 * @rptr: how far the command processor has read
 * @wptr: how far the driver has written
 * @rptr_addr: address to which rptr is reported, two dwords
 * @rbase: address of the ring, two dwords
 */
struct vadreno_record {
	u8 cntl;
	u8 rptr;
	u8 wptr;
	u8 rptr_addr;
	u8 rbase;
};

extern const struct vadreno_gen vadreno_a5xx;
extern const struct vadreno_gen vadreno_a6xx;
extern const struct vadreno_block vadreno_gmu_block;
extern const struct vadreno_block vadreno_rscc_block;
extern const struct vadreno_block vadreno_rsc_block;

/* core.c */
void vadreno_kick(struct vadreno *v, u64 delay_ns);
void vadreno_power_off(struct vadreno *v);

/* common.c */
u64 vadreno_xo_ticks(u64 ns);
bool vadreno_common_read(struct vadreno *v, u32 reg, u32 *val);
void vadreno_common_write(struct vadreno *v, u32 reg, u32 val);
void vadreno_cp_start(struct vadreno *v, bool run);
u32 vadreno_ib_reg(struct vadreno *v, unsigned int level, u32 reg);

/* preempt.c */
void vadreno_record_save(struct vadreno *v, u64 rec, const struct vadreno_record *at);
u32 vadreno_record_restore(struct vadreno *v, u64 rec, const struct vadreno_record *at);

/* a6xx_preempt.c */
void vadreno_a6xx_context_switch(struct vadreno *v);

/* mmio.c */
int vadreno_mmio_init(struct vadreno *v, struct platform_device *pdev);
u32 vadreno_reg(struct vadreno *v, u32 reg);
u64 vadreno_reg64(struct vadreno *v, u32 reg);
void vadreno_reg_set(struct vadreno *v, u32 reg, u32 val);
void vadreno_gpu_write(struct vadreno *v, u32 reg, u32 val);
u32 vadreno_gpu_read(struct vadreno *v, u32 reg);
struct vadreno_win *vadreno_find_win(struct vadreno *v,
				     const struct vadreno_block *block);
void vadreno_win_set(struct vadreno_win *win, u32 reg, u32 val);

/* cp.c */
u64 vadreno_cp_run(struct vadreno *v);
void vadreno_cp_reset(struct vadreno *v);
void vadreno_cp_write_rptr(struct vadreno *v);
bool vadreno_cp_idle(struct vadreno *v);
u64 vadreno_cp_busy_ns(struct vadreno *v);

/* iommu.c */
int vadreno_iommu_init(struct vadreno *v);
void vadreno_iommu_report(struct vadreno *v);

/* mem.c */
bool vadreno_mem_read(struct vadreno *v, u64 iova, u32 *val);
u64 vadreno_mem_read64(struct vadreno *v, u64 iova);
bool vadreno_mem_write(struct vadreno *v, u64 iova, u32 val);
u32 *vadreno_gmu_mem(struct vadreno *v, u64 iova);

/* irq.c */
int vadreno_irq_init(struct vadreno *v);
void vadreno_irq_run(struct vadreno *v);

/* gmu.c, hfi.c */
bool vadreno_gmu_line(struct vadreno *v, enum vadreno_line line);
void vadreno_gmu_run(struct vadreno *v);
void vadreno_gmu_slumber(struct vadreno *v);
void vadreno_hfi_run(struct vadreno *v, u64 table);

/* rsc.c */
void vadreno_rsc_run(struct vadreno *v);
bool vadreno_rsc_line(struct vadreno *v);
void vadreno_rsc_debugfs(struct vadreno *v, struct dentry *dir);

/* clk.c, genpd.c, icc.c, debugfs.c */
int vadreno_clk_init(struct vadreno *v);
int vadreno_genpd_init(struct vadreno *v);
int vadreno_icc_init(struct vadreno *v);
void vadreno_debugfs_init(struct vadreno *v);
extern atomic_t vadreno_unknown_smc;

/* pm4.c */
const char *vadreno_packet_name(unsigned int op);
bool vadreno_packet_done(unsigned int op);

/* reclaim.c: also declared in mm/slab.h, which cannot include this */
extern void (*vadreno_alloc_hook)(gfp_t gfp);

#endif /* __VADRENO_H__ */
