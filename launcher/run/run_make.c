/* SPDX-License-Identifier: BSD-3-Clause */
/* Each step has its own checks, so that what can't work is told before anything is made. */
#include "run/run_make.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/exit.h"
#include "base/names.h"
#include "host/numa.h"
#include "pmd/grammar/cpu_list.h"

/* 32 ports of 8 queue pairs each, of which one takes some 4, and as much again for the application.
 */
#define NOFILE 65536

/* Threads: one an lcore (128 at most), a few of EAL's. All containers of the same user share this
 * count. */
#define NPROC 4096

void run_fini(struct run *run)
{
	run_options_fini(&run->options);
	image_fini(&run->image);
	ports_fini(&run->ports);
	free(run->ports_text);
}

/* What is wrong with this host now may be right when it starts. */
static int host_result(const struct run *run, int r, const struct cvio_error *err)
{
	if (r == 0 || !run->later)
		return r;
	fprintf(stderr, "cvio: on this host, now: %s\n", err->text);
	return 0;
}

static int read_image(struct run *run, struct cvio_error *err)
{
	const char *name = run->options.image;
	int r = image_glance(name, &run->image);

	if (r < 0)
		r = variant_load(name, &run->image, &run->variant, err);
	if (r < 0)
		return r;
	r = image_contract(&run->image, name, &run->contract, err);
	run->labelled = r == 0;
	if (run->labelled)
		r = host_result(run, host_check_level(run->contract.cpu, name, err), err);
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
	r = host_result(run, host_check_memory(&needed, err), err);
	if (r == 0)
		r = memory_spec_format(&spec, run->memory, sizeof(run->memory));
	if (r < 0)
		return r;
	run->plan.memory = run->memory;
	run->memory_spec = needed;
	run->hugetlbfs = spec.kind == MEMORY_MOUNT ? &run->memory_spec : NULL;
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
	r = cpu_list_parse(run->options.cpus, &set, err);
	if (r == 0)
		r = host_result(run, host_check_cpus(run->options.cpus, err), err);
	if (r < 0)
		return r;
	cpu_list_format(&set, run->cpus, sizeof(run->cpus));
	run->plan.cpus = run->cpus;
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
	snprintf(run->run_id, sizeof(run->run_id), RUN_ID_PREFIX "%s", suffix);
}

static void make_plan(struct run *run)
{
	const struct run_options *o = &run->options;
	struct run_plan *plan = &run->plan;

	if (run->later) {
		plan->image = o->image;
		plan->name = o->name;
	} else {
		choose_run_id(run);
		plan->image = run->variant.of_index ? run->variant.id : o->image;
		plan->name = o->name != NULL ? o->name : run->run_id;
		plan->run_id = run->run_id;
	}
	plan->detach = o->detach;
	plan->tty = o->tty;
	plan->image_seccomp = run->image.seccomp != NULL;
	plan->nofile = limit_below(RLIMIT_NOFILE, NOFILE);
	plan->nproc = limit_below(RLIMIT_NPROC, NPROC);
	plan->folders = &run->ports.folders;
	plan->targets = &run->ports.targets;
	plan->groups = &run->ports.groups;
	plan->devices = &run->ports.devices;
	plan->wired = &run->ports.wired;
	for (size_t i = 0; i < run->ports.wired.count; i++)
		plan->locks_memory |= strncmp(run->ports.wired.list[i], "pci:", 4) == 0;
	plan->podman_args = &o->podman_args;
	plan->app_args = &o->app_args;
}

int run_parse(int argc, char **argv, bool later, struct run *run, struct cvio_error *err)
{
	*run = (struct run){.later = later, .ports = {.later = later}};
	return run_options_parse(argc, argv, &run->options, err);
}

int run_make(struct run *run, struct cvio_error *err)
{
	int r = read_image(run, err);

	if (r == 0)
		r = check_ports(run, err);
	if (r == 0)
		r = check_memory(run, err);
	if (r == 0)
		r = check_cpus(run, err);
	if (r == 0)
		make_plan(run);
	return r;
}
