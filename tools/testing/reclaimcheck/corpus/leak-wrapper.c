// SPDX-License-Identifier: GPL-2.0-only
/* A wrapper keeps the lock for its caller. */
// expect: nothing

#include "rc.h"

static struct mutex big;

void take(void) { mutex_lock(&big); }
void give(void) { mutex_unlock(&big); }

void user(void)
{
	take();
	give();
}
