// SPDX-License-Identifier: GPL-2.0-only
/*
 * The writer's lock: flock() on <dir>/headway.lock.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "headway.h"
#include "lock.h"

static int busy(int fd, const char *path, const char *dir)
{
	char pid[32] = "";
	ssize_t len = pread(fd, pid, sizeof(pid) - 1, 0);

	hw_set_exit(HW_BUSY);
	pid[len > 0 ? len : 0] = '\0';
	pid[strcspn(pid, "\n")] = '\0';
	/* Between its flock() and its write() the holder has no name yet. */
	if (pid[0])
		hw_error("another headway (process %s) is writing to %s", pid, dir);
	else
		hw_error("another headway is writing to %s", dir);
	hw_hint("wait until it has ended; the lock is %s", path);
	return -1;
}

int hw_lock_take(struct hw_lock *lock, const char *dir)
{
	char path[PATH_MAX], pid[32];
	int fd, len;

	if (snprintf(path, sizeof(path), "%s/headway.lock", dir) >= (int)sizeof(path))
		return hw_error("the path is too long: %s", dir);
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
	if (fd < 0) {
		hw_set_exit(HW_ENV);
		return hw_errno("cannot open %s", path);
	}
	if (flock(fd, LOCK_EX | LOCK_NB) < 0) {
		if (errno == EWOULDBLOCK) {
			busy(fd, path, dir);
		} else {
			hw_set_exit(HW_ENV);
			hw_errno("cannot lock %s", path);
		}
		close(fd);
		return -1;
	}
	/* The id is for people only: a full disk here is no reason to stop. */
	len = snprintf(pid, sizeof(pid), "%ld\n", (long)getpid());
	if (ftruncate(fd, 0) < 0 || pwrite(fd, pid, len, 0) != len)
		errno = 0;
	lock->fd = fd;
	return 0;
}

void hw_lock_drop(struct hw_lock *lock)
{
	if (lock->fd < 0)
		return;
	if (ftruncate(lock->fd, 0) < 0)
		errno = 0;
	close(lock->fd);
	lock->fd = -1;
}
