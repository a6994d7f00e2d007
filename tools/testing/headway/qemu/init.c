// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs as /init of a kernel booted in QEMU, after the KUnit suites: looks whether
 * there is a user space to speak of, sends reclaim through every shrinker, asks
 * lockdep whether it is still watching, and powers off. The results are a KTAP
 * document in the kernel's log, where no other line can get into theirs.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define SUITE "headway_user_space"

static int log_fd = STDOUT_FILENO;

/* One write is one line of the kernel's log. */
__attribute__((format(printf, 1, 2)))
static void say(const char *fmt, ...)
{
	char line[512];
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(line, sizeof(line) - 1, fmt, ap);
	va_end(ap);
	if (n < 0)
		return;
	if (n > (int)sizeof(line) - 2)
		n = sizeof(line) - 2;
	line[n++] = '\n';
	if (write(log_fd, line, n) < 0)
		_exit(1);
}

/* What stands behind @key in the first kilobytes of the file @path, or -1. */
static long number_of(const char *path, const char *key)
{
	char buf[8192];
	size_t len = 0;
	ssize_t n;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char *at;

	if (fd < 0) {
		say("# %s: %s", path, strerror(errno));
		return -1;
	}
	while (len < sizeof(buf) - 1) {
		n = read(fd, buf + len, sizeof(buf) - 1 - len);
		if (n <= 0)
			break;
		len += n;
	}
	close(fd);
	buf[len] = '\0';
	at = strstr(buf, key);
	return at ? strtol(at + strlen(key), NULL, 10) : -1;
}

static bool put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool ok = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);

	if (!ok)
		say("# %s: %s", path, strerror(errno));
	if (fd >= 0)
		close(fd);
	return ok;
}

static bool mounts(void)
{
	static const struct {
		const char *type, *where;
	} fs[] = {
		{ "proc", "/proc" },
		{ "sysfs", "/sys" },
		{ "debugfs", "/sys/kernel/debug" },
		{ "tmpfs", "/tmp" },
	};
	bool ok = true;

	for (size_t i = 0; i < ARRAY_SIZE(fs); i++) {
		mkdir(fs[i].where, 0755);
		if (mount(fs[i].type, fs[i].where, fs[i].type, 0, NULL)) {
			say("# mount %s: %s", fs[i].where, strerror(errno));
			ok = false;
		}
	}
	return ok;
}

static bool processes(void)
{
	int status = 0;
	pid_t pid = fork();

	if (!pid)
		_exit(42);
	return pid > 0 && waitpid(pid, &status, 0) == pid &&
	       WIFEXITED(status) && WEXITSTATUS(status) == 42;
}

/* The driver that all this is about is in this kernel. */
static bool driver(void)
{
	if (!access("/sys/bus/platform/drivers/adreno", F_OK))
		return true;
	say("# drm/msm's driver \"adreno\" is not registered");
	return false;
}

/* Pages for reclaim to look at, then every shrinker, twice. */
static bool reclaim(void)
{
	size_t size = 64 << 20;
	char *p = mmap(NULL, size, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		return false;
	memset(p, 1, size);
	munmap(p, size);
	return put("/proc/sys/vm/drop_caches", "3") &&
	       put("/proc/sys/vm/drop_caches", "3");
}

/* Lockdep switches itself off at its first report. */
static bool lockdep(void)
{
	long on = number_of("/proc/lockdep_stats", " debug_locks:");

	if (on != 1)
		say("# lockdep is off: debug_locks is %ld", on);
	return on == 1;
}

static const struct {
	const char *name;
	bool (*run)(void);
} cases[] = {
	{ "mounts", mounts },
	{ "processes", processes },
	{ "driver", driver },
	{ "reclaim", reclaim },
	{ "lockdep_still_on", lockdep },
};

int main(void)
{
	int fd = open("/dev/kmsg", O_WRONLY | O_CLOEXEC);
	bool all = true;

	if (fd >= 0)
		log_fd = fd;
	say("KTAP version 1");
	say("1..1");
	say("    # Subtest: " SUITE);
	say("    1..%zu", ARRAY_SIZE(cases));
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		bool ok = cases[i].run();

		say("    %s %zu %s", ok ? "ok" : "not ok", i + 1, cases[i].name);
		all = all && ok;
	}
	say("%s 1 " SUITE, all ? "ok" : "not ok");
	sync();
	reboot(RB_POWER_OFF);
	return 1;
}
