/* SPDX-License-Identifier: GPL-2.0-only */
/* The index of a pack, version 2, as gitformat-pack(5) describes it. */
#ifndef HEADWAY_PACKINDEX_H
#define HEADWAY_PACKINDEX_H

#include <stddef.h>
#include <stdint.h>

#include <git2.h>

struct pack_entry {
	git_oid id;
	uint32_t crc;		/* of the object's bytes as they are in the pack */
	uint64_t offset;	/* where they begin */
};

/**
 * packindex_build() - the bytes of an index
 * @entries: the pack's objects, each once; sorted by id on return
 * @n: how many
 * @pack_sum: the checksum at the end of the pack, GIT_OID_RAWSZ bytes
 * @len: set to the number of bytes
 *
 * Return: the bytes, to be freed.
 */
unsigned char *packindex_build(struct pack_entry *entries, uint32_t n,
			       const unsigned char *pack_sum, size_t *len);

#endif /* HEADWAY_PACKINDEX_H */
