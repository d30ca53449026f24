/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Each container is started by a `cvio run -d` of its own, which checks, waits until it is ready
 * and leaves nothing when it fails; so there is one way to run a container. A few start at the same
 * time: much of a start is podman waiting for the kernel. They end with us, should we be killed.
 */
#include "chain/chain_run.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "base/child.h"
#include "base/exit.h"

#define JOBS 4      /* at the same time */
#define TICK 1000   /* ms: how long a line of a start that goes on may be held back */
#define LINES 16384 /* bytes of its lines that are looked at in one go */

struct job {
	const struct chain_step *step; /* NULL: the place is free */
	struct child child;
	int err_fd;   /* its stderr, a memfd; owned */
	off_t shown;  /* bytes of it that were passed on */
	double begin; /* s */
};

struct runner {
	const struct chain_plan *plan;
	struct job jobs[JOBS];
	size_t running;
	int sig_fd;
	int result;
	struct cvio_error *err;
};

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static int job_start(const struct chain_plan *plan, const struct chain_step *step, struct job *job,
	struct cvio_error *err)
{
	_words_cleanup_ struct words argv = {0};
	_fd_cleanup_ int err_fd = memfd_create("stderr", MFD_CLOEXEC);
	_fd_cleanup_ int null_fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
	struct child_options options = {.out_fd = null_fd,
		.err_fd = err_fd,
		.apart = true,
		.unset_notify = true,
		.end_with_parent = true};
	int r;

	if (err_fd < 0 || null_fd < 0)
		return cvio_error_set(err, CVIO_EXIT_SOFTWARE, -errno,
			"up: descriptors: %s; raise `ulimit -n`", strerror(errno));
	words_add(&argv, "/proc/self/exe");
	chain_step_command(plan, step, true, &argv);
	if (argv.failed)
		return cvio_error_set(err, CVIO_EXIT_SOFTWARE, -ENOMEM, "out of memory");
	r = child_start(&argv, &options, &job->child, err);
	if (r < 0)
		return r;
	job->step = step;
	job->err_fd = err_fd;
	job->shown = 0;
	job->begin = now();
	err_fd = -1;
	return 0;
}

/* Read the lines that weren't passed on yet; false when there are none. */
static bool job_lines(struct job *job, char *text)
{
	ssize_t n = pread(job->err_fd, text, LINES - 1, job->shown);

	text[n > 0 ? n : 0] = '\0';
	return n > 0;
}

/* Pass on whole lines. */
static void job_show(struct job *job)
{
	char text[LINES];
	char *end;

	if (!job_lines(job, text))
		return;
	end = strrchr(text, '\n');
	if (end == NULL)
		return;
	end[1] = '\0';
	fputs(text, stderr);
	job->shown += end + 1 - text;
}

static void jobs_end(struct runner *r)
{
	for (size_t i = 0; i < JOBS; i++)
		if (r->jobs[i].step != NULL)
			kill(r->jobs[i].child.pid, SIGTERM);
}

/* The first failure is the one that is told; others follow from our ending them. */
static void job_failed(
	struct runner *r, const struct chain_step *step, int status, const char *reason)
{
	static const char prefix[] = "cvio: ";

	if (r->result < 0)
		return;
	if (strncmp(reason, prefix, sizeof(prefix) - 1) == 0)
		reason += sizeof(prefix) - 1;
	if (*reason == '\0')
		reason = "see the lines above";
	chain_error(r->err, r->plan->chain->file, step->container->place, "%s: %s",
		step->container->name, reason);
	r->err->exit_code = status;
	r->result = -ECHILD;
	jobs_end(r);
}

static void job_finish(struct runner *r, struct job *job)
{
	const struct chain_step *step = job->step;
	int status = child_reap(&job->child);
	char text[LINES];

	r->running--;
	job->step = NULL;
	if (status == 0) {
		job_show(job);
		fprintf(stderr, "cvio: up: %s: ready in %.1f s\n", step->container->name,
			now() - job->begin);
	} else {
		char *last;

		job_lines(job, text);
		last = last_line(text);
		fwrite(text, 1, (size_t)(last - text), stderr);
		job_failed(r, step, status, last);
	}
	fd_close(&job->err_fd);
}

static void interrupted(struct runner *r)
{
	struct signalfd_siginfo info = {.ssi_signo = SIGTERM};

	if (read(r->sig_fd, &info, sizeof(info)) < 0)
		info.ssi_signo = SIGTERM;
	r->sig_fd = -1;
	if (r->result < 0)
		return;
	r->result = cvio_error_set(r->err, 128 + (int)info.ssi_signo, -EINTR, "up: interrupted");
	jobs_end(r);
}

static void wait_some(struct runner *r)
{
	struct pollfd fds[JOBS + 1];
	int n;

	for (size_t i = 0; i < JOBS; i++)
		fds[i] =
			(struct pollfd){.fd = r->jobs[i].step != NULL ? r->jobs[i].child.pidfd : -1,
				.events = POLLIN};
	fds[JOBS] = (struct pollfd){.fd = r->sig_fd, .events = POLLIN};
	n = poll(fds, JOBS + 1, r->running > 0 ? TICK : 0);
	for (size_t i = 0; i < JOBS; i++) {
		if (r->jobs[i].step == NULL)
			continue;
		if (n > 0 && fds[i].revents != 0)
			job_finish(r, &r->jobs[i]);
		else if (n == 0)
			job_show(&r->jobs[i]);
	}
	if (n > 0 && fds[JOBS].revents != 0)
		interrupted(r);
}

static void start_one(struct runner *r, const struct chain_step *step)
{
	struct job *job = r->jobs;
	int ret;

	while (job->step != NULL)
		job++;
	ret = job_start(r->plan, step, job, r->err);
	if (ret == 0) {
		r->running++;
	} else {
		r->result = ret;
		jobs_end(r);
	}
}

int chain_run(const struct chain_plan *plan, const bool *start, int sig_fd, struct cvio_error *err)
{
	struct runner r = {.plan = plan, .sig_fd = sig_fd, .err = err};
	unsigned int level = 0;
	size_t next = 0;

	while (r.running > 0 || (next < plan->count && r.result == 0)) {
		const struct chain_step *step = &plan->steps[next];

		if (r.running == 0 && next < plan->count)
			level = step->level;
		if (r.result < 0 || next == plan->count || r.running == JOBS ||
			(start[next] && step->level != level)) {
			wait_some(&r);
			continue;
		}
		if (start[next])
			start_one(&r, step);
		next++;
	}
	/* one that came meanwhile */
	wait_some(&r);
	return r.result;
}
