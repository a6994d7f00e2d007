/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One writer at a time: in the fork's repository, in a folder that is built in.
 */
#ifndef HEADWAY_LOCK_H
#define HEADWAY_LOCK_H

struct hw_lock {
	int fd;
};

#define HW_LOCK_INIT { .fd = -1 }

/**
 * hw_lock_take() - become the one headway that writes to a folder
 * @lock: the state; initialise with HW_LOCK_INIT
 * @dir: the repository, or another folder; it must exist
 *
 * The kernel drops the lock when the process ends, however it ends; so the file
 * stays and is never a reason to refuse. Children do not inherit it.
 *
 * Return: 0; -1 after an error: exit code HW_BUSY and the holder's process id
 * in the message if another headway has it.
 */
int hw_lock_take(struct hw_lock *lock, const char *dir);

/** hw_lock_drop() - let others in; does nothing if the lock is not held */
void hw_lock_drop(struct hw_lock *lock);

#endif /* HEADWAY_LOCK_H */
