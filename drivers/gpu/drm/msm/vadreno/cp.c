// SPDX-License-Identifier: GPL-2.0-only
/*
 * Command processor of the virtual Adreno. It fetches packets from the ring
 * and from indirect buffers through the IOMMU, does what is said to be done to
 * memory, registers and interrupts, and skips what would draw.
 */

#include <linux/ktime.h>
#include <linux/math64.h>

#include "nop.h"
#include "pm4.h"
#include "vadreno.h"

/* Packets in one run of the timer: a bound on the time in interrupt context. */
#define CP_BUDGET	2048
/* CP_CONTEXT_SWITCH_YIELD and CP_WHERE_AM_I write where the driver looks. */
#define CP_MAX_PAYLOAD	16

/**
 * vadreno_cp_reset() - the command processor as it is after a reset
 * @v: the GPU, locked
 */
void vadreno_cp_reset(struct vadreno *v)
{
	struct vadreno_cp *cp = &v->cp;

	cp->started = false;
	cp->hung = false;
	cp->stalled = false;
	cp->switching = false;
	cp->shadow_rptr = false;
	cp->rptr = 0;
	cp->wptr = 0;
	cp->rb_base = 0;
	cp->rptr_addr = 0;
	cp->rb_dwords = 0;
	cp->ttbr0 = 0;
	cp->save_addr = 0;
	cp->depth = 0;
	cp->wake = 0;
	v->busy_since = 0;
}

/**
 * vadreno_cp_idle() - whether there is nothing left to do
 * @v: the GPU, locked
 */
bool vadreno_cp_idle(struct vadreno *v)
{
	return !v->cp.depth && v->cp.rptr == v->cp.wptr;
}

/**
 * vadreno_cp_busy_ns() - how long it was busy since the power came on
 * @v: the GPU, locked
 */
u64 vadreno_cp_busy_ns(struct vadreno *v)
{
	u64 ns = v->busy_ns;

	if (v->busy_since)
		ns += ktime_to_ns(ktime_sub(ktime_get(), v->busy_since));
	return ns;
}

static void account_busy(struct vadreno *v)
{
	bool busy = v->cp.started && !vadreno_cp_idle(v);

	if (busy && !v->busy_since) {
		v->busy_since = ktime_get();
	} else if (!busy && v->busy_since) {
		v->busy_ns = vadreno_cp_busy_ns(v);
		v->busy_since = 0;
	}
}

/**
 * vadreno_cp_write_rptr() - tell the driver how far the ring was read
 * @v: the GPU, locked
 */
void vadreno_cp_write_rptr(struct vadreno *v)
{
	if (v->cp.rptr_addr)
		vadreno_mem_write(v, v->cp.rptr_addr, v->cp.rptr);
}

/* Read dword @n of the stream that is being read, without moving on. */
static bool peek(struct vadreno *v, u32 n, u32 *val)
{
	struct vadreno_cp *cp = &v->cp;
	struct vadreno_ib *ib;

	if (!cp->depth)
		return vadreno_mem_read(v, cp->rb_base +
					4ULL * ((cp->rptr + n) %
						cp->rb_dwords), val);

	ib = &cp->ib[cp->depth - 1];
	return vadreno_mem_read(v, ib->iova + 4ULL * (ib->pos + n), val);
}

static u32 left(struct vadreno *v)
{
	struct vadreno_cp *cp = &v->cp;

	if (cp->depth)
		return cp->ib[cp->depth - 1].size - cp->ib[cp->depth - 1].pos;
	return (cp->wptr + cp->rb_dwords - cp->rptr) % cp->rb_dwords;
}

static void advance(struct vadreno *v, u32 n)
{
	struct vadreno_cp *cp = &v->cp;

	if (cp->depth)
		cp->ib[cp->depth - 1].pos += n;
	else
		cp->rptr = (cp->rptr + n) % cp->rb_dwords;
}

static void enter_ib(struct vadreno *v, const u32 *dw)
{
	struct vadreno_cp *cp = &v->cp;

	if (cp->depth == VADRENO_IB_LEVELS)
		return;
	cp->ib[cp->depth++] = (struct vadreno_ib){
		.iova = dw[0] | (u64)dw[1] << 32,
		.size = dw[2] & 0xfffff,
	};
}

static void event_write(struct vadreno *v, const u32 *dw, u32 count)
{
	if (count >= 4)
		vadreno_mem_write(v, dw[1] | (u64)dw[2] << 32, dw[3]);
	if (dw[0] & CP_EVENT_WRITE_IRQ)
		v->gpu_int |= v->gen->int_cache_flush;
}

static void reg_to_mem(struct vadreno *v, const u32 *dw)
{
	u64 iova = dw[1] | (u64)dw[2] << 32;
	u32 reg = CP_REG_TO_MEM_REG(dw[0]);
	u32 cnt = max(CP_REG_TO_MEM_CNT(dw[0]), 1U);
	u32 i;

	for (i = 0; i < cnt; i++)
		vadreno_mem_write(v, iova + 4 * i,
				  vadreno_gpu_read(v, reg + i));
}

static void mem_write(struct vadreno *v, const u32 *dw, u32 count)
{
	u64 iova = dw[0] | (u64)dw[1] << 32;
	u32 i;

	for (i = 2; i < count; i++)
		vadreno_mem_write(v, iova + 4 * (i - 2), dw[i]);
}

/* Triplets: which, low half, high half. */
static void set_pseudo_reg(struct vadreno *v, const u32 *dw, u32 count)
{
	u32 i;

	for (i = 0; i + 3 <= count; i += 3)
		if (PSEUDO_REG(dw[i]) == PSEUDO_REG_SAVE_ADDR)
			v->cp.save_addr = dw[i + 1] | (u64)dw[i + 2] << 32;
}

static void test_nop(struct vadreno *v, const u32 *dw, u32 count)
{
	if (count < 3 || dw[0] != VADRENO_NOP_MAGIC)
		return;
	if (dw[1] == VADRENO_NOP_HANG)
		v->cp.hung = true;
	else if (dw[1] == VADRENO_NOP_BUSY)
		v->cp.wake = ktime_add_us(ktime_get(), dw[2]);
}

static void type7(struct vadreno *v, u32 op, const u32 *dw, u32 count)
{
	struct vadreno_cp *cp = &v->cp;

	cp->packets[op]++;

	switch (op) {
	case CP_NOP:
		test_nop(v, dw, count);
		break;
	case CP_INDIRECT_BUFFER:
		enter_ib(v, dw);
		break;
	case CP_EVENT_WRITE:
		event_write(v, dw, count);
		break;
	case CP_MEM_WRITE:
		mem_write(v, dw, count);
		break;
	case CP_REG_TO_MEM:
		reg_to_mem(v, dw);
		break;
	case CP_WHERE_AM_I:
		vadreno_mem_write(v, dw[0] | (u64)dw[1] << 32, cp->rptr);
		break;
	case CP_SMMU_TABLE_UPDATE:
		/* Bits 48 and up of the table's address are the ASID. */
		cp->ttbr0 = dw[0] | (u64)(dw[1] & 0xffff) << 32;
		break;
	case CP_SET_PSEUDO_REG:
		set_pseudo_reg(v, dw, count);
		break;
	case CP_CONTEXT_SWITCH_YIELD:
		vadreno_cp_write_rptr(v);
		break;
	default:
		/* Skipped: counted above, see debugfs. */
		break;
	}
}

static void type4(struct vadreno *v, u32 hdr, u32 count)
{
	u32 reg = PM4_TYPE4_REG(hdr), i, val;

	for (i = 0; i < count && !v->cp.stalled; i++)
		if (peek(v, 1 + i, &val))
			vadreno_gpu_write(v, reg + i, val);
	advance(v, 1 + count);
}

/* Do one packet. Return: false if there is none that could be done now. */
static bool step(struct vadreno *v)
{
	u32 dw[CP_MAX_PAYLOAD] = { };
	u32 hdr, count, op, i;

	while (v->cp.depth && !left(v))
		v->cp.depth--;
	if (!left(v) || !peek(v, 0, &hdr))
		return false;

	if (PM4_TYPE(hdr) == PM4_TYPE4) {
		type4(v, hdr, PM4_TYPE4_COUNT(hdr));
		return true;
	}
	if (PM4_TYPE(hdr) != PM4_TYPE7) {
		/* Not a packet: a real one would complain; go on after it. */
		v->cp.packets[0]++;
		advance(v, 1);
		return true;
	}

	count = PM4_TYPE7_COUNT(hdr);
	op = PM4_TYPE7_OP(hdr);
	for (i = 0; i < min_t(u32, count, CP_MAX_PAYLOAD); i++)
		if (!peek(v, 1 + i, &dw[i]))
			return false;
	advance(v, 1 + count);
	type7(v, op, dw, min_t(u32, count, CP_MAX_PAYLOAD));

	/* A ring may be left where it yields. */
	if (op == CP_CONTEXT_SWITCH_YIELD && v->cp.switching)
		v->gen->context_switch(v);
	return true;
}

static bool inject_hang(struct vadreno *v)
{
	if (!v->fault.hang || vadreno_cp_idle(v))
		return false;
	v->fault.hang--;
	v->cp.hung = true;
	return true;
}

/* Return: time until there is more to do, in ns, or 0 if there is nothing. */
static u64 run(struct vadreno *v)
{
	struct vadreno_cp *cp = &v->cp;
	unsigned int budget;

	for (budget = CP_BUDGET; budget; budget--) {
		if (!cp->started || cp->hung || cp->stalled || !cp->rb_dwords)
			return 0;
		if (cp->wake) {
			s64 ns = ktime_to_ns(ktime_sub(cp->wake, ktime_get()));

			if (ns > 0)
				return ns;
			cp->wake = 0;
		}
		if (inject_hang(v))
			return 0;
		if (!step(v)) {
			if (!vadreno_cp_idle(v) || !cp->switching)
				return 0;
			v->gen->context_switch(v);
		}
	}
	return 1000;
}

/**
 * vadreno_cp_run() - let the command processor go on
 * @v: the GPU, locked
 *
 * Return: when to call again, in ns from now, or 0: not before something is
 * written to it.
 */
u64 vadreno_cp_run(struct vadreno *v)
{
	u64 again;

	account_busy(v);
	again = run(v);
	account_busy(v);
	if (v->cp.started && v->cp.shadow_rptr)
		vadreno_cp_write_rptr(v);
	return again;
}
