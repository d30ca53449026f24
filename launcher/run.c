/* SPDX-License-Identifier: BSD-3-Clause */
/* `cvio run`: from the command line to a plan, each step with its own checks; then the plan is
 * printed or run. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <unistd.h>

#include "command.h"
#include "cpu_list.h"
#include "exit.h"
#include "host.h"
#include "hugetlbfs.h"
#include "image.h"
#include "memory_note.h"
#include "memory_spec.h"
#include "numa.h"
#include "plan.h"
#include "ports.h"
#include "prepare.h"
#include "run_options.h"
#include "stale.h"
#include "supervise.h"
#include "variant.h"

/* 32 ports of 8 queue pairs each, of which one takes some 4, and as much again for the application.
 */
#define NOFILE 65536

/* Threads: one an lcore (128 at most), a few of EAL's. All containers of the same user share this
 * count. */
#define NPROC 4096

const char run_usage[] =
	"Usage: cvio run [OPTION]... IMAGE [-- ARGUMENT...]\n"
	"\n"
	"Check the host, then run IMAGE under podman, unprivileged. The ARGUMENTs go to the "
	"application.\n"
	"\n"
	"  --port SPEC         a port, in order; repeat it for more:\n"
	"                        vhost-user:PATH[,server][,queues=N][,wait=SECONDS]...\n"
	"                        vhost-backend:PATH[,client][,queues=N]\n"
	"  --memory KIND[,SIZE]\n"
	"                      auto, memfd (hugepages), mount (hugepages in files) or\n"
	"                      small (ordinary pages), and how much, such as memfd,64M\n"
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

struct run {
	struct run_options options;
	struct image image;
	struct variant variant;
	struct contract contract;
	bool labelled;
	struct image_user user;
	const struct image_user *check_user; /* NULL: permissions are the engine's matter */
	struct ports ports;
	char *ports_text;
	char memory[32];
	struct memory_spec memory_spec; /* of size 0: nothing is known */
	char cpus[HOST_CPUS_TEXT];
	char nodes[256];
	char lcores[2048];
	char run_id[24];
	struct run_plan plan;
	uint64_t hugetlbfs; /* bytes of one of its own; 0: none */
	struct preparation preparation;
};

static void run_fini(struct run *run)
{
	run_options_fini(&run->options);
	image_fini(&run->image);
	ports_fini(&run->ports);
	free(run->ports_text);
	preparation_close(&run->preparation);
}

static int read_image(struct run *run, struct cvio_error *err)
{
	const char *name = run->options.image;
	int r = variant_load(name, &run->image, &run->variant, err);

	if (r < 0)
		return r;
	r = image_contract(&run->image, name, &run->contract, err);
	run->labelled = r == 0;
	if (run->labelled)
		r = host_check_level(run->contract.cpu, name, err);
	else if (run->options.force_unlabelled)
		r = 0;
	image_user(&run->image, &run->user);
	/* Rootless, the container's users are mapped to others on the host. */
	if (geteuid() == 0 && run->user.known && !run_options_change_user(&run->options))
		run->check_user = &run->user;
	return r;
}

static int check_ports(struct run *run, struct cvio_error *err)
{
	const struct words *specs = &run->options.ports;
	int r = 0;

	if (run->labelled)
		r = ports_check_count(specs->count, &run->contract, run->options.image, err);
	if (r == 0)
		r = ports_place(specs, run->check_user, &run->ports, err);
	if (r < 0 || specs->count == 0)
		return r;
	run->ports_text = ports_text(&run->ports);
	if (run->ports_text == NULL)
		return cvio_error_set(err, CVIO_EXIT_SOFTWARE, -ENOMEM, "out of memory");
	run->plan.ports = run->ports_text;
	return 0;
}

/* What --memory leaves open is as the label has it. */
static int check_memory(struct run *run, struct cvio_error *err)
{
	struct memory_spec spec = run->contract.memory, needed;
	int r;

	if (run->options.memory == NULL && !run->labelled)
		return 0;
	if (run->options.memory != NULL) {
		r = memory_spec_parse(run->options.memory, &spec, err);
		if (r < 0)
			return r;
		if (spec.size == 0)
			spec.size = run->contract.memory.size;
	}
	needed = spec;
	if (needed.size == 0)
		needed.size = MEMORY_SIZE_MIN;
	r = host_check_memory(&needed, err);
	if (r == 0)
		r = memory_spec_format(&spec, run->memory, sizeof(run->memory));
	if (r < 0)
		return r;
	run->plan.memory = run->memory;
	run->memory_spec = needed;
	run->hugetlbfs = spec.kind == MEMORY_MOUNT ? needed.size : 0;
	return 0;
}

/*
 * An engine without root seldom has a cpuset: podman drops the option, with or without a word, or
 * fails. Then the image is told where to put its lcores.
 */
static int check_cpus(struct run *run, struct cvio_error *err)
{
	cpu_set_t set;
	int r;

	if (run->options.cpus == NULL) {
		numa_nodes(NUMA_FOLDER, NULL, run->nodes, sizeof(run->nodes));
		return 0;
	}
	r = host_check_cpus(run->options.cpus, run->cpus, err);
	run->plan.cpus = run->cpus;
	if (r == 0)
		r = cpu_list_parse(run->cpus, &set, err);
	if (r < 0)
		return r;
	/* its pages beside its CPUs */
	if (numa_nodes(NUMA_FOLDER, &set, run->nodes, sizeof(run->nodes)) > 1 &&
		run->nodes[0] != '\0' && geteuid() == 0)
		run->plan.mems = run->nodes;
	if (geteuid() == 0 || !run->labelled)
		return 0;
	if (cpu_list_to_lcores(&set, run->lcores, sizeof(run->lcores)) < 0)
		return cvio_error_set(err, CVIO_EXIT_CONFIG, -E2BIG,
			"--cpus: %.80s: more CPUs than DPDK has lcores; name fewer",
			run->options.cpus);
	run->plan.cpus = NULL;
	run->plan.lcores = run->lcores;
	return 0;
}

static unsigned long limit_below(int resource, unsigned long wanted)
{
	struct rlimit limit;

	if (getrlimit(resource, &limit) == 0 && limit.rlim_max < wanted)
		return (unsigned long)limit.rlim_max;
	return wanted;
}

static void choose_run_id(struct run *run)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz";
	unsigned char random[6] = {0};
	char suffix[sizeof(random) + 1] = "";

	if (getrandom(random, sizeof(random), 0) != sizeof(random))
		memcpy(random, &(pid_t){getpid()}, sizeof(pid_t));
	for (size_t i = 0; i < sizeof(random); i++)
		suffix[i] = letters[random[i] % (sizeof(letters) - 1)];
	snprintf(run->run_id, sizeof(run->run_id), PLAN_RUN_ID_PREFIX "%s", suffix);
}

static void make_plan(struct run *run)
{
	const struct run_options *o = &run->options;
	struct run_plan *plan = &run->plan;

	choose_run_id(run);
	plan->image = run->variant.of_index ? run->variant.id : o->image;
	plan->name = o->name != NULL ? o->name : run->run_id;
	plan->run_id = run->run_id;
	plan->detach = o->detach;
	plan->tty = o->tty;
	plan->image_seccomp = run->image.seccomp != NULL;
	plan->nofile = limit_below(RLIMIT_NOFILE, NOFILE);
	plan->nproc = limit_below(RLIMIT_NPROC, NPROC);
	plan->folders = &run->ports.folders;
	plan->targets = &run->ports.targets;
	plan->groups = &run->ports.groups;
	plan->podman_args = &o->podman_args;
	plan->app_args = &o->app_args;
}

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
	if (run->hugetlbfs > 0) {
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

static int execute(struct run *run, struct cvio_error *err)
{
	const struct wishes wishes = {
		.user = run->check_user,
		.ports = &run->options.ports,
		.runtime_dir = run->labelled,
		.hugetlbfs = run->hugetlbfs,
	};
	int r;

	if (run->plan.tty && !run->options.dry_run &&
		!(isatty(STDIN_FILENO) && isatty(STDOUT_FILENO)))
		return cvio_error_set(err, CVIO_EXIT_CONFIG, -ENOTTY,
			"run: --tty: standard input and output aren't a terminal; leave it out");
	if (run->options.dry_run)
		return print(run, err);
	r = prepare(&run->preparation, &wishes, &run->plan, err);
	if (r < 0)
		return r;
	if (!run->options.detach)
		return run_foreground(&run->plan, err);
	r = run_detached(&run->plan, run->preparation.state.path, run->labelled, err);
	if (r == 0)
		state_leave(&run->preparation.state);
	return r;
}

/* All that can be said before a container is there. */
static int check_all(struct run *run, struct cvio_error *err)
{
	int r = read_image(run, err);

	if (r == 0)
		r = check_ports(run, err);
	if (r == 0)
		r = check_memory(run, err);
	return r == 0 ? check_cpus(run, err) : r;
}

int run_check(int argc, char **argv, struct cvio_error *err)
{
	__attribute__((cleanup(run_fini))) struct run run = {.preparation = PREPARATION_INIT};
	int r = run_options_parse(argc, argv, &run.options, err);

	return r == 0 ? check_all(&run, err) : r;
}

int cmd_run(int argc, char **argv, struct cvio_error *err)
{
	__attribute__((cleanup(run_fini))) struct run run = {.preparation = PREPARATION_INIT};
	int r = run_options_parse(argc, argv, &run.options, err);

	if (r == 0 && run.options.help) {
		fputs(run_usage, stdout);
		return 0;
	}
	/* first, for leftovers may hold what the checks look for */
	if (r == 0 && !run.options.dry_run)
		stale_sweep();
	if (r == 0)
		r = check_all(&run, err);
	if (r < 0)
		return r;
	make_plan(&run);
	return execute(&run, err);
}
