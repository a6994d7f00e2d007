/* SPDX-License-Identifier: GPL-2.0-only */
/* A process that says itself which buffer is where (VM_BIND). */
#ifndef HEADWAY_LAB_VM_H
#define HEADWAY_LAB_VM_H

#include <drm/drm.h>
#include <drm/msm_drm.h>

#include "lab.h"

#ifdef MSM_PARAM_EN_VM_BIND

#define BO_SIZE		65536
/* The driver has 4 GiB of all VMs for itself. */
#define CMDS_IOVA	0x101000000ULL
#define DATA_IOVA	0x102000000ULL

/**
 * struct vm - a file with a VM of its own
 * @fd: the file
 * @queue: where buffers are bound
 * @cmds: the packets of its only job; gone from here once they are written
 * @size: of the packets, in bytes
 * @data: what the job writes to
 */
struct vm {
	int fd;
	uint32_t queue;
	struct bo cmds;
	uint32_t size;
	struct bo data;
};

int vm_bind(struct vm *vm, struct drm_msm_vm_bind_op *ops, uint32_t n,
	    int in, int *out);
int vm_fence_done(int fence_fd);
int vm_new_handle(struct vm *vm, uint32_t *handle);
int vm_close_handle(struct vm *vm, uint32_t handle);
int vm_submit(struct vm *vm, uint32_t *fence);
int vm_new(struct vm *vm);
int vm_open(struct vm *vm, uint32_t busy_us);

/* stage-vmbind.c */
int one_for_all(struct lab *lab);

#endif

int no_vm_bind(void);

#endif /* HEADWAY_LAB_VM_H */
