/* SPDX-License-Identifier: BSD-3-Clause */
#include "runtime/eal_args.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <rte_config.h>

#include "pmd/grammar/error.h"
#include "pmd/grammar/output.h"
#include "pmd/grammar/words.h"

/* Any of these, and the application has chosen its CPUs itself; or the kind of its memory, or how
 * much of it. */
static const char *const lcore_options[] = {"-c", "--coremask", "-l", "--lcores", "-s",
	"--service-coremask", "-S", "--service-corelist", "-R", "--remap-lcore-ids", NULL};
static const char *const kind_options[] = {
	"--in-memory", "--no-huge", "--huge-dir", "--legacy-mem", NULL};
static const char *const amount_options[] = {"-m", "--memory-size", "--socket-mem", "--numa-mem",
	"--socket-limit", "--numa-limit", NULL};

/* getopt_long(3) takes a long option's beginning for it, if no other begins so; where one does, EAL
 * will refuse it. */
static bool is_option(const char *word, const char *name)
{
	size_t len = strcspn(word, "=");

	if (name[1] != '-')
		return strncmp(word, name, strlen(name)) == 0;
	return len > strlen("--") && len <= strlen(name) && strncmp(word, name, len) == 0;
}

bool eal_args_have(int argc, char *const *argv, const char *name)
{
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
		if (is_option(argv[i], name))
			return true;
	return false;
}

/* What the user says in either place. */
struct given {
	int argc;
	char *const *argv;
	const struct words *extra; /* with a program's name in front, as argv has */
};

static bool given_one(const struct given *g, const char *name)
{
	return eal_args_have(g->argc, g->argv, name) ||
	       eal_args_have((int)g->extra->count, g->extra->list, name);
}

static bool given_any(const struct given *g, const char *const *names)
{
	for (; *names != NULL; names++)
		if (given_one(g, *names))
			return true;
	return false;
}

/*
 * What is there from the start is all that there will be: EAL would go on to take what the host has
 * free, a 1 GiB page among it. A limit is wanted for each node, and without libnuma all pages count
 * as one node's.
 */
static void add_limit(struct words *w, uint64_t megabytes)
{
	char limits[RTE_MAX_NUMA_NODES * 24];
	struct output out = {limits, sizeof(limits), 0};

	for (int i = 0; i < RTE_MAX_NUMA_NODES; i++)
		output_add(&out, "%s%" PRIu64, i == 0 ? "" : ",", megabytes);
	words_addf(w, "--socket-limit=%s", limits);
}

/* A kind that the user names wins over the plan's, and an amount over the plan's amount, each for
 * itself. */
static void add_memory(struct words *w, const struct given *g, const struct memory_plan *memory)
{
	bool given_kind = given_any(g, kind_options);
	bool in_memory = given_kind ? given_one(g, "--in-memory") : memory->kind == MEMORY_MEMFD;
	bool small = given_kind ? given_one(g, "--no-huge") : memory->kind == MEMORY_SMALL;
	/* --no-huge implies it */
	bool legacy = small || given_one(g, "--legacy-mem");

	if (!given_kind && in_memory)
		words_add(w, "--in-memory");
	if (!given_kind && small)
		words_add(w, "--no-huge");
	if (!given_kind && memory->kind == MEMORY_MOUNT)
		words_add(w, "--huge-dir=/dev/hugepages");
	if (small) /* nothing is shared, and an image has no folder for EAL's files */
		words_add(w, "--no-shconf");
	if (!given_any(g, amount_options)) {
		words_addf(w, "-m%" PRIu64, memory->size >> 20);
		if (!legacy) /* else there is nothing to limit, and EAL says so */
			add_limit(w, memory->size >> 20);
	}
	/* EAL refuses single-file segments beside these */
	if (!legacy && (in_memory || !given_one(g, "--huge-unlink")))
		words_add(w, "--single-file-segments");
}

/* EAL warns of hugepages without a mount, which is just what memfd means, and of sizes without a
 * free page. */
static void add_log(struct words *w, enum log_level log)
{
	const char *level = log_level_name(log);

	words_addf(w, "--log-level=*:%s", level);
	if (log == LOG_LEVEL_NOTICE)
		words_add(w, "--log-level=lib.eal:error");
}

static void add_ours(struct words *w, const struct given *g, const struct eal_wishes *wishes)
{
	if (!given_any(g, lcore_options))
		words_addf(w, "--lcores=%s", wishes->lcores);
	add_memory(w, g, wishes->memory);
	if (!wishes->pci && !given_one(g, "-a") && !given_one(g, "--allow"))
		words_add(w, "--no-pci");
	if (!given_one(g, "--iova-mode"))
		words_add(w, "--iova-mode=va");
	if (!given_one(g, "--telemetry"))
		words_add(w, "--no-telemetry");
	if (!given_one(g, "--force-max-simd-bitwidth"))
		words_add(w, "--force-max-simd-bitwidth=512");
	if (!given_one(g, "--log-level"))
		add_log(w, wishes->log);
}

int eal_args_build(int argc, char **argv, const struct eal_wishes *wishes, struct eal_args *args,
	struct cvio_error *err)
{
	_words_cleanup_ struct words extra = {0};
	struct words all = {0};
	struct given given = {argc, argv, &extra};

	words_add(&extra, argv[0]);
	if (wishes->extra != NULL && shell_split(wishes->extra, &extra) == -EINVAL)
		return cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL,
			"CVIO_EAL_ARGS: %.200s: a quote is not closed", wishes->extra);
	for (size_t i = 1; i < extra.count; i++)
		if (strcmp(extra.list[i], "--") == 0)
			return cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL,
				"CVIO_EAL_ARGS: --: only EAL's own arguments belong there");
	words_add(&all, argv[0]);
	add_ours(&all, &given, wishes);
	for (size_t i = 1; i < extra.count; i++)
		words_add(&all, extra.list[i]);
	args->telemetry = given_one(&given, "--telemetry");
	args->app_first = (int)all.count;
	for (int i = 1; i < argc; i++)
		words_add(&all, argv[i]);
	if (extra.failed || all.failed) {
		words_fini(&all);
		return cvio_error_set(err, CVIO_EXIT_MEMORY, -ENOMEM, "EAL's arguments: no memory");
	}
	/* the application's strings stay the application's: it may compare or change them */
	for (int i = 1; i < argc; i++) {
		free(all.list[args->app_first + i - 1]);
		all.list[args->app_first + i - 1] = argv[i];
	}
	args->argc = (int)all.count;
	args->argv = all.list;
	return 0;
}

int eal_args_return(const struct eal_args *args, int parsed, int argc, char **argv)
{
	int added = args->app_first - 1;

	for (int i = 1; i < argc; i++)
		argv[i] = args->argv[added + i];
	return parsed > added ? parsed - added : 0;
}
