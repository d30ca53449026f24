/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * `cvio generate`: the plans are made as `cvio run` and `cvio up` make them, only that this host
 * needn't be ready; a form translates them. Its own options are taken out of the command line,
 * and the rest is `cvio run`'s.
 */
#include "generate/generate.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/exit.h"
#include "base/longopts.h"
#include "chain/chain_folder.h"
#include "chain/chain_plan.h"
#include "generate/commands.h"
#include "generate/generate_output.h"

static const char generate_usage[] =
	"Usage: cvio generate FORM [-o PATH] [OPTION]... IMAGE [-- ARGUMENT...]\n"
	"       cvio generate FORM [-o PATH] -f FILE\n"
	"\n"
	"Print what another tool needs to start the same container, or the containers of a\n"
	"chain, without cvio. The OPTIONs are those of `cvio run`.\n"
	"\n"
	"  -o, --output PATH  where to: a folder to be made, if the form is several files\n"
	"  -f, --file FILE    a chain, as `cvio up` takes it\n"
	"  --userspace-cni BRIDGE\n"
	"                     kube: let userspace-CNI add the ports to Open vSwitch's BRIDGE\n"
	"  -h, --help         this text\n"
	"\n"
	"`cvio generate` alone lists the forms. cvio-generate(1) has the rest.\n";

#define CAN_POD (GENERATE_DETACH | GENERATE_TTY | GENERATE_USER_NAME | GENERATE_CONTROLS)
#define CAN_ALL (CAN_POD | GENERATE_PODMAN_ARGS | GENERATE_FOLDERS)

const struct generate_form generate_forms[] = {
	{"podman", CAN_ALL, generate_podman, "a shell script with podman's commands", NULL},
	{"docker", CAN_POD | GENERATE_FOLDERS, generate_docker,
		"a shell script with docker's commands, and seccomp profiles", NULL},
	{"lxc", 0, generate_lxc, "a configuration of LXC, with root and seccomp profile",
		generate_rootfs},
	{"oci", GENERATE_TTY | GENERATE_WIRES | GENERATE_CONTROLS, generate_oci,
		"a bundle for an OCI runtime such as runc", generate_rootfs},
	{"quadlet", CAN_ALL, generate_quadlet,
		"units from which podman 4.4 and later makes services", NULL},
	{"kube", CAN_POD, generate_kube, "a Pod for Kubernetes", NULL},
	{"podman-kube", CAN_POD | GENERATE_FOLDERS, generate_podman_kube,
		"a Pod for `podman kube play`", NULL},
	{"cdi", GENERATE_USER_NAME | GENERATE_CONTROLS, generate_cdi,
		"the ports as devices, for `podman run --device`", NULL},
	{NULL, 0, NULL, NULL, NULL},
};

struct options {
	const struct generate_form *form; /* NULL: none was named */
	const char *output, *file, *bridge;
	bool help;
	struct words run; /* what is left, from the subcommand's name on */
};

/* What a chain's plans borrow from lives as long as they. */
struct source {
	struct options options;
	struct chain chain;
	struct chain_folder folder;
	struct chain_plan plan;
	struct words *argvs;
	struct run *runs;
	size_t count;
	struct image_user *owners; /* of the links' folders */
};

static void source_fini(struct source *s)
{
	for (size_t i = 0; i < s->count; i++) {
		run_fini(&s->runs[i]);
		words_fini(&s->argvs[i]);
	}
	free(s->owners);
	free(s->runs);
	free(s->argvs);
	chain_plan_fini(&s->plan);
	chain_folder_fini(&s->folder);
	chain_fini(&s->chain);
	words_fini(&s->options.run);
}

static int usage_error(struct cvio_error *err, const char *value, const char *what)
{
	return cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL,
		"generate: %.200s: %s; see `cvio help generate`", value, what);
}

static const struct generate_form *form_find(const char *name)
{
	for (const struct generate_form *f = generate_forms; f->name != NULL; f++)
		if (strcmp(f->name, name) == 0)
			return f;
	return NULL;
}

static const struct option generate_longopts[] = {
	{"output", required_argument, NULL, 'o'},
	{"file", required_argument, NULL, 'f'},
	{"userspace-cni", required_argument, NULL, LONGOPT_ONLY},
	{"help", no_argument, NULL, 'h'},
	{NULL, 0, NULL, 0},
};

/* Takes "-o X", "--output X" or "--output=X" at argv[*i]: 1, 0 if it is another word, or -EINVAL.
 */
static int take_value(int argc, char **argv, int *i, const struct option *option,
	const char **value, struct cvio_error *err)
{
	const char *word = argv[*i];
	size_t len = strlen(option->name);

	if (longopt_is(option, word))
		*value = ++*i < argc ? argv[*i] : "";
	else if (strncmp(word, "--", 2) == 0 && strncmp(word + 2, option->name, len) == 0 &&
		 word[2 + len] == '=')
		*value = word + 2 + len + 1;
	else
		return 0;
	return (*value)[0] != '\0' ? 1 : usage_error(err, word, "needs a value");
}

static int take_own(int argc, char **argv, int *i, struct options *o, struct cvio_error *err)
{
	int r = 0;

	for (const struct option *l = generate_longopts; r == 0 && l->name != NULL; l++)
		if (l->has_arg == required_argument)
			r = take_value(argc, argv, i, l,
				l->val == 'o'   ? &o->output
				: l->val == 'f' ? &o->file
						: &o->bridge,
				err);
	return r;
}

static int options_parse(int argc, char **argv, struct options *o, struct cvio_error *err)
{
	int r = 0, i;

	if (argc < 2 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "--help") == 0) {
		o->help = true;
		return 0;
	}
	o->form = form_find(argv[1]);
	if (o->form == NULL)
		return usage_error(err, argv[1], "no such form");
	words_add(&o->run, argv[0]);
	for (i = 2; r >= 0 && i < argc && strcmp(argv[i], "--") != 0; i++) {
		r = take_own(argc, argv, &i, o, err);
		if (r == 0)
			words_add(&o->run, argv[i]);
	}
	for (; r >= 0 && i < argc; i++)
		words_add(&o->run, argv[i]);
	if (r < 0)
		return r;
	if (o->bridge != NULL && o->form->make != generate_kube)
		return usage_error(err, "--userspace-cni", "is for the form kube only");
	if (o->file != NULL && o->run.count > 1)
		return usage_error(
			err, o->run.list[1], "is given beside -f; a chain's file has it all");
	return 0;
}

static int make_run(struct words *argv, struct run *run, struct cvio_error *err)
{
	int r = argv->failed ? -ENOMEM : run_parse((int)argv->count, argv->list, true, run, err);

	if (r < 0 || run->options.help)
		return r;
	if (run->options.dry_run)
		return usage_error(err, "--dry-run", "nothing is started here; leave it out");
	return run_make(run, err);
}

static int source_alloc(struct source *s, size_t count, struct cvio_error *err)
{
	s->argvs = calloc(count, sizeof(*s->argvs));
	s->runs = calloc(count, sizeof(*s->runs));
	s->count = s->argvs == NULL || s->runs == NULL ? 0 : count;
	if (s->count == 0)
		return cvio_error_set(err, CVIO_EXIT_SOFTWARE, -ENOMEM, "out of memory");
	return 0;
}

/* Without --name a container is called as its image is, without registry and tag. */
static void set_name(struct run *run)
{
	const char *image = strrchr(run->options.image, '/');

	if (run->plan.name != NULL)
		return;
	image = image == NULL ? run->options.image : image + 1;
	snprintf(run->run_id, sizeof(run->run_id), "%.*s", (int)strcspn(image, ":@"), image);
	run->plan.name = run->run_id;
}

static int one_container(struct source *s, struct cvio_error *err)
{
	int r = source_alloc(s, 1, err);

	if (r < 0)
		return r;
	words_extend(&s->argvs[0], &s->options.run);
	r = make_run(&s->argvs[0], &s->runs[0], err);
	if (r == 0 && !s->runs[0].options.help)
		set_name(&s->runs[0]);
	return r;
}

static int whole_chain(struct source *s, struct cvio_error *err)
{
	int r = chain_load(s->options.file, &s->chain, err);

	if (r == 0)
		r = chain_folder_path(s->chain.name, &s->folder, err);
	if (r == 0)
		r = chain_plan_make(&s->chain, s->folder.path, &s->plan, err);
	if (r == 0)
		r = source_alloc(s, s->plan.count, err);
	for (size_t i = 0; r == 0 && i < s->count; i++) {
		chain_step_command(&s->plan, &s->plan.steps[i], false, &s->argvs[i]);
		r = make_run(&s->argvs[i], &s->runs[i], err);
	}
	return r;
}

static int check_form(
	const struct generate_form *form, const struct run *run, bool chain, struct cvio_error *err)
{
	const struct {
		unsigned int bit;
		bool wanted;
		const char *what;
	} wishes[] = {
		{GENERATE_DETACH, run->options.detach && !chain, "--detach"},
		{GENERATE_TTY, run->options.tty, "--tty"},
		{GENERATE_PODMAN_ARGS, run->options.podman_args.count > 0, "--podman-args"},
		{GENERATE_WIRES, run->ports.wired.count > 0, "a vhost-kernel or pci port"},
	};

	for (size_t i = 0; i < sizeof(wishes) / sizeof(wishes[0]); i++)
		if (wishes[i].wanted && (form->can & wishes[i].bit) == 0)
			return cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL,
				"generate: %s: %s can't be said in this form; leave it "
				"out, or use `cvio run`",
				form->name, wishes[i].what);
	if ((form->can & GENERATE_CONTROLS) == 0 && generate_check_image(run, err) < 0)
		return -EINVAL;
	if (!run->user.known && (form->can & GENERATE_USER_NAME) == 0)
		return cvio_error_set(err, LAUNCHER_EXIT_UNFIT, -EINVAL,
			"generate: %s: %.200s: its user is a name, %.60s; build it with a number",
			form->name, run->options.image, run->image.user);
	return 0;
}

/* An absolute path of what need not be there; its folder must. */
static int output_path(const char *output, char *path, size_t size, struct cvio_error *err)
{
	char folder[PATH_MAX], real[PATH_MAX];
	const char *base = strrchr(output, '/');

	snprintf(folder, sizeof(folder), "%.*s", base == NULL ? 1 : (int)(base - output + 1),
		base == NULL ? "." : output);
	base = base == NULL ? output : base + 1;
	if (base[0] == '\0')
		return usage_error(err, output, "ends in a slash; name the file or folder itself");
	if (realpath(folder, real) == NULL)
		return cvio_error_set(err, CVIO_EXIT_SOFTWARE, -errno,
			"generate: %.200s: %s; name a place in a folder that is there by -o",
			output, strerror(errno));
	snprintf(path, size, "%s/%s", strcmp(real, "/") == 0 ? "" : real, base);
	return 0;
}

/* Each link's folder is to be the user's whose image makes the socket. */
static int find_owners(struct source *s, struct cvio_error *err)
{
	size_t count = s->plan.folders.count;

	s->owners = calloc(count + 1, sizeof(*s->owners));
	if (s->owners == NULL)
		return cvio_error_set(err, CVIO_EXIT_SOFTWARE, -ENOMEM, "out of memory");
	for (size_t i = 0; i < count; i++) {
		const struct run *run = &s->runs[chain_plan_maker(&s->plan, i)];

		s->owners[i] = run->user;
		if (!run->user.known && (s->options.form->can & GENERATE_FOLDERS) != 0)
			return cvio_error_set(err, LAUNCHER_EXIT_UNFIT, -EINVAL,
				"generate: %s: %.200s: its user is a name, %.60s, to whom no "
				"folder can be given here; build it with a number",
				s->options.form->name, run->options.image, run->image.user);
	}
	return 0;
}

static int translate(struct source *s, struct cvio_error *err)
{
	char output[2 * PATH_MAX];
	struct link_folders links = {.paths = &s->plan.folders,
		/* docker's daemon is root's */
		.rootless = geteuid() != 0 && s->options.form->make != generate_docker};
	_generate_cleanup_ struct generate g = {
		.runs = s->runs,
		.count = s->count,
		.chain = s->options.file != NULL,
		.output = s->options.output == NULL ? NULL : output,
		.name = s->options.file != NULL ? s->chain.name : s->runs[0].plan.name,
		.bridge = s->options.bridge,
		.links = &links,
	};
	int r = find_owners(s, err);

	links.owners = s->owners;
	if (r == 0 && s->options.output != NULL)
		r = output_path(s->options.output, output, sizeof(output), err);
	for (size_t i = 0; r == 0 && i < s->count; i++)
		r = check_form(s->options.form, &s->runs[i], g.chain, err);
	if (r == 0)
		r = s->options.form->make(&g, err);
	return r == 0 ? generate_write(&g, s->options.form, err) : r;
}

static void list_forms(void)
{
	puts("Forms:");
	for (const struct generate_form *f = generate_forms; f->name != NULL; f++)
		printf("  %-12s %s\n", f->name, f->line);
}

static int cmd_generate(int argc, char **argv, struct cvio_error *err)
{
	__attribute__((cleanup(source_fini))) struct source s = {.folder = CHAIN_FOLDER_INIT};
	int r = options_parse(argc, argv, &s.options, err);

	if (r == 0 && !s.options.help)
		r = s.options.file != NULL ? whole_chain(&s, err) : one_container(&s, err);
	if (r < 0)
		return r;
	if (s.options.help || s.runs[0].options.help) {
		fputs(generate_usage, stdout);
		list_forms();
		return 0;
	}
	return translate(&s, err);
}

const struct command generate_command = {"generate", cmd_generate,
	"print what other tools start containers by", generate_usage, generate_longopts};
