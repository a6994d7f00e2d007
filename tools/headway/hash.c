// SPDX-License-Identifier: GPL-2.0-only
/*
 * Checksums.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <gcrypt.h>

#include "hash.h"
#include "headway.h"
#include "xalloc.h"

struct hash {
	gcry_md_hd_t md;
	int algo;
};

int hash_init(void)
{
	if (gcry_control(GCRYCTL_INITIALIZATION_FINISHED_P))
		return 0;
	if (!gcry_check_version("1.8.0")) {
		hw_set_exit(HW_ENV);
		return hw_error("libgcrypt is older than 1.8.0");
	}
	/* Nothing here is secret, and locked memory is scarce. */
	gcry_control(GCRYCTL_DISABLE_SECMEM, 0);
	gcry_control(GCRYCTL_INITIALIZATION_FINISHED, 0);
	return 0;
}

void hash_object(git_oid *id, git_object_t type, const void *data, size_t len)
{
	char header[64];
	gcry_buffer_t parts[2] = {
		{ .data = header },
		{ .data = (void *)data, .len = len },
	};

	parts[0].len = snprintf(header, sizeof(header), "%s %zu",
				git_object_type2string(type), len) + 1;
	gcry_md_hash_buffers(GCRY_MD_SHA1, 0, id->id, parts, 2);
}

struct hash *hash_new(enum hash_kind kind)
{
	struct hash *h = xcalloc(1, sizeof(*h));

	h->algo = kind == HASH_SHA1 ? GCRY_MD_SHA1 : GCRY_MD_SHA256;
	if (gcry_md_open(&h->md, h->algo, 0)) {
		hw_error("libgcrypt has no memory for a checksum");
		exit(HW_ENV);
	}
	return h;
}

void hash_update(struct hash *h, const void *data, size_t len)
{
	gcry_md_write(h->md, data, len);
}

const unsigned char *hash_raw(struct hash *h)
{
	return gcry_md_read(h->md, h->algo);
}

void hash_hex(struct hash *h, char *hex)
{
	const unsigned char *raw = hash_raw(h);

	for (size_t i = 0; i < gcry_md_get_algo_dlen(h->algo); i++)
		sprintf(hex + 2 * i, "%02x", raw[i]);
}

void hash_free(struct hash *h)
{
	if (!h)
		return;
	gcry_md_close(h->md);
	free(h);
}

int hash_file(const char *path, char hex[SHA256_HEX + 1])
{
	const size_t size = 256 * 1024;
	struct hash *h;
	ssize_t got;
	char *buf;
	int fd, saved;

	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	h = hash_new(HASH_SHA256);
	buf = xcalloc(1, size);
	while ((got = read(fd, buf, size)) > 0)
		hash_update(h, buf, got);
	saved = errno;
	if (!got)
		hash_hex(h, hex);
	free(buf);
	hash_free(h);
	close(fd);
	errno = saved;
	return got ? -1 : 0;
}
