/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Compression as git stores objects, by libdeflate: two to three times as fast
 * as zlib at the same level.
 */
#ifndef HEADWAY_DEFLATE_H
#define HEADWAY_DEFLATE_H

#include <stddef.h>

/* A compressor and its buffer: one for each thread. */
struct deflate;

/** deflate_new() - a compressor, never NULL; free it with deflate_free() */
struct deflate *deflate_new(void);
void deflate_free(struct deflate *d);

/**
 * deflate_data() - compress to a zlib stream, at a fast level
 * @d: the thread's compressor
 * @data: what
 * @len: how many bytes
 * @z_len: set to the number of compressed bytes
 *
 * Return: the compressed bytes, valid until the next call with the same @d.
 */
const void *deflate_data(struct deflate *d, const void *data, size_t len,
			 size_t *z_len);

/** deflate_bound() - the most bytes that deflate_data() makes of @len */
size_t deflate_bound(size_t len);

#endif /* HEADWAY_DEFLATE_H */
