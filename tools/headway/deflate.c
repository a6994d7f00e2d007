// SPDX-License-Identifier: GPL-2.0-only
/*
 * Compression.
 */
#include <stdlib.h>

#include <libdeflate.h>

#include "deflate.h"
#include "headway.h"
#include "xalloc.h"

/*
 * Measured on 6.1: level 1 gives a pack of a quarter of a gigabyte; higher
 * levels cost more time than they save disk.
 */
#define LEVEL 1

struct deflate {
	struct libdeflate_compressor *c;
	char *buf;
	size_t size;
};

struct deflate *deflate_new(void)
{
	struct deflate *d = xcalloc(1, sizeof(*d));

	d->c = libdeflate_alloc_compressor(LEVEL);
	if (!d->c) {
		hw_error("out of memory for compression");
		exit(HW_ENV);
	}
	return d;
}

void deflate_free(struct deflate *d)
{
	if (!d)
		return;
	libdeflate_free_compressor(d->c);
	free(d->buf);
	free(d);
}

size_t deflate_bound(size_t len)
{
	/* Without a compressor: the bound that holds for every level. */
	return libdeflate_zlib_compress_bound(NULL, len);
}

const void *deflate_data(struct deflate *d, const void *data, size_t len,
			 size_t *z_len)
{
	size_t bound = deflate_bound(len);

	if (bound > d->size) {
		/* Nothing in it is worth the copy that realloc() would make. */
		free(d->buf);
		d->buf = xcalloc(1, bound);
		d->size = bound;
	}
	*z_len = libdeflate_zlib_compress(d->c, data, len, d->buf, d->size);
	return d->buf;
}
