// SPDX-License-Identifier: GPL-2.0-only
/*
 * The index of a pack.
 */
#include <stdlib.h>
#include <string.h>

#include "hash.h"
#include "packindex.h"
#include "xalloc.h"

#define FANOUT		256
#define LARGE_OFFSET	0x80000000u

static int compare_ids(const void *a, const void *b)
{
	const struct pack_entry *x = a, *y = b;

	return memcmp(x->id.id, y->id.id, GIT_OID_RAWSZ);
}

static unsigned char *put32(unsigned char *p, uint32_t v)
{
	*p++ = v >> 24;
	*p++ = v >> 16;
	*p++ = v >> 8;
	*p++ = v;
	return p;
}

static unsigned char *put_fanout(unsigned char *p, const struct pack_entry *e,
				 uint32_t n)
{
	uint32_t i = 0;

	for (unsigned int first = 0; first < FANOUT; first++) {
		while (i < n && e[i].id.id[0] <= first)
			i++;
		p = put32(p, i);
	}
	return p;
}

/* An offset that 31 bits cannot hold goes to a second table of 64-bit ones. */
static unsigned char *put_offsets(unsigned char *p, const struct pack_entry *e,
				  uint32_t n)
{
	uint32_t i, large = 0;

	for (i = 0; i < n; i++)
		p = put32(p, e[i].offset < LARGE_OFFSET ? e[i].offset
							: LARGE_OFFSET | large++);
	for (i = 0; i < n; i++) {
		if (e[i].offset < LARGE_OFFSET)
			continue;
		p = put32(p, e[i].offset >> 32);
		p = put32(p, e[i].offset);
	}
	return p;
}

unsigned char *packindex_build(struct pack_entry *entries, uint32_t n,
			       const unsigned char *pack_sum, size_t *len)
{
	size_t most = 8 + FANOUT * 4 + (size_t)n * (GIT_OID_RAWSZ + 4 + 4 + 8) +
		      2 * GIT_OID_RAWSZ;
	unsigned char *buf = xcalloc(1, most), *p = buf;
	struct hash *sum = hash_new(HASH_SHA1);
	uint32_t i;

	qsort(entries, n, sizeof(*entries), compare_ids);
	p = put32(p, 0xff744f63);	/* "\377tOc" */
	p = put32(p, 2);
	p = put_fanout(p, entries, n);
	for (i = 0; i < n; i++) {
		memcpy(p, entries[i].id.id, GIT_OID_RAWSZ);
		p += GIT_OID_RAWSZ;
	}
	for (i = 0; i < n; i++)
		p = put32(p, entries[i].crc);
	p = put_offsets(p, entries, n);
	memcpy(p, pack_sum, GIT_OID_RAWSZ);
	p += GIT_OID_RAWSZ;
	hash_update(sum, buf, p - buf);
	memcpy(p, hash_raw(sum), GIT_OID_RAWSZ);
	p += GIT_OID_RAWSZ;
	hash_free(sum);
	*len = p - buf;
	return buf;
}
