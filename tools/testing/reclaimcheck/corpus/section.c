// SPDX-License-Identifier: GPL-2.0-only
/* A section is a root from its begin to its end, and no further. */
// expect: reclaim inside -> kmalloc

#include "rc.h"

static void *inside(int n) { return kmalloc(n, GFP_KERNEL); }

void *work(int n)
{
	bool cookie;
	void *p;

	kfree(kmalloc(n, GFP_KERNEL));
	cookie = dma_fence_begin_signalling();
	p = inside(n);
	dma_fence_end_signalling(cookie);
	kfree(kmalloc(n, GFP_KERNEL));
	return p;
}
