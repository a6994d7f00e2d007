// SPDX-License-Identifier: GPL-2.0-only
/* A lock that is taken and never released. */
// expect: leak sync -> big

#include "rc.h"

static struct mutex big, small;

void sync(int n)
{
	mutex_lock(&small);
	if (n) {
		mutex_unlock(&small);
		return;
	}
	mutex_lock(&big);
	mutex_unlock(&small);
}

void fine(void)
{
	mutex_lock(&big);
	mutex_unlock(&big);
}
