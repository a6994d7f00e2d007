// SPDX-License-Identifier: GPL-2.0-only
/* Interfaces that allocate far away are reported at their boundary. */
// expect: reclaim run -> request_firmware

#include "rc.h"

static struct fence *run(struct job *job)
{
	request_firmware(NULL, "a.bin", job);
	return NULL;
}

RUN_JOB(run);
