// SPDX-License-Identifier: GPL-2.0-only
/*
 * Names of the packets, for debugfs. One that is not here is not known: a job
 * that contains it may not have done what its writer meant.
 */

#include <linux/kernel.h>

#include "pm4.h"
#include "vadreno.h"

static const struct {
	u8 op;
	bool done;
	const char *name;
} packets[] = {
	{ CP_NOP, true, "CP_NOP" },
	{ 0x12, false, "CP_WAIT_MEM_WRITES" },
	{ 0x13, false, "CP_WAIT_FOR_ME" },
	{ 0x17, false, "CP_THREAD_CONTROL" },
	{ 0x1c, false, "CP_YIELD_ENABLE" },
	{ 0x21, false, "CP_REG_RMW" },
	{ 0x26, false, "CP_WAIT_FOR_IDLE" },
	{ 0x1f, false, "CP_RESET_CONTEXT_STATE" },
	{ 0x3b, false, "CP_INVALIDATE_STATE" },
	{ 0x3c, false, "CP_WAIT_REG_MEM" },
	{ CP_MEM_WRITE, true, "CP_MEM_WRITE" },
	{ CP_REG_TO_MEM, true, "CP_REG_TO_MEM" },
	{ CP_INDIRECT_BUFFER, true, "CP_INDIRECT_BUFFER" },
	{ 0x42, false, "CP_MEM_TO_REG" },
	{ CP_EVENT_WRITE, true, "CP_EVENT_WRITE" },
	{ 0x48, false, "CP_ME_INIT" },
	{ 0x55, false, "CP_SET_AMBLE" },
	{ CP_SET_PSEUDO_REG, true, "CP_SET_PSEUDO_REG" },
	{ CP_SMMU_TABLE_UPDATE, true, "CP_SMMU_TABLE_UPDATE" },
	{ 0x14, false, "CP_WAIT_TIMESTAMP" },
	{ 0x5f, false, "CP_SET_PROTECTED_MODE" },
	{ CP_WHERE_AM_I, true, "CP_WHERE_AM_I" },
	{ 0x65, false, "CP_SET_MARKER" },
	{ 0x66, false, "CP_SET_SECURE_MODE" },
	{ 0x69, false, "CP_PREEMPT_ENABLE_GLOBAL" },
	{ 0x6a, false, "CP_PREEMPT_ENABLE_LOCAL" },
	{ CP_CONTEXT_SWITCH_YIELD, true, "CP_CONTEXT_SWITCH_YIELD" },
	{ 0x6c, false, "CP_SET_RENDER_MODE" },
	{ 0x6d, false, "CP_REG_WRITE" },
};

/**
 * vadreno_packet_name() - name of an opcode
 * @op: the opcode
 */
const char *vadreno_packet_name(unsigned int op)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(packets); i++)
		if (packets[i].op == op)
			return packets[i].name;
	return "UNKNOWN";
}

/**
 * vadreno_packet_done() - whether the command processor does anything for it
 * @op: the opcode
 */
bool vadreno_packet_done(unsigned int op)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(packets); i++)
		if (packets[i].op == op)
			return packets[i].done;
	return false;
}
