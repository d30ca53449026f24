/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * `cvio metrics`: the figures for a monitoring system: once on standard output, as a file for
 * node_exporter's textfile collector, or served on a unix socket.
 */
#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/child.h"
#include "base/exit.h"
#include "base/longopts.h"
#include "base/signals.h"
#include "pmd/grammar/words.h"
#include "watch/commands.h"
#include "watch/metrics_http.h"
#include "watch/metrics_text.h"
#include "watch/telemetry.h"

#define INTERVAL_MAX 86400

static const char metrics_usage[] =
	"Usage: cvio metrics [--textfile FILE [--interval S] | --listen unix:PATH]\n"
	"\n"
	"Print the counters of every container that runs, as OpenMetrics text.\n"
	"\n"
	"  --textfile FILE     write FILE, whole or not at all, for node_exporter's\n"
	"                      textfile collector\n"
	"  --interval S        write it again every S seconds, and remove it at the end\n"
	"  --listen unix:PATH  serve it by HTTP on a unix socket until SIGTERM or SIGINT\n"
	"  -h, --help          this text\n";

struct metrics_options {
	const char *textfile, *listen;
	int interval; /* s; 0: once */
	bool help;
};

static int parse_interval(const char *text, struct metrics_options *o, struct cvio_error *err)
{
	char *end;
	long n = strtol(text, &end, 10);

	if (*text < '0' || *text > '9' || *end != '\0' || n < 1 || n > INTERVAL_MAX)
		return cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL,
			"metrics: --interval: %.80s: seconds are wanted, 1 to %d", text,
			INTERVAL_MAX);
	o->interval = (int)n;
	return 0;
}

static int check(int argc, char **argv, const struct metrics_options *o, struct cvio_error *err)
{
	if (optind < argc)
		return cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL,
			"metrics: %.80s: takes no arguments; see `cvio help metrics`",
			argv[optind]);
	if (o->textfile != NULL && o->listen != NULL)
		return cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL,
			"metrics: --textfile and --listen exclude each other; run it twice");
	if (o->interval > 0 && o->textfile == NULL)
		return cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL,
			"metrics: --interval: goes with --textfile; name the file");
	if (o->listen != NULL && (strncmp(o->listen, "unix:", 5) != 0 || o->listen[5] == '\0'))
		return cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL,
			"metrics: --listen: %.80s: unix:PATH is wanted", o->listen);
	return 0;
}

enum { OPTION_TEXTFILE = LONGOPT_ONLY, OPTION_INTERVAL, OPTION_LISTEN };

static const struct option metrics_longopts[] = {
	{"textfile", required_argument, NULL, OPTION_TEXTFILE},
	{"interval", required_argument, NULL, OPTION_INTERVAL},
	{"listen", required_argument, NULL, OPTION_LISTEN},
	{"help", no_argument, NULL, 'h'},
	{NULL, 0, NULL, 0},
};

static int parse(int argc, char **argv, struct metrics_options *o, struct cvio_error *err)
{
	int option, r = 0;

	opterr = 0;
	while (r == 0 && (option = getopt_long(argc, argv, ":h", metrics_longopts, NULL)) != -1) {
		if (option == '?' || option == ':')
			return cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL,
				"metrics: %s: %s; see `cvio help metrics`", argv[optind - 1],
				option == '?' ? "no such option" : "needs a value");
		if (option == OPTION_TEXTFILE)
			o->textfile = optarg;
		else if (option == OPTION_LISTEN)
			o->listen = optarg;
		else if (option == OPTION_INTERVAL)
			r = parse_interval(optarg, o, err);
		else
			o->help = true;
	}
	return r < 0 || o->help ? r : check(argc, argv, o, err);
}

static int write_to(FILE *out, struct cvio_error *err)
{
	_figures_cleanup_ struct figures figures = {0};
	int r = figures_collect(&(struct words){0}, false, &figures, err);

	if (r == 0)
		metrics_write(out, &figures);
	return r;
}

/* The collector may read at any time: the name is there only for a whole file. It takes files that
 * end in .prom, so it doesn't see the other name. */
static int write_file(const char *path, struct cvio_error *err)
{
	_words_cleanup_ struct words names = {0};
	FILE *f;
	int r;

	words_addf(&names, "%s.%d.new", path, (int)getpid());
	if (names.failed)
		return cvio_error_set(err, CVIO_EXIT_SOFTWARE, -ENOMEM, "out of memory");
	f = fopen(names.list[0], "we");
	r = f == NULL ? -errno : write_to(f, err);
	if (f != NULL && r < 0) {
		fclose(f);
		unlink(names.list[0]);
		return r;
	}
	if (f != NULL && (fclose(f) != 0 || rename(names.list[0], path) < 0))
		r = -errno;
	if (r == 0)
		return 0;
	unlink(names.list[0]);
	return cvio_error_set(err, CVIO_EXIT_CONFIG, r,
		"metrics: --textfile: %.200s: %s; name a file in a folder that is there and yours",
		path, strerror(-r));
}

/* Figures of an hour ago look like those of now: the file doesn't outlive who keeps it up. */
static int keep_file(const struct metrics_options *o, struct cvio_error *err)
{
	_fd_cleanup_ int sig_fd = o->interval > 0 ? signals_catch() : -1;
	struct pollfd fd = {.fd = sig_fd, .events = POLLIN};
	int r;

	do
		r = write_file(o->textfile, err);
	while (r == 0 && o->interval > 0 && poll(&fd, 1, o->interval * 1000) == 0);
	if (o->interval > 0)
		unlink(o->textfile);
	return r;
}

static int serve(const char *path, struct cvio_error *err)
{
	_fd_cleanup_ int sig_fd = signals_catch();
	_fd_cleanup_ int listener = metrics_listen(path, err);
	struct pollfd fds[] = {
		{.fd = listener, .events = POLLIN}, {.fd = sig_fd, .events = POLLIN}};

	if (listener < 0)
		return listener;
	while (fds[1].revents == 0) {
		if (poll(fds, 2, -1) > 0 && fds[0].revents != 0)
			metrics_serve(listener);
	}
	unlink(path);
	return 0;
}

static int cmd_metrics(int argc, char **argv, struct cvio_error *err)
{
	struct metrics_options o = {0};
	int r = parse(argc, argv, &o, err);

	if (r < 0)
		return r;
	if (o.help) {
		fputs(metrics_usage, stdout);
		return 0;
	}
	if (o.listen != NULL)
		return serve(o.listen + strlen("unix:"), err);
	return o.textfile != NULL ? keep_file(&o, err) : write_to(stdout, err);
}

const struct command metrics_command = {"metrics", cmd_metrics,
	"the counters for a monitoring system", metrics_usage, metrics_longopts};
