/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Checksums, by libgcrypt: several times as fast as libgit2's own SHA-1 where
 * the processor has instructions for it, and it has SHA-256.
 */
#ifndef HEADWAY_HASH_H
#define HEADWAY_HASH_H

#include <stddef.h>

#include <git2.h>

#define SHA256_HEX	64

/** hash_init() - call once, before any thread is started; 0, or -1 after an error */
int hash_init(void);

/** hash_object() - the id that git gives to an object; may be called by any thread */
void hash_object(git_oid *id, git_object_t type, const void *data, size_t len);

struct hash;

enum hash_kind {
	HASH_SHA1,
	HASH_SHA256,
};

/** hash_new() - a running checksum; free it with hash_free(). Never NULL. */
struct hash *hash_new(enum hash_kind kind);
void hash_update(struct hash *h, const void *data, size_t len);
/** hash_raw() - end and borrow the 20 or 32 bytes */
const unsigned char *hash_raw(struct hash *h);
/** hash_hex() - end and write the digits and a NUL to @hex */
void hash_hex(struct hash *h, char *hex);
void hash_free(struct hash *h);

/**
 * hash_file() - SHA-256 of a file, as hex digits and a NUL
 *
 * Return: 0, or -1 with errno set.
 */
int hash_file(const char *path, char hex[SHA256_HEX + 1]);

#endif /* HEADWAY_HASH_H */
