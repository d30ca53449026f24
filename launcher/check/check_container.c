/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Whether the engine starts a container is only known when it has started one. No image is needed
 * for it: the launcher is a static program, so a folder with a copy of it is a root file system,
 * and `cvio version` is a container's work.
 */
#include "check/check.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "base/child.h"
#include "base/exit.h"
#include "base/signals.h"
#include "check/check_rootfs.h"
#include "pmd/grammar/words.h"
#include "state/container.h"

#define NAME "container-start"
#define FILES_ASKED 65536 /* as cvio run does */
#define PROCESSES_ASKED 4096

static uint64_t limit_below(const struct rlimit *limit, uint64_t wanted)
{
	return limit->rlim_max < wanted ? limit->rlim_max : wanted;
}

/*
 * The walls are those of cvio run, so that an engine that can't build one of them fails here. So
 * are the limits: podman's own may be more than this process may give.
 */
static void make_argv(const struct check_host *host, const char *folder, struct words *argv)
{
	uint64_t files = limit_below(&host->files, FILES_ASKED);
	uint64_t processes = limit_below(&host->processes, PROCESSES_ASKED);
	static const char *const options[] = {"podman", "run", "--rm", "--cap-drop=all",
		"--security-opt=no-new-privileges", "--read-only", "--read-only-tmpfs=false",
		"--network=none", "--user=65532:65532"};

	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
		words_add(argv, options[i]);
	words_addf(argv, "--name=%s", strrchr(folder, '/') + 1);
	words_addf(argv, "--ulimit=nofile=%" PRIu64 ":%" PRIu64, files, files);
	words_addf(argv, "--ulimit=nproc=%" PRIu64 ":%" PRIu64, processes, processes);
	words_add(argv, "--rootfs");
	words_add(argv, folder);
	words_add(argv, ROOTFS_PROGRAM);
	words_add(argv, "version");
}

static void add_reason(
	const struct check_host *host, struct check_report *report, const char *reason)
{
	const char *folder = host->uid == 0 ? "/etc/containers/containers.conf.d"
					    : "~/.config/containers/containers.conf.d";

	check_add(report, NAME, CHECK_FAILURE, "%s", reason);
	if (strcasestr(reason, "hybrid mode") != NULL)
		/* crun's limit, on hosts that mount both versions of cgroups */
		check_remedy(report,
			"apt install runc; mkdir -p %s && printf '[engine]\\nruntime = "
			"\"runc\"\\n' "
			">%s/cvio.conf",
			folder, folder);
	else if (strstr(reason, ROOTFS_PROGRAM) != NULL &&
		 strcasestr(reason, "permission denied") != NULL)
		check_remedy(report, "TMPDIR=/var/tmp cvio check, if /tmp is mounted with noexec");
	else
		check_remedy(report, "podman --log-level=debug info, which tells more");
}

static uint64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static int interrupted(int sig_fd, const char *name, struct cvio_error *err)
{
	struct signalfd_siginfo info = {.ssi_signo = 0};
	char filter[128];

	if (read(sig_fd, &info, sizeof(info)) != sizeof(info))
		return 0;
	snprintf(filter, sizeof(filter), "name=^%s$", name);
	container_remove(filter);
	return cvio_error_set(err, 128 + (int)info.ssi_signo, -EINTR,
		"check: interrupted; its container is removed");
}

static int start(const struct check_host *host, const char *folder, int sig_fd,
	struct check_report *report, struct cvio_error *err)
{
	_words_cleanup_ struct words argv = {0};
	_capture_cleanup_ struct capture podman = {0};
	uint64_t begin = now_ms();
	int r;

	make_argv(host, folder, &argv);
	r = capture_run(&argv, sig_fd, &podman, err);
	if (r == 0)
		r = interrupted(sig_fd, strrchr(folder, '/') + 1, err);
	if (r < 0)
		return r;
	if (podman.status == 0 && strncmp(podman.out, "cvio ", 5) == 0)
		check_add(report, NAME, CHECK_OK, "started, ended and removed in %" PRIu64 " ms",
			now_ms() - begin);
	else
		add_reason(host, report, capture_reason(&podman));
	return 0;
}

int check_container(
	const struct check_host *host, struct check_report *report, struct cvio_error *err)
{
	_rootfs_cleanup_ struct rootfs rootfs = {""};
	_fd_cleanup_ int sig_fd = signals_catch();
	int r = sig_fd < 0 ? sig_fd : rootfs_init(&rootfs);

	if (r == 0)
		return start(host, rootfs.folder, sig_fd, report, err);
	check_add(report, NAME, CHECK_FAILURE, "%s: %s",
		rootfs.folder[0] != '\0' ? rootfs.folder : "a temporary folder", strerror(-r));
	check_remedy(report, "TMPDIR=FOLDER cvio check, with a folder that has room");
	return 0;
}
