// SPDX-License-Identifier: GPL-2.0-only
/*
 * Firmware for the virtual Adreno, made here: a header that the msm driver
 * reads, and nothing behind it. The virtual command processor does not look.
 */

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lab.h"

#define DIR_NAME "/lib/firmware/qcom"

struct blob {
	const char *name;
	uint32_t size;		/* in dwords */
	uint32_t words[4];	/* the first of them; the rest is zero */
};

/*
 * pm4 and pfp of a530: once the first dword is cut off, a low nibble of 0xa
 * says that the third has a version, and one of 1 or more has the WHERE_AM_I
 * packet and with it four rings.
 * sqe: a version of at least 0x190 in the low bits has it too.
 * gpmu of a530: length of the rest, kind 2, length of the header.
 */
static const struct blob blobs[] = {
	{ "a530_pm4.fw", 16, { 0, 0xa, 0, 1 } },
	{ "a530_pfp.fw", 16, { 0, 0xa, 0, 1 } },
	{ "a530v3_gpmu.fw2", 16, { 10, 2, 0 } },
	{ "a630_sqe.fw", 16, { 0, 0x00000190 } },
	{ "a650_sqe.fw", 16, { 0, 0x00000190 } },
	{ "a660_sqe.fw", 16, { 0, 0x00000190 } },
	{ "a730_sqe.fw", 16, { 0, 0x00000190 } },
	{ "a630_gmu.bin", 64, { 0 } },
	{ "a640_gmu.bin", 64, { 0 } },
	{ "a650_gmu.bin", 64, { 0 } },
	{ "a660_gmu.bin", 64, { 0 } },
	{ "gmu_gen70000.bin", 64, { 0 } },
};

static int put(const struct blob *blob)
{
	uint32_t data[64] = { 0 };
	char path[128];
	ssize_t n;
	int fd;

	memcpy(data, blob->words, sizeof(blob->words));
	snprintf(path, sizeof(path), DIR_NAME "/%s", blob->name);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (fd < 0)
		return -errno;
	n = write(fd, data, 4 * blob->size);
	close(fd);
	return n == (ssize_t)(4 * blob->size) ? 0 : -EIO;
}

/**
 * firmware_install() - put the firmware where the kernel looks for it
 *
 * Return: 0 or -errno.
 */
int firmware_install(void)
{
	unsigned int i;
	int ret;

	mkdir("/lib", 0755);
	mkdir("/lib/firmware", 0755);
	mkdir(DIR_NAME, 0755);
	for (i = 0; i < ARRAY_SIZE(blobs); i++) {
		ret = put(&blobs[i]);
		if (ret)
			return ret;
	}
	return 0;
}

/**
 * firmware_shorten() - cut all firmware off after so many bytes
 * @bytes: how many are left
 *
 * Return: 0 or -errno.
 */
int firmware_shorten(unsigned int bytes)
{
	char path[128];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(blobs); i++) {
		snprintf(path, sizeof(path), DIR_NAME "/%s", blobs[i].name);
		if (truncate(path, bytes))
			return -errno;
	}
	return 0;
}

/**
 * firmware_remove() - remove the files
 *
 * Return: 0 or -errno.
 */
int firmware_remove(void)
{
	char path[128];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(blobs); i++) {
		snprintf(path, sizeof(path), DIR_NAME "/%s", blobs[i].name);
		if (unlink(path))
			return -errno;
	}
	return 0;
}
