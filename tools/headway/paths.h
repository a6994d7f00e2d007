/* SPDX-License-Identifier: GPL-2.0-only */
/* Finding the checkout, the build folder and the fork's repository. */
#ifndef HEADWAY_PATHS_H
#define HEADWAY_PATHS_H

/*
 * Fill hw_paths: HEADWAY_TOP, HEADWAY_BUILD and HEADWAY_REPO if they are set,
 * else the nearest folder above the working directory that has topics/order,
 * its build/ and build/linux.git. What was found once is kept. Returns 0, or -1
 * after a message.
 */
int paths_find(void);
void paths_free(void);

#endif /* HEADWAY_PATHS_H */
