/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * `cvio check`: looks at all that a run needs from the host, and says what mends what isn't there.
 * A warning is what images run without, a failure what none runs without.
 */
#include "check/check.h"

#include <errno.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>

#include "base/child.h"
#include "base/exit.h"
#include "base/longopts.h"
#include "check/commands.h"
#include "run/commands.h"
#include "run/run_options.h"

static const char check_usage[] =
	"Usage: cvio check [--json] [IMAGE [OPTION OF RUN]...]\n"
	"\n"
	"Look whether this host can run images: memory, CPUs, devices, limits, podman. What isn't\n"
	"well is shown with the command that mends it. With IMAGE, also whether `cvio run` with "
	"the\n"
	"same options would work.\n"
	"\n"
	"  --json      print an array of objects\n"
	"  -h, --help  this text\n"
	"\n"
	"The status is 0 if nothing is a failure. cvio-check(1) explains each line.\n";

static check_function *const checks[] = {
	check_hugepages,
	check_hugetlb_cgroup,
	check_hugepage_probe,
	check_locked,
	check_files,
	check_cpus,
	check_isolated,
	check_governor,
	check_level,
	check_iommu,
	check_vhost_net,
	check_lsm,
	check_seccomp,
	check_user_namespaces,
	check_subids,
	check_runtime_dir,
	check_podman,
	check_engine,
};

struct check_options {
	bool json, help;
	int argc; /* of what is left for run */
	char **argv;
};

static const struct option check_longopts[] = {
	{"json", no_argument, NULL, LONGOPT_ONLY},
	{"help", no_argument, NULL, 'h'},
	{NULL, 0, NULL, 0},
};

static bool take_own(const char *word, struct check_options *o)
{
	for (const struct option *l = check_longopts; l->name != NULL; l++) {
		if (!longopt_is(l, word))
			continue;
		o->json = o->json || l->val == LONGOPT_ONLY;
		o->help = o->help || l->val == 'h';
		return true;
	}
	return false;
}

/* Our own options may stand anywhere before a --; all others are run's. */
static void parse(int argc, char **argv, struct check_options *o)
{
	bool ours = true;

	o->argv = argv;
	for (int i = 0; i < argc; i++) {
		ours = ours && strcmp(argv[i], "--") != 0;
		if (!ours || !take_own(argv[i], o))
			argv[o->argc++] = argv[i];
	}
	argv[o->argc] = NULL;
}

/* A wrong command line is said before anything is looked at. */
static int check_usage_of_run(const struct check_options *o, struct cvio_error *err)
{
	struct run_options run = {0};
	int r = o->argc == 1 ? 0 : run_options_parse(o->argc, o->argv, &run, err);

	run_options_fini(&run);
	return r;
}

static void host_init(struct check_host *host)
{
	const struct passwd *entry = getpwuid(geteuid());

	*host = (struct check_host){.root = "",
		.uid = geteuid(),
		.user = entry != NULL ? entry->pw_name : NULL,
		.runtime_dir = getenv("XDG_RUNTIME_DIR"),
		.take_page = hugepage_take};
	getrlimit(RLIMIT_NOFILE, &host->files);
	getrlimit(RLIMIT_MEMLOCK, &host->locked);
	getrlimit(RLIMIT_NPROC, &host->processes);
}

static json_t *ask_podman(struct cvio_error *err)
{
	_capture_cleanup_ struct capture info = {0};
	json_t *json;

	if (capture_runl(&info, err, "podman", "info", "--format=json", NULL) < 0)
		return NULL;
	json = info.status == 0 ? json_loads(info.out, 0, NULL) : NULL;
	if (json == NULL)
		cvio_error_set(err, CVIO_EXIT_SOFTWARE, -EIO, "podman: %.300s",
			info.status != 0 ? capture_reason(&info) : "its answer isn't JSON");
	return json;
}

/* The message has what is wrong, and behind a semicolon what mends it. */
static void check_run(const struct check_options *o, struct check_report *report)
{
	struct cvio_error err;
	char *remedy;

	if (run_check(o->argc, o->argv, &err) == 0) {
		check_add(report, "run", CHECK_OK, "this run would start");
		return;
	}
	if (report->exit_code == 0)
		report->exit_code = err.exit_code;
	remedy = strstr(err.text, "; ");
	if (remedy != NULL)
		*remedy = '\0';
	check_add(report, "run", CHECK_FAILURE, "%s", err.text);
	check_remedy(report, "%s", remedy != NULL ? remedy + 2 : "see cvio-run(1)");
}

static int check_host(struct check_report *report, struct cvio_error *err)
{
	struct cvio_error reason;
	struct check_host host;
	json_t *podman;
	int r = 0;

	host_init(&host);
	podman = ask_podman(&reason);
	host.podman = podman;
	host.reason = podman == NULL ? &reason : NULL;
	for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++)
		checks[i](&host, report);
	if (podman != NULL)
		r = check_container(&host, report, err);
	json_decref(podman);
	return r;
}

static int cmd_check(int argc, char **argv, struct cvio_error *err)
{
	_check_report_cleanup_ struct check_report report = {0};
	struct check_options options = {0};
	int r;

	parse(argc, argv, &options);
	if (options.help) {
		fputs(check_usage, stdout);
		return 0;
	}
	r = check_usage_of_run(&options, err);
	if (r == 0)
		r = check_host(&report, err);
	if (r < 0)
		return r;
	if (options.argc > 1)
		check_run(&options, &report);
	if (options.json)
		r = check_print_json(&report, stdout);
	else
		check_print(&report, isatty(STDOUT_FILENO) && getenv("NO_COLOR") == NULL, stdout);
	if (r < 0 || report.cut)
		return cvio_error_set(err, CVIO_EXIT_SOFTWARE, -ENOMEM, "out of memory");
	return report.exit_code;
}

const struct command check_command = {
	"check", cmd_check, "check whether this host can run images", check_usage, check_longopts};
