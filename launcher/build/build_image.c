/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * buildah removes its working containers when a step fails, but not when a signal ends it. So a
 * signal isn't passed on to it: what the present step runs is killed instead, again and again until
 * buildah has ended; its own steps take well under a second.
 */
#include "build/build_image.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "base/child.h"
#include "base/exit.h"
#include "build/build_context.h"
#include "build/build_progress.h"
#include "pmd/grammar/words.h"

#define TICK 200 /* ms between two looks at the clock, or two kills */

unsigned long long build_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (unsigned long long)now.tv_sec * 1000 + (unsigned long long)now.tv_nsec / 1000000;
}

/*
 * Without them the digest would tell of times, of buildah's version, and of the name and the form
 * in which the base happens to be stored. Layers of earlier builds would be kept and shown as
 * images without a name.
 */
static void argv_make(struct words *argv, const struct build_context *context, const char *name,
	const char *cpu, const char *label)
{
	static const char *const flags[] = {"buildah", "bud", "--format", "oci", "--layers=false",
		"--timestamp", "0", "--identity-label=false", "--omit-history", "--annotation",
		"org.opencontainers.image.base.name=", "--annotation",
		"org.opencontainers.image.base.digest=", "--pull-never", "--force-rm"};

	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
		words_add(argv, flags[i]);
	if (cpu != NULL) {
		static const char *const images[] = {"localhost/cvio/sdk", "localhost/cvio/base"};

		for (size_t i = 0; i < 2; i++) {
			words_add(argv, "--build-context");
			words_addf(argv, "%s=container-image://%s:%s", images[i], images[i], cpu);
		}
	}
	if (label != NULL) {
		words_add(argv, "--label");
		words_add(argv, label);
	}
	words_add(argv, "--file");
	words_add(argv, context->file);
	words_add(argv, "--tag");
	words_add(argv, name);
	words_add(argv, context->folder);
}

/* The parent of a process; 0 if it is buildah itself (in any of its roles) or can't be read. */
static pid_t parent_of(pid_t pid, bool *buildah)
{
	char path[64], text[1024] = "", *end;
	_fd_cleanup_ int fd = -1;
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/%d/cmdline", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
	*buildah = n > 0 && strstr(text, "buildah") != NULL;
	fd_close(&fd);
	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
	text[n > 0 ? n : 0] = '\0';
	end = strrchr(text, ')');
	return end == NULL || strlen(end) < 5 ? 0 : (pid_t)strtol(end + 4, NULL, 10);
}

static bool descends(pid_t pid, pid_t from)
{
	bool buildah;

	for (int depth = 0; pid > 1 && depth < 64; depth++) {
		pid = parent_of(pid, &buildah);
		if (pid == from)
			return true;
	}
	return false;
}

/* What the present step runs. */
static void kill_step(pid_t buildah_pid)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;
	bool buildah;

	while (proc != NULL && (entry = readdir(proc)) != NULL) {
		pid_t pid = isdigit((unsigned char)entry->d_name[0])
				    ? (pid_t)strtol(entry->d_name, NULL, 10)
				    : 0;

		if (pid <= 1 || !descends(pid, buildah_pid))
			continue;
		parent_of(pid, &buildah);
		if (!buildah)
			kill(pid, SIGKILL);
	}
	if (proc != NULL)
		closedir(proc);
}

/* Returns false once there is nothing more to come. */
static bool read_output(int fd, struct build_progress *progress)
{
	char data[4096];
	ssize_t n = read(fd, data, sizeof(data));

	if (n > 0)
		build_progress_feed(progress, data, (size_t)n, build_now());
	return n > 0 || (n < 0 && errno == EINTR);
}

/* Until buildah ends; returns the signal that came, 0 if none did. */
static int supervise(
	const struct child *child, int out_fd, int sig_fd, struct build_progress *progress)
{
	struct pollfd fds[] = {{.fd = child->pidfd, .events = POLLIN},
		{.fd = out_fd, .events = POLLIN}, {.fd = sig_fd, .events = POLLIN}};
	struct signalfd_siginfo info;
	int sig = 0;

	while (fds[0].revents == 0) {
		if (poll(fds, 3, TICK) < 0)
			continue;
		if (fds[1].revents != 0 && !read_output(out_fd, progress))
			fds[1].fd = -1;
		if (fds[2].revents != 0 && read(sig_fd, &info, sizeof(info)) == sizeof(info))
			sig = (int)info.ssi_signo;
		if (sig != 0)
			kill_step(child->pid);
		build_progress_tick(progress, build_now());
	}
	while (read_output(out_fd, progress))
		;
	return sig;
}

/* Make buildah's reason into ours. */
static int refused(const struct build_progress *p, const char *cpu, struct cvio_error *err)
{
	static const char base[] = "creating build container: ", step[] = "building at STEP \"";
	const char *reason = p->reason[0] != '\0' ? p->reason : "buildah gave no reason", *end;

	if (p->glibc)
		return cvio_error_set(err, LAUNCHER_EXIT_UNFIT, -EINVAL,
			"build: an object or library for glibc is linked in, whose symbols musl "
			"doesn't have (above); compile it from source with cvio-cc");
	if (strncmp(reason, base, strlen(base)) == 0 &&
		(end = strstr(reason, ": image not known")) != NULL) {
		reason += strlen(base);
		return cvio_error_set(err, LAUNCHER_EXIT_NO_IMAGE, -ENOENT,
			"build: %.*s: not in the storage of uid %u; `make sdk-image` makes cvio's "
			"own%s%s, `cvio bundle load` brings them",
			(int)(end - reason), reason, geteuid(), cpu != NULL ? ", for " : "",
			cpu != NULL ? cpu : "");
	}
	end = strstr(reason, ": while running runtime: ");
	if (strncmp(reason, step, strlen(step)) == 0 && end != NULL)
		return cvio_error_set(err, LAUNCHER_EXIT_UNFIT, -EINVAL,
			"build: %.*s failed: %s; what it said is above",
			(int)(end - reason - strlen(step) - 1), reason + strlen(step),
			end + strlen(": while running runtime: "));
	if (strncmp(reason, step, strlen(step)) == 0)
		return cvio_error_set(err, LAUNCHER_EXIT_UNFIT, -EINVAL,
			"build: %.400s; mend the Containerfile", reason + strlen("building at "));
	return cvio_error_set(err, CVIO_EXIT_SOFTWARE, -EIO,
		"build: buildah: %.400s; mend the Containerfile, or try `buildah info`", reason);
}

static int interrupted(int sig, struct cvio_error *err)
{
	return cvio_error_set(err, 128 + sig, -EINTR, "build: interrupted; nothing was stored");
}

int build_image(const struct build_context *context, const char *name, const char *cpu,
	const char *label, int sig_fd, struct build_progress *progress, struct cvio_error *err)
{
	_words_cleanup_ struct words argv = {0};
	_fd_cleanup_ int out_fd = -1;
	struct child_options options = {
		.apart = true, .unset_notify = true, .end_with_parent = true};
	struct child child;
	int ends[2], sig, r;

	argv_make(&argv, context, name, cpu, label);
	if (argv.failed || pipe2(ends, O_CLOEXEC) < 0)
		return cvio_error_set(err, CVIO_EXIT_SOFTWARE, -ENOMEM, "out of memory");
	out_fd = ends[0];
	fcntl(out_fd, F_SETFL, O_NONBLOCK);
	options.out_fd = ends[1];
	options.err_fd = ends[1];
	r = child_start(&argv, &options, &child, err);
	close(ends[1]);
	if (r < 0)
		return r;
	sig = supervise(&child, out_fd, sig_fd, progress);
	r = child_reap(&child);
	build_progress_end(progress);
	if (sig == 0 && r == 0)
		return 0;
	build_image_discard(name);
	return sig != 0 ? interrupted(sig, err) : refused(progress, cpu, err);
}

void build_image_discard(const char *name)
{
	_capture_cleanup_ struct capture rmi = {0};

	capture_runl(&rmi, NULL, "buildah", "rmi", name, NULL);
}
