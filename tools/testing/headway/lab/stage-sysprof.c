// SPDX-License-Identifier: GPL-2.0-only
/* Stage: a profiler wants the GPU to stay powered, and a job hangs. */

#include <unistd.h>

#include <drm/drm.h>
#include <drm/msm_drm.h>

#include "lab.h"

static int set_sysprof(int fd, uint64_t value)
{
	struct drm_msm_param req = {
		.pipe = MSM_PIPE_3D0, .param = MSM_PARAM_SYSPROF, .value = value,
	};

	return gpu_ioctl(fd, DRM_IOCTL_MSM_SET_PARAM, &req);
}

/**
 * stage_hang_sysprof() - recovery powers the GPU off although a profiler wants it on
 *
 * It stays on after that, and goes off with the profiler.
 */
int stage_hang_sysprof(struct lab *lab)
{
	struct job hang = { .hang = true }, good = { .busy_us = 100 };
	int profiler = gpu_open(), fd = gpu_open(), fence_fd;
	int64_t offs = vadreno_stat("power-offs"), recovered;
	uint32_t fence;
	struct bo cmds;
	char path[256];

	check(profiler >= 0 && fd >= 0 && offs >= 0);
	check(!set_sysprof(profiler, 2));
	check(!gpu_bo_new(fd, &cmds, 4096));
	check(!gpu_submit(fd, 0, &cmds, &hang, &fence, &fence_fd));
	check(!fence_fd_wait(fence_fd, 20000));
	close(fence_fd);
	check(!gpu_run(fd, 0, &good));
	recovered = vadreno_stat("power-offs");
	/* Generation 5 has a reset of its own. */
	check(lab->gen == 5 || recovered > offs);

	/* Longer than the GPU stays on for its own sake. */
	sleep_us(500000);
	check(vadreno_stat("power-offs") == recovered);
	close(profiler);
	sleep_us(500000);
	check(vadreno_stat("power-offs") > recovered);

	check(!gpu_run(fd, 0, &good));
	gpu_bo_free(fd, &cmds);
	close(fd);
	check(!find_coredump(path, sizeof(path)));
	check(!write_file(path, "0"));
	return 0;
}
