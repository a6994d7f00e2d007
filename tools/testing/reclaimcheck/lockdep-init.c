// SPDX-License-Identifier: GPL-2.0-only
/*
 * /init of a kernel whose lockdep is asked what it saw: does a little of
 * everything that user space does, writes /proc/lockdep to the console between
 * two lines of its own, and powers the machine off. Linked statically.
 */
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct {
	const char *type, *dir;
} mounts[] = {
	{ "proc", "/proc" }, { "sysfs", "/sys" }, { "tmpfs", "/tmp" },
	{ "debugfs", "/sys/kernel/debug" }, { "devtmpfs", "/dev" },
};

/* A file of sysfs or procfs: opened, and read a little. */
static int look(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	char buf[4096];
	int fd;

	(void)ftw;
	/* What waits for an event, and the kernel's log. */
	if (type != FTW_F || !S_ISREG(st->st_mode) || strstr(path, "/trace") ||
	    strstr(path, "kmsg") || strstr(path, "fail"))
		return 0;
	fd = open(path, O_RDONLY | O_NONBLOCK);
	if (fd >= 0) {
		if (read(fd, buf, sizeof(buf)) < 0)
			buf[0] = 0;
		close(fd);
	}
	return 0;
}

static void files(void)
{
	char buf[8192] = "x";
	int fd = open("/tmp/a", O_RDWR | O_CREAT, 0600);
	char *map;

	mkdir("/tmp/d", 0700);
	for (int i = 0; i < 64; i++)
		if (write(fd, buf, sizeof(buf)) < 0)
			return;
	map = mmap(NULL, sizeof(buf), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (map != MAP_FAILED) {
		map[0] = 1;
		munmap(map, sizeof(buf));
	}
	rename("/tmp/a", "/tmp/d/b");
	if (symlink("/tmp/d/b", "/tmp/l"))
		return;
	close(fd);
	unlink("/tmp/l");
	unlink("/tmp/d/b");
	rmdir("/tmp/d");
}

static void processes(void)
{
	for (int i = 0; i < 8; i++) {
		int p[2];

		if (pipe(p))
			return;
		if (!fork()) {
			char c = 'c';

			_exit(write(p[1], &c, 1) != 1);
		}
		close(p[1]);
		if (read(p[0], &p[1], 1) < 0)
			p[1] = 0;
		close(p[0]);
		wait(NULL);
	}
}

static void copy(const char *path)
{
	static char buf[65536];
	FILE *f = fopen(path, "r");
	size_t n;

	printf("--- begin %s\n", path);
	while (f && (n = fread(buf, 1, sizeof(buf), f)))
		fwrite(buf, 1, n, stdout);
	printf("--- end %s\n", path);
	fflush(stdout);
	if (f)
		fclose(f);
}

int main(void)
{
	for (size_t i = 0; i < sizeof(mounts) / sizeof(*mounts); i++) {
		mkdir(mounts[i].dir, 0755);
		if (mount(mounts[i].type, mounts[i].dir, mounts[i].type, 0, NULL))
			printf("no %s\n", mounts[i].type);
	}
	files();
	processes();
	nftw("/proc", look, 32, FTW_PHYS);
	nftw("/sys", look, 32, FTW_PHYS);
	umount("/tmp");
	copy("/proc/lockdep");
	sync();
	reboot(RB_POWER_OFF);
	return 0;
}
