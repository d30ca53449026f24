/* SPDX-License-Identifier: BSD-3-Clause */
/* `cvio run`: from the command line to a plan (run_make.c), which is printed or run. */
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "base/exit.h"
#include "run/commands.h"
#include "run/memory_note.h"
#include "run/prepare.h"
#include "run/run_make.h"
#include "run/supervise.h"
#include "state/hook_limit.h"
#include "state/hugetlbfs.h"
#include "state/stale.h"

static const char run_usage[] =
	"Usage: cvio run [OPTION]... IMAGE [-- ARGUMENT...]\n"
	"\n"
	"Check the host, then run IMAGE under podman, unprivileged. The ARGUMENTs go to the "
	"application.\n"
	"\n"
	"  --port SPEC         a port, in order; repeat it for more:\n"
	"                        vhost-user:PATH[,server][,queues=N][,wait=SECONDS]...\n"
	"                        vhost-backend:PATH[,client][,queues=N]\n"
	"                        vhost-kernel:IFNAME[,queues=N][,ip=ADDRESS/LENGTH]...\n"
	"                        pci:ADDRESS[,mtu=N]\n"
	"  --memory KIND[,SIZE[,PAGE]]\n"
	"                      auto, memfd (hugepages), mount (hugepages in files) or\n"
	"                      small (ordinary pages), and how much, such as memfd,64M;\n"
	"                      of mount also the size of pages, as in mount,2G,1G\n"
	"  --cpus LIST         CPUs to run on, such as 2-3,6\n"
	"  -d, --detach        return when the ports are up, and print the container's name\n"
	"  -t, --tty           give the application this terminal, to type into\n"
	"  --name NAME         the container's name, else cvio- and six letters\n"
	"  --dry-run           check, then print the podman command instead of running it\n"
	"  --podman-args ARGS  further options for podman run, split as a shell does\n"
	"  --force-unlabelled  run an image although it lacks cvio's labels\n"
	"  -h, --help          this text\n"
	"\n"
	"cvio-run(1) has the port grammar, the exit statuses and examples.\n";

/* What the command itself doesn't show. */
static void print_notes(const struct run *run)
{
	char text[256];

	if (run->variant.of_index)
		printf("# %s: the image for %s\n", run->options.image, run->variant.level);
	if (run->memory_spec.size > 0) {
		memory_note(&run->memory_spec, run->nodes, text, sizeof(text));
		printf("# %s\n", text);
	}
	if (run->hugetlbfs != NULL) {
		hugetlbfs_options(run->hugetlbfs, run->check_user, text, sizeof(text));
		printf("# /dev/hugepages: a hugetlbfs of its own (%s), without which the command "
		       "below has no hugepages\n",
			text);
	}
	for (size_t i = 0; i < run->ports.groups.count; i++)
		printf("# group %s: a socket is closed to others\n", run->ports.groups.list[i]);
}

static int print(const struct run *run, struct cvio_error *err)
{
	int r;

	print_notes(run);
	r = plan_print(&run->plan, stdout);
	return r < 0 ? cvio_error_set(err, CVIO_EXIT_SOFTWARE, r, "out of memory") : 0;
}

/* Its size where that is known, of hugepages if it has any, and where the host has limits of them.
 */
static const struct memory_spec *limit_of(const struct run *run)
{
	const struct memory_spec *memory = &run->memory_spec;
	bool pages = run->labelled && memory->size > 0 && memory->kind != MEMORY_SMALL;

	return pages && hook_limit_possible() ? memory : NULL;
}

static int execute(struct run *run, struct cvio_error *err)
{
	__attribute__((cleanup(preparation_close))) struct preparation preparation =
		PREPARATION_INIT;
	const struct wishes wishes = {
		.user = run->check_user,
		.ports = &run->options.ports,
		.runtime_dir = run->labelled,
		.hugetlbfs = run->hugetlbfs,
		.limit = limit_of(run),
	};
	int r;

	if (run->plan.tty && !run->options.dry_run &&
		!(isatty(STDIN_FILENO) && isatty(STDOUT_FILENO)))
		return cvio_error_set(err, CVIO_EXIT_CONFIG, -ENOTTY,
			"run: --tty: standard input and output aren't a terminal; leave it out");
	if (run->options.dry_run)
		return print(run, err);
	r = prepare(&preparation, &wishes, &run->plan, err);
	if (r < 0)
		return r;
	if (!run->options.detach)
		return run_foreground(&run->plan, err);
	r = run_detached(&run->plan, preparation.state.path, run->labelled, err);
	if (r == 0)
		state_leave(&preparation.state);
	return r;
}

int run_check(int argc, char **argv, struct cvio_error *err)
{
	_run_cleanup_ struct run run;
	int r = run_parse(argc, argv, false, &run, err);

	return r == 0 ? run_make(&run, err) : r;
}

static int cmd_run(int argc, char **argv, struct cvio_error *err)
{
	_run_cleanup_ struct run run;
	int r = run_parse(argc, argv, false, &run, err);

	if (r < 0)
		return r;
	if (run.options.help) {
		fputs(run_usage, stdout);
		return 0;
	}
	/* first, for leftovers may hold what the checks look for */
	if (!run.options.dry_run)
		stale_sweep();
	r = run_make(&run, err);
	return r == 0 ? execute(&run, err) : r;
}

const struct command run_command = {
	"run", cmd_run, "check the host, then run an image under podman", run_usage, run_longopts};
