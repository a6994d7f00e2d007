// SPDX-License-Identifier: GPL-2.0-only
/* Small files of sysfs, procfs and debugfs. */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lab.h"

/**
 * write_file() - write a text to a file, in one write
 * @path: the file
 * @text: the text
 *
 * Return: 0 or -errno.
 */
int write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return -errno;
	n = write(fd, text, strlen(text));
	if (n < 0)
		n = -errno;
	close(fd);
	return n < 0 ? n : 0;
}

/**
 * read_file() - read the start of a file
 * @path: the file
 * @buf: where to put it, as a string
 * @size: of @buf
 *
 * Return: length or -errno.
 */
int read_file(const char *path, char *buf, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t len = 0;
	ssize_t n = 0;

	if (fd < 0)
		return -errno;
	while (len < size - 1) {
		n = read(fd, buf + len, size - 1 - len);
		if (n <= 0)
			break;
		len += n;
	}
	if (n < 0)
		n = -errno;
	close(fd);
	buf[len] = '\0';
	return n < 0 ? n : (int)len;
}

/**
 * read_number() - read a file that holds a number
 * @path: the file
 *
 * Return: the number or -errno.
 */
int64_t read_number(const char *path)
{
	char buf[64];
	int ret = read_file(path, buf, sizeof(buf));

	return ret < 0 ? ret : strtoll(buf, NULL, 0);
}

/**
 * find_line() - find "PREFIX NUMBER" in a file
 * @path: the file
 * @prefix: what the line starts with
 * @value: where to put the number
 *
 * Return: 0 or -errno.
 */
int find_line(const char *path, const char *prefix, int64_t *value)
{
	FILE *f = fopen(path, "re");
	char line[256];
	int ret = -ENOENT;

	if (!f)
		return -errno;
	while (ret && fgets(line, sizeof(line), f)) {
		if (strncmp(line, prefix, strlen(prefix)))
			continue;
		*value = strtoll(line + strlen(prefix), NULL, 0);
		ret = 0;
	}
	fclose(f);
	return ret;
}

/**
 * vadreno_stat() - a number that the virtual GPU counted
 * @name: its name in debugfs/vadreno/stats
 *
 * Return: the number or -errno.
 */
int64_t vadreno_stat(const char *name)
{
	char path[128];
	int64_t n;
	int ret;

	snprintf(path, sizeof(path), "%s/stats", vadreno_dir);
	ret = find_line(path, name, &n);
	return ret ? ret : n;
}
