/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * `cvio top`: all ports, live, on the terminal's other screen. The terminal is as it was before
 * however it ends, but for SIGKILL.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "base/child.h"
#include "base/exit.h"
#include "base/longopts.h"
#include "pmd/grammar/words.h"
#include "watch/commands.h"
#include "watch/telemetry.h"
#include "watch/top_view.h"

#define CTRL_C 3

static const char top_usage[] =
	"Usage: cvio top [NAME]...\n"
	"\n"
	"Show every port of the containers that run, or of those NAMEd, once a second: Mpps and\n"
	"Gbit/s each way, drops, the ring's layout, CPU time, and the share of polls that found\n"
	"nothing. q ends it.\n"
	"\n"
	"  -h, --help  this text\n";

static struct termios before;

static void write_all(const char *text, size_t size)
{
	while (size > 0) {
		ssize_t n = write(STDOUT_FILENO, text, size);

		if (n < 0 && errno != EINTR)
			return;
		if (n > 0) {
			text += n;
			size -= (size_t)n;
		}
	}
}

static void terminal_restore(const bool *changed)
{
	static const char back[] = "\x1b[?25h\x1b[?1049l";

	if (!*changed)
		return;
	write_all(back, sizeof(back) - 1);
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
}

/* Keys come one by one and aren't shown; Ctrl-C is one of them, so that nothing skips the end. */
static int terminal_change(bool *changed, struct cvio_error *err)
{
	static const char other[] = "\x1b[?1049h\x1b[?25l\x1b[H\x1b[2J";
	struct termios raw;

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO) || tcgetattr(STDIN_FILENO, &before) < 0)
		return cvio_error_set(err, CVIO_EXIT_CONFIG, -ENOTTY,
			"top: standard input and output aren't a terminal; `cvio stats` prints the "
			"counters once");
	raw = before;
	raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ISIG);
	if (tcsetattr(STDIN_FILENO, TCSAFLUSH, &raw) < 0)
		return cvio_error_set(err, CVIO_EXIT_SOFTWARE, -errno,
			"top: the terminal: %s; `cvio stats` prints the counters once",
			strerror(errno));
	*changed = true;
	write_all(other, sizeof(other) - 1);
	return 0;
}

static void draw(const struct figures *last, const struct figures *now)
{
	struct winsize size = {.ws_row = 24, .ws_col = 80};
	char *text = NULL, clock[16] = "";
	size_t length = 0;
	time_t t = time(NULL);
	struct tm local;
	FILE *out;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) < 0 || size.ws_row == 0 || size.ws_col == 0)
		size = (struct winsize){.ws_row = 24, .ws_col = 80};
	if (localtime_r(&t, &local) != NULL)
		strftime(clock, sizeof(clock), "%H:%M:%S", &local);
	out = open_memstream(&text, &length);
	if (out == NULL)
		return;
	fputs("\x1b[H", out);
	top_write(out, last, now, clock, size.ws_row, size.ws_col);
	fclose(out);
	write_all(text, length);
	free(text);
}

static int signals_open(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGWINCH);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_CLOEXEC);
}

enum event { EVENT_TIME, EVENT_RESIZED, EVENT_END };

static enum event next_event(int sig_fd, const struct timespec *until)
{
	struct pollfd fds[] = {
		{.fd = STDIN_FILENO, .events = POLLIN}, {.fd = sig_fd, .events = POLLIN}};
	struct signalfd_siginfo info;
	struct timespec now;
	char key;

	for (;;) {
		long ms;

		clock_gettime(CLOCK_MONOTONIC, &now);
		ms = (until->tv_sec - now.tv_sec) * 1000 + (until->tv_nsec - now.tv_nsec) / 1000000;
		/* a key counts even if the time has passed already */
		if (poll(fds, 2, ms > 0 ? (int)ms : 0) == 0)
			return EVENT_TIME;
		if (fds[1].revents != 0 && read(sig_fd, &info, sizeof(info)) == sizeof(info))
			return info.ssi_signo == SIGWINCH ? EVENT_RESIZED : EVENT_END;
		if (fds[0].revents != 0 &&
			(read(STDIN_FILENO, &key, 1) != 1 || key == 'q' || key == CTRL_C))
			return EVENT_END;
	}
}

static int watch(const struct words *names, int sig_fd, struct cvio_error *err)
{
	_figures_cleanup_ struct figures last = {0};
	_figures_cleanup_ struct figures now = {0};
	struct timespec until;
	enum event event;
	int r;

	clock_gettime(CLOCK_MONOTONIC, &until);
	do {
		figures_fini(&last);
		last = now;
		r = figures_collect(names, true, &now, err);
		if (r < 0)
			return r;
		until.tv_sec++;
		do {
			draw(&last, &now);
			event = next_event(sig_fd, &until);
		} while (event == EVENT_RESIZED);
	} while (event == EVENT_TIME);
	return 0;
}

static const struct option top_longopts[] = {{"help", no_argument, NULL, 'h'}, {NULL, 0, NULL, 0}};

static int parse(int argc, char **argv, struct words *names, bool *help, struct cvio_error *err)
{
	int option;

	opterr = 0;
	while ((option = getopt_long(argc, argv, "h", top_longopts, NULL)) != -1) {
		if (option == '?')
			return cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL,
				"top: %s: no such option; see `cvio help top`", argv[optind - 1]);
		*help = true;
	}
	for (; optind < argc; optind++)
		words_add(names, argv[optind]);
	return names->failed ? cvio_error_set(err, CVIO_EXIT_SOFTWARE, -ENOMEM, "out of memory")
			     : 0;
}

static int cmd_top(int argc, char **argv, struct cvio_error *err)
{
	__attribute__((cleanup(terminal_restore))) bool changed = false;
	_words_cleanup_ struct words names = {0};
	_fd_cleanup_ int sig_fd = -1;
	bool help = false;
	int r = parse(argc, argv, &names, &help, err);

	if (r == 0 && help) {
		fputs(top_usage, stdout);
		return 0;
	}
	if (r == 0)
		sig_fd = signals_open();
	if (r == 0)
		r = terminal_change(&changed, err);
	return r < 0 ? r : watch(&names, sig_fd, err);
}

const struct command top_command = {
	"top", cmd_top, "show every port, live", top_usage, top_longopts};
