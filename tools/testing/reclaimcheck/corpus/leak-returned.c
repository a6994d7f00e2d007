// SPDX-License-Identifier: GPL-2.0-only
/* A lock that the caller gets, to release it by where it lies: no leak. */
// expect: nothing

#include "rc.h"

struct locks { struct mutex m[2]; };

struct mutex *lock_one(struct locks *l, int n)
{
	struct mutex *m = &l->m[n & 1];

	mutex_lock(m);
	return m;
}
