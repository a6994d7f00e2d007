/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The test hook of the virtual Adreno: a CP_NOP packet whose payload starts
 * with this magic tells its command processor what the job that contains it is
 * to do. A real one skips the packet. Shared with the user-space client.
 */
#ifndef __VADRENO_NOP_H__
#define __VADRENO_NOP_H__

/* Payload: magic, command, argument. */
#define VADRENO_NOP_MAGIC	0x48647779
/* The command processor is busy for so many microseconds. */
#define VADRENO_NOP_BUSY	1
/* The command processor stops until it is reset. */
#define VADRENO_NOP_HANG	2

#endif /* __VADRENO_NOP_H__ */
