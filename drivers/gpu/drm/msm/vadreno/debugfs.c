// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the virtual Adreno shows and lets be set, in debugfs/vadreno: what it
 * counted, the registers and packets that it does not know, and the faults.
 */

#include <linux/debugfs.h>
#include <linux/ktime.h>
#include <linux/seq_file.h>

#include "vadreno.h"

static int stats_show(struct seq_file *s, void *unused)
{
	struct vadreno *v = s->private;
	unsigned int i;

	seq_printf(s, "power-offs %llu\n", v->power_offs);
	seq_printf(s, "context-switches %llu\n", v->cp.switches);
	seq_printf(s, "iommu-faults %llu\n", v->faults);
	seq_printf(s, "process-tables %d\n", READ_ONCE(v->process_tables));
	seq_printf(s, "icc-sets %d\n", atomic_read(&v->icc_sets));
	seq_printf(s, "gmu-messages %llu\n", v->gmu.messages);
	seq_printf(s, "rpmh-commands %llu\n", v->rsc.commands);
	seq_printf(s, "core-rate %lu\n", READ_ONCE(v->core_rate));
	seq_printf(s, "unknown-smc %d\n", atomic_read(&vadreno_unknown_smc));
	for (i = VADRENO_IRQ_GPU; i <= VADRENO_IRQ_RSC; i++)
		seq_printf(s, "irq%u %llu\n", i, v->irq_count[i]);
	seq_printf(s, "rptr %u\nwptr %u\nhung %d\nstalled %d\n", v->cp.rptr,
		   v->cp.wptr, v->cp.hung, v->cp.stalled);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(stats);

static int registers_show(struct seq_file *s, void *unused)
{
	struct vadreno *v = s->private;
	unsigned int i, reg;

	for (i = 0; i < v->nr_wins; i++) {
		struct vadreno_win *win = &v->win[i];

		for (reg = 0; reg < win->size / 4; reg++)
			if (win->unknown[reg])
				seq_printf(s, "%s %#06x read %u\n",
					   win->block->name, reg,
					   win->unknown[reg]);
	}
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(registers);

static int packets_show(struct seq_file *s, void *unused)
{
	struct vadreno *v = s->private;
	unsigned int op;

	for (op = 0; op < VADRENO_NR_OPCODES; op++)
		if (v->cp.packets[op])
			seq_printf(s, "%#04x %s %llu %s\n", op,
				   vadreno_packet_name(op),
				   v->cp.packets[op],
				   vadreno_packet_done(op) ? "done" :
				   "skipped");
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(packets);

/* In so many microseconds. */
static int hang_irq_set(void *data, u64 value)
{
	struct vadreno *v = data;
	unsigned long flags;

	raw_spin_lock_irqsave(&v->lock, flags);
	v->hang_irq = ktime_add_us(ktime_get(), value);
	vadreno_kick(v, value * NSEC_PER_USEC);
	raw_spin_unlock_irqrestore(&v->lock, flags);
	return 0;
}
DEFINE_DEBUGFS_ATTRIBUTE(hang_irq_fops, NULL, hang_irq_set, "%llu\n");

/* At once: as if a fence had been written. */
static int fence_irq_set(void *data, u64 value)
{
	struct vadreno *v = data;
	unsigned long flags;

	raw_spin_lock_irqsave(&v->lock, flags);
	v->gpu_int |= v->gen->int_cache_flush;
	vadreno_kick(v, 0);
	raw_spin_unlock_irqrestore(&v->lock, flags);
	return 0;
}
DEFINE_DEBUGFS_ATTRIBUTE(fence_irq_fops, NULL, fence_irq_set, "%llu\n");

static void add_faults(struct vadreno *v, struct dentry *dir)
{
	dir = debugfs_create_dir("fault", dir);
	debugfs_create_u32("hang", 0600, dir, &v->fault.hang);
	debugfs_create_u32("lose_irq", 0600, dir, &v->fault.lose_irq);
	debugfs_create_u32("gmu_mute", 0600, dir, &v->fault.gmu_mute);
	debugfs_create_u32("iommu", 0600, dir, &v->fault.iommu);
	debugfs_create_u32("dumper", 0600, dir, &v->fault.dumper);
	debugfs_create_u32("clk", 0600, dir, &v->fault.clk);
	debugfs_create_u32("map", 0600, dir, &v->fault.map);
	debugfs_create_file_unsafe("hang_irq", 0200, dir, v, &hang_irq_fops);
	debugfs_create_file_unsafe("fence_irq", 0200, dir, v, &fence_irq_fops);
}

/**
 * vadreno_debugfs_init() - make the files
 * @v: the GPU
 */
void vadreno_debugfs_init(struct vadreno *v)
{
	struct dentry *dir = debugfs_create_dir("vadreno", NULL);

	debugfs_create_file("stats", 0400, dir, v, &stats_fops);
	/* Read, though neither the model nor a write gave them a value. */
	debugfs_create_file("unknown_registers", 0400, dir, v,
			    &registers_fops);
	debugfs_create_file("packets", 0400, dir, v, &packets_fops);
	add_faults(v, dir);
	vadreno_rsc_debugfs(v, dir);
}
