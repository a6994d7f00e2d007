// SPDX-License-Identifier: GPL-2.0-only
/* Stage: "rd" gets a new reader while a submit is dumped for the last one. */

#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lab.h"

#define RD		"/sys/kernel/debug/dri/*/rd"
#define RD_FULL		"/sys/module/msm/parameters/rd_full"

/* A job whose dump, with all it needs, is more than the file @rd keeps. */
static pid_t submitter(int rd)
{
	struct job job = { .busy_us = 10 };
	pid_t pid = fork();
	int fd;

	if (pid)
		return pid;
	/* Or the parent's is not the last one to be closed. */
	close(rd);
	fd = gpu_open();
	_exit(fd < 0 || gpu_run(fd, 0, &job));
}

/* Wait until a process sleeps, and nobody wakes it up: it waits for the reader. */
static int wait_until_stuck(pid_t pid)
{
	char path[64], stat[256], *end;
	int tries, stuck = 0;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	for (tries = 0; tries < 100 && stuck < 3; tries++) {
		sleep_us(10000);
		check(read_file(path, stat, sizeof(stat)) > 0);
		end = strrchr(stat, ')');
		stuck = end && end[2] == 'D' ? stuck + 1 : 0;
	}
	check(stuck == 3);
	return 0;
}

/* Open the file for another reader before the writer has seen that the last is gone. */
static int open_anew(int *rd)
{
	struct sched_param fifo = { .sched_priority = 1 }, other = { 0 };

	/* So that whom it wakes does not get the processor in between. */
	check(!sched_setscheduler(0, SCHED_FIFO, &fifo));
	close(*rd);
	*rd = open_dump(RD);
	check(!sched_setscheduler(0, SCHED_OTHER, &other));
	check(*rd >= 0);
	/* Now it does, and finds a file that is open and empty. */
	sleep_us(50000);
	return 0;
}

/** stage_rd_reopen() - a new reader of "rd" while a submit is dumped for the last one */
int stage_rd_reopen(struct lab *lab)
{
	int rd = open_dump(RD), status, ret;
	pid_t pid;

	(void)lab;
	check(rd >= 0);
	check(!write_file(RD_FULL, "Y"));
	pid = submitter(rd);
	check(pid > 0);
	ret = wait_until_stuck(pid);
	if (!ret)
		ret = open_anew(&rd);
	/* Nobody reads, so the dump ends at the latest when this is closed. */
	close(rd);
	check(waitpid(pid, &status, 0) == pid);
	check(!write_file(RD_FULL, "N"));
	check(!ret && !status);
	return 0;
}
