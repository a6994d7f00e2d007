// SPDX-License-Identifier: GPL-2.0-only
/* Whole files: reading, and writing by rename. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file.h"
#include "headway.h"
#include "xalloc.h"

static char *read_fd(int fd, size_t *len)
{
	size_t size = 0, room = 16384;
	char *buf = xcalloc(1, room);
	ssize_t n;

	for (;;) {
		n = read(fd, buf + size, room - size - 1);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		size += n;
		if (room - size < 4096) {
			room *= 2;
			buf = xrealloc(buf, room);
		}
	}
	if (n < 0) {
		free(buf);
		return NULL;
	}
	buf[size] = '\0';
	if (len)
		*len = size;
	return buf;
}

char *file_read(const char *path, size_t *len)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char *buf;
	int saved;

	if (fd < 0)
		return NULL;
	buf = read_fd(fd, len);
	saved = errno;
	close(fd);
	errno = saved;
	return buf;
}

int make_dirs(const char *path)
{
	char *copy = xstrdup(path);
	char *p;
	int err = 0;

	for (p = copy + 1; !err && *p; p++) {
		if (*p != '/')
			continue;
		*p = '\0';
		err = mkdir(copy, 0777) && errno != EEXIST ? -1 : 0;
		*p = '/';
	}
	if (!err)
		err = mkdir(copy, 0777) && errno != EEXIST ? -1 : 0;
	free(copy);
	return err;
}

static int write_all(int fd, const char *data, size_t len)
{
	while (len) {
		ssize_t n = write(fd, data, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		data += n;
		len -= n;
	}
	return fsync(fd);
}

int file_replace(const char *path, const void *data, size_t len)
{
	const char *slash = strrchr(path, '/');
	char *dir = slash ? xstrndup(path, slash - path) : xstrdup(".");
	char *tmp = xasprintf("%s.XXXXXX", path);
	mode_t mask = umask(022);
	int err = -1, fd = -1;

	umask(mask);
	if (*dir && make_dirs(dir)) {
		hw_errno("%s", dir);
		goto out;
	}
	fd = mkostemp(tmp, O_CLOEXEC);
	if (fd < 0) {
		hw_errno("%s", tmp);
		goto out;
	}
	if (write_all(fd, data, len) || fchmod(fd, 0666 & ~mask) ||
	    rename(tmp, path)) {
		hw_errno("%s: cannot be written, the old content stays", path);
		unlink(tmp);
		goto out;
	}
	err = 0;
out:
	if (fd >= 0)
		close(fd);
	free(tmp);
	free(dir);
	return err;
}

bool file_exists(const char *path)
{
	struct stat st;

	return !lstat(path, &st);
}

static int remove_one(const char *path, const struct stat *st, int flag,
		      struct FTW *ftw)
{
	(void)st;
	(void)flag;
	(void)ftw;
	return remove(path);
}

int remove_tree(const char *path)
{
	if (!file_exists(path))
		return 0;
	return nftw(path, remove_one, 32, FTW_DEPTH | FTW_PHYS);
}
