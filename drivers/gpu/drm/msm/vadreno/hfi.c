// SPDX-License-Identifier: GPL-2.0-only
/*
 * Host-firmware interface of the GMU: a table in memory with queues, one in
 * each direction. Layouts as in a6xx_hfi.h and a6xx_hfi.c of the msm driver.
 */

#include <linux/bits.h>
#include <linux/kernel.h>

#include "vadreno.h"

/* Queue table, in dwords: where the first queue's header is, and its size. */
#define TABLE_QHDR0_OFFSET	2
#define TABLE_QHDR_SIZE		3

/* Queue header, in dwords. */
#define QHDR_IOVA		1
#define QHDR_TYPE		2
#define QHDR_SIZE		3
#define QHDR_READ_INDEX		10
#define QHDR_WRITE_INDEX	11

#define QUEUE_TO_GMU		0
#define QUEUE_TO_HOST		1
/* The low byte of the type of the queue to the host, in version 1 only. */
#define QUEUE_TYPE_V1		4

#define MSG_ID(hdr)		((hdr) & 0xff)
#define MSG_SIZE(hdr)		((hdr) >> 8 & 0xff)
#define MSG_PREPARE_SLUMBER	33	/* HFI_H2F_MSG_PREPARE_SLUMBER */
#define MSG_ACK			126	/* HFI_F2H_MSG_ACK */
#define ACK_DWORDS		4
#define ACK_TYPE		BIT(16)
/* GMU2HOST_INTR_INFO: there is a message. */
#define INTR_MSGQ		BIT(0)

static u32 get(struct vadreno *v, u64 iova)
{
	u32 *mem = vadreno_gmu_mem(v, iova);

	return mem ? READ_ONCE(*mem) : 0;
}

static void put(struct vadreno *v, u64 iova, u32 val)
{
	u32 *mem = vadreno_gmu_mem(v, iova);

	if (mem)
		WRITE_ONCE(*mem, val);
}

static u64 queue_header(struct vadreno *v, u64 table, unsigned int queue)
{
	/* Both the offset and the header's size are in dwords. */
	return table + 4 * get(v, table + 4 * TABLE_QHDR0_OFFSET) +
		4 * queue * get(v, table + 4 * TABLE_QHDR_SIZE);
}

/* Version 2 fills messages up to four dwords. */
static bool is_padded(struct vadreno *v, u64 table)
{
	u64 queue = queue_header(v, table, QUEUE_TO_HOST);

	return (get(v, queue + 4 * QHDR_TYPE) & 0xff) != QUEUE_TYPE_V1;
}

static void answer(struct vadreno *v, u64 table, u32 hdr)
{
	u32 msg[ACK_DWORDS] = {
		MSG_ACK | ACK_DWORDS << 8 | ACK_TYPE, hdr, 0, 0,
	};
	u64 queue = queue_header(v, table, QUEUE_TO_HOST);
	u32 size = get(v, queue + 4 * QHDR_SIZE);
	u32 index = get(v, queue + 4 * QHDR_WRITE_INDEX);
	u64 data = get(v, queue + 4 * QHDR_IOVA);
	unsigned int i;

	if (!size)
		return;
	for (i = 0; i < ACK_DWORDS; i++) {
		put(v, data + 4 * index, msg[i]);
		index = (index + 1) % size;
	}
	put(v, queue + 4 * QHDR_WRITE_INDEX, index);
	v->gmu.to_host |= INTR_MSGQ;
	v->gmu.messages++;
}

/**
 * vadreno_hfi_run() - answer the messages from the host
 * @v: the GPU, locked
 * @table: address of the table of queues
 */
void vadreno_hfi_run(struct vadreno *v, u64 table)
{
	u64 queue = queue_header(v, table, QUEUE_TO_GMU);
	u32 size = get(v, queue + 4 * QHDR_SIZE);
	u32 read = get(v, queue + 4 * QHDR_READ_INDEX);
	u32 write = get(v, queue + 4 * QHDR_WRITE_INDEX);
	u64 data = get(v, queue + 4 * QHDR_IOVA);
	bool padded = is_padded(v, table);

	while (size && read != write) {
		u32 hdr = get(v, data + 4 * read);

		/* Not a message: what fills a queue up to four dwords. */
		if (!MSG_SIZE(hdr) || MSG_SIZE(hdr) > size) {
			read = write;
			break;
		}
		read = (read + MSG_SIZE(hdr)) % size;
		if (padded)
			read = ALIGN(read, 4) % size;
		if (MSG_ID(hdr) == MSG_PREPARE_SLUMBER)
			vadreno_gmu_slumber(v);
		answer(v, table, hdr);
	}
	put(v, queue + 4 * QHDR_READ_INDEX, read);
}
