/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What an ordinary program calls. Each line tells a call and its answer, which must be the same on
 * the host and in an image. A call that could change something is made with an argument that fails
 * before: a bad address (EFAULT), a descriptor or number that there isn't. So a filter's ENOSYS or
 * EPERM is seen, and nothing happens.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define NOWHERE 1 /* no address that can be read or written */
#define NO_FD (-1)
#define CALL(name, ...)             \
	{                           \
#name, SYS_##name,  \
		{                   \
			__VA_ARGS__ \
		}                   \
	}

static const struct {
	const char *name;
	long number;
	long args[6];
} calls[] = {
	CALL(accept4, NO_FD, 0, 0, 0),
	CALL(brk, 0),
	CALL(chdir, NOWHERE),
	CALL(clock_getres, CLOCK_MONOTONIC, 0),
	CALL(clock_nanosleep, CLOCK_MONOTONIC, 0, NOWHERE, 0),
	CALL(dup, NO_FD),
	CALL(fadvise64, NO_FD, 0, 0, 0),
	CALL(fchdir, NO_FD),
	CALL(fdatasync, NO_FD),
	CALL(fsync, NO_FD),
	CALL(getcpu, 0, 0, 0),
	CALL(getcwd, NOWHERE, 4096),
	CALL(getegid, 0),
	CALL(geteuid, 0),
	CALL(getgid, 0),
	CALL(getgroups, 0, 0),
	CALL(getitimer, 0, NOWHERE),
	CALL(getpeername, NO_FD, 0, 0),
	CALL(getpgid, 0),
	CALL(getpid, 0),
	CALL(getppid, 0),
	CALL(getpriority, 0, 0),
	CALL(getresgid, NOWHERE, NOWHERE, NOWHERE),
	CALL(getresuid, NOWHERE, NOWHERE, NOWHERE),
	CALL(getrusage, 0, NOWHERE),
	CALL(getsid, 0),
	CALL(getsockname, NO_FD, 0, 0),
	CALL(getsockopt, NO_FD, 0, 0, 0, 0),
	CALL(getuid, 0),
	CALL(kill, 0x7fffffff, 0),
	CALL(lseek, NO_FD, 0, SEEK_SET),
	CALL(lstat, NOWHERE, NOWHERE),
	CALL(madvise, NOWHERE, 4096, MADV_NORMAL),
	CALL(mremap, NOWHERE, 4096, 4096, 0),
	CALL(msync, NOWHERE, 4096, MS_SYNC),
	CALL(preadv, NO_FD, 0, 0, 0, 0),
	CALL(pselect6, 0, 0, 0, 0, NOWHERE, 0),
	CALL(pwritev, NO_FD, 0, 0, 0, 0),
	CALL(rename, NOWHERE, NOWHERE),
	CALL(renameat, NO_FD, NOWHERE, NO_FD, NOWHERE),
	CALL(rmdir, NOWHERE),
	CALL(rt_sigpending, NOWHERE, 8),
	CALL(rt_sigqueueinfo, 0x7fffffff, 0, NOWHERE),
	CALL(rt_sigsuspend, NOWHERE, 8),
	CALL(rt_sigtimedwait, NOWHERE, 0, 0, 8),
	CALL(sched_get_priority_max, SCHED_FIFO),
	CALL(sched_get_priority_min, SCHED_FIFO),
	CALL(sched_getparam, 0, 0),
	CALL(sched_getscheduler, 0),
	CALL(sched_rr_get_interval, 0, NOWHERE),
	CALL(sched_yield, 0),
	CALL(select, 0, 0, 0, 0, NOWHERE),
	CALL(set_robust_list, 0, 0),
	CALL(setsockopt, NO_FD, 0, 0, 0, 0),
	CALL(shutdown, NO_FD, 0),
	CALL(socketpair, AF_UNIX, SOCK_STREAM, 0, NOWHERE),
	CALL(statfs, NOWHERE, NOWHERE),
	CALL(sysinfo, NOWHERE),
	CALL(timer_create, CLOCK_MONOTONIC, NOWHERE, NOWHERE),
	CALL(timer_delete, NO_FD),
	CALL(timer_getoverrun, NO_FD),
	CALL(timer_gettime, NO_FD, NOWHERE),
	CALL(timer_settime, NO_FD, 0, NOWHERE, 0),
	CALL(timerfd_gettime, NO_FD, NOWHERE),
	CALL(times, NOWHERE),
	CALL(truncate, NOWHERE, 0),
	CALL(uname, NOWHERE),
	CALL(wait4, NO_FD, 0, WNOHANG, 0),
};

static void ignore(int signal)
{
	(void)signal;
}

static void child_end(pid_t child, const char *what)
{
	int status = -1;
	bool ok = child > 0 && waitpid(child, &status, 0) == child && status == 0;

	printf("%s %s\n", what, ok ? "ok" : strerror(errno));
}

static void children(void)
{
	pid_t child = (pid_t)syscall(SYS_fork);

	if (child == 0)
		_exit(0);
	child_end(child, "fork");
	child = vfork();
	if (child == 0)
		_exit(0);
	child_end(child, "vfork");
	child = fork();
	if (child == 0)
		_exit(setsid() == getpid() ? 0 : 1);
	child_end(child, "setsid");
}

/* A child sends signals until one arrives in pause(). */
static void call_pause(void)
{
	struct timespec soon = {.tv_nsec = 10000000};
	pid_t child;

	signal(SIGALRM, ignore);
	child = fork();
	if (child < 0)
		return;
	while (child == 0) {
		nanosleep(&soon, NULL);
		if (kill(getppid(), SIGALRM) < 0)
			_exit(1);
	}
	printf("pause %d ", pause());
	puts(strerror(errno));
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
}

/* Tenths of a second that a call takes. */
static long tenths_since(const struct timespec *begin)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return ((now.tv_sec - begin->tv_sec) * 1000000000L + now.tv_nsec - begin->tv_nsec) /
	       100000000L;
}

static void sleeps(void)
{
	struct timespec begin, pause = {.tv_nsec = 210000000};
	struct timeval tv = {.tv_usec = 110000};

	clock_gettime(CLOCK_MONOTONIC, &begin);
	clock_nanosleep(CLOCK_MONOTONIC, 0, &pause, NULL);
	printf("clock_nanosleep sleeps: %s\n", tenths_since(&begin) >= 2 ? "yes" : "no");
	clock_gettime(CLOCK_MONOTONIC, &begin);
	int ready = select(0, NULL, NULL, NULL, &tv);
	printf("select %d, and sleeps: %s\n", ready, tenths_since(&begin) >= 1 ? "yes" : "no");
}

/* What a program notices: the same bytes again after rewind(), a socket's option, a folder. */
static void works(void)
{
	char first[8] = "", again[8] = "-", folder[256];
	struct utsname name;
	int on = 1, pair[2];
	FILE *f = fopen("/proc/self/status", "r");

	if (f != NULL) {
		printf("fread %zu\n", fread(first, 1, sizeof(first), f));
		rewind(f);
		printf("fread %zu\n", fread(again, 1, sizeof(again), f));
		fclose(f);
	}
	printf("the same after rewind: %s\n",
		memcmp(first, again, sizeof(first)) == 0 ? "yes" : "no");
	printf("socketpair %d\n", socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
	printf("setsockopt %d\n", setsockopt(pair[0], SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)));
	printf("uname %d\n", uname(&name));
	printf("getcwd %s\n", getcwd(folder, sizeof(folder)) != NULL ? "ok" : strerror(errno));
	printf("getpid is positive: %s\n", getpid() > 0 ? "yes" : "no");
}

int main(void)
{
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		const long *a = calls[i].args;
		long result = syscall(calls[i].number, a[0], a[1], a[2], a[3], a[4], a[5]);

		/* whoever it is that calls, and however long it has run */
		printf("%s %s\n", calls[i].name, result < 0 ? strerror(errno) : "ok");
	}
	children();
	call_pause();
	sleeps();
	works();
	fflush(stdout);
	return 0;
}
