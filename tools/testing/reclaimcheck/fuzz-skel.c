// SPDX-License-Identifier: GPL-2.0-only
/*
 * libFuzzer's target: any bytes behind a header with the right hash, read and,
 * if the reader takes them, analysed.
 */
#include <stdlib.h>

#include "../../reclaimcheck/find.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	size_t len = SK_AT + SK_HEAD + size;
	unsigned char *file = rc_alloc(len), *h = file + SK_AT;
	uint64_t hash = rc_hash(bytes, size);
	struct findings fs = {};
	struct prog p = {};

	memcpy(h, SK_MAGIC, 8);
	h[8] = SK_VERSION;
	for (int i = 0; i < 8; i++) {
		h[12 + i] = (unsigned char)(hash >> (8 * i));
		h[20 + i] = (unsigned char)((uint64_t)size >> (8 * i));
	}
	memcpy(h + SK_HEAD, bytes, size);
	if (!prog_add(&p, "fuzz", (const char *)file, len)) {
		prog_link(&p);
		resolve(&p);
		flow(&p);
		solve(&p);
		find_roots(&p, &fs);
		find_all(&p, &fs);
		find_leaks(&p, &fs);
		findings_group(&p, &fs);
	}
	findings_free(&fs);
	prog_free(&p);
	rc_arena_free();
	free(file);
	return 0;
}
