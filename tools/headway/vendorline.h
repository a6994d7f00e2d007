/* SPDX-License-Identifier: GPL-2.0-only */
/* Lines that a vendor's tree has among upstream's. */
#ifndef HEADWAY_VENDORLINE_H
#define HEADWAY_VENDORLINE_H

#include "hunk.h"

/*
 * How many lines from @pos on in @im are one vendor's line: a hook
 * (trace_android_vh_...(...) up to its semicolon), the
 * include or export of one, a reserved field of a structure. 0: none.
 */
size_t vendorline_at(const struct image *im, size_t pos);

#endif /* HEADWAY_VENDORLINE_H */
