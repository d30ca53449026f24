/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What podman and docker take from an image by themselves, for tools that know no images: command,
 * environment, root.
 */
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/child.h"
#include "base/exit.h"
#include "base/names.h"
#include "generate/generate_output.h"

void generate_prefix(const struct generate *g, const struct run *run, char *prefix, size_t size)
{
	snprintf(prefix, size, "%s%s", g->chain ? run->plan.name : "", g->chain ? "/" : "");
}

static const json_t *config(const struct run *run, const char *name)
{
	return json_object_get(run->image.config, name);
}

static void add_strings(const json_t *array, struct words *words)
{
	json_t *word;
	size_t i;

	json_array_foreach ((json_t *)array, i, word)
		words_add(words, json_string_value(word) == NULL ? "" : json_string_value(word));
}

void generate_argv(const struct run *run, struct words *argv)
{
	add_strings(config(run, "Entrypoint"), argv);
	if (run->options.app_args.count > 0)
		words_extend(argv, &run->options.app_args);
	else
		add_strings(config(run, "Cmd"), argv);
}

static bool same_name(const char *a, const char *b)
{
	size_t len = strcspn(a, "=");

	return strncmp(a, b, len) == 0 && b[len] == '=';
}

static void add_own(const struct run_plan *plan, struct words *env)
{
	if (plan->lcores != NULL)
		words_addf(env, "CVIO_LCORES=%s", plan->lcores);
	if (plan->memory != NULL)
		words_addf(env, "CVIO_MEMORY=%s", plan->memory);
	if (plan->ports != NULL)
		words_addf(env, "CVIO_PORTS=%s", plan->ports);
	if (plan->hugepages_dir != NULL)
		words_add(env, "RUNTIME_DIRECTORY=" INNER_RUNTIME_FOLDER);
}

void generate_env(const struct run *run, struct words *env)
{
	_words_cleanup_ struct words of_image = {0}, own = {0};
	struct run_plan plan = run->plan;

	plan.hugepages_dir = run->hugetlbfs != NULL ? "" : NULL;
	add_strings(config(run, "Env"), &of_image);
	add_own(&plan, &own);
	for (size_t i = 0; i < of_image.count; i++) {
		bool replaced = false;

		for (size_t j = 0; j < own.count; j++)
			replaced = replaced || same_name(own.list[j], of_image.list[i]);
		if (!replaced)
			words_add(env, of_image.list[i]);
	}
	words_extend(env, &own);
}

/* C0, DEL, and in UTF-8 C1; which of them ends a line is for each reader to say. */
static bool has_control(const char *text)
{
	for (const unsigned char *c = (const unsigned char *)text; *c != '\0'; c++)
		if (*c < ' ' || *c == 0x7f || (c[0] == 0xc2 && c[1] >= 0x80 && c[1] <= 0x9f))
			return true;
	return false;
}

/* For a terminal: what isn't plain ASCII is \xNN. */
static void print_safely(const char *text, char *buf, size_t size)
{
	size_t used = 0;

	for (; *text != '\0' && used + 5 <= size; text++) {
		unsigned char c = (unsigned char)*text;

		used += (size_t)snprintf(buf + used, size - used,
			c < ' ' || c >= 0x7f || c == '\\' ? "\\x%02x" : "%c", c);
	}
	buf[used] = '\0';
}

static int check_text(
	const struct run *run, const char *place, const char *text, struct cvio_error *err)
{
	char value[128];

	if (text == NULL || !has_control(text))
		return 0;
	print_safely(text, value, sizeof(value));
	return cvio_error_set(err, LAUNCHER_EXIT_UNFIT, -EINVAL,
		"generate: %.100s: %s \"%s\": has a control character, which could become a line "
		"of its own in this form; build the image without",
		run->options.image, place, value);
}

static int check_array(
	const struct run *run, const char *place, const json_t *array, struct cvio_error *err)
{
	json_t *word;
	size_t i;
	int r = 0;

	json_array_foreach ((json_t *)array, i, word)
		if (r == 0)
			r = check_text(run, place, json_string_value(word), err);
	return r;
}

static int check_profile(const struct run *run, struct cvio_error *err)
{
	json_t *profile =
		run->image.seccomp == NULL ? NULL : json_loads(run->image.seccomp, 0, NULL);
	json_t *entry;
	size_t i;
	int r = 0;

	json_array_foreach (json_object_get(profile, "syscalls"), i, entry)
		if (r == 0)
			r = check_array(run, "label io.containers.seccomp.profile: system call",
				json_object_get(entry, "names"), err);
	json_decref(profile);
	return r;
}

/* The operator's, in place of the image's. */
static int check_arguments(const struct words *arguments, struct cvio_error *err)
{
	char value[128];

	for (size_t i = 0; i < arguments->count; i++)
		if (has_control(arguments->list[i])) {
			print_safely(arguments->list[i], value, sizeof(value));
			return cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL,
				"generate: argument \"%s\": has a control character, which this "
				"form can't hold; leave it out",
				value);
		}
	return 0;
}

int generate_check_image(const struct run *run, struct cvio_error *err)
{
	static const struct {
		const char *name, *place;
	} arrays[] = {{"Entrypoint", "ENTRYPOINT"}, {"Cmd", "CMD"}, {"Env", "ENV"}},
	  texts[] = {{"User", "USER"}, {"WorkingDir", "WORKDIR"}};
	int r = 0;

	for (size_t i = 0; r == 0 && i < sizeof(arrays) / sizeof(arrays[0]); i++)
		r = check_array(run, arrays[i].place, config(run, arrays[i].name), err);
	for (size_t i = 0; r == 0 && i < sizeof(texts) / sizeof(texts[0]); i++)
		r = check_text(
			run, texts[i].place, json_string_value(config(run, texts[i].name)), err);
	if (r == 0)
		r = check_profile(run, err);
	return r == 0 ? check_arguments(&run->options.app_args, err) : r;
}

static int tool(
	struct words *argv, const char *image, struct capture *capture, struct cvio_error *err)
{
	int r = capture_run(argv, -1, capture, err);

	if (r == 0 && capture->status != 0)
		r = cvio_error_set(err, CVIO_EXIT_SOFTWARE, -EIO, "%s: %.100s: %.300s",
			argv->list[0], image, capture_reason(capture));
	return r;
}

/* A container that is never started gives its image's files, as a tar archive. */
static int unpack(const char *image, const char *root, struct cvio_error *err)
{
	_capture_cleanup_ struct capture create = {0}, copy = {0}, rm = {0};
	_words_cleanup_ struct words argv = {0}, shell = {0};
	int r;

	for (const char *const *word = (const char *const[]){"podman", "create", "--pull=never",
		     "--network=none", NULL};
		*word != NULL; word++)
		words_add(&argv, *word);
	words_add(&argv, image);
	r = tool(&argv, image, &create, err);
	if (r < 0)
		return r;
	create.out[strcspn(create.out, "\n")] = '\0';
	words_add(&shell, "sh");
	words_add(&shell, "-c");
	words_add(&shell, "podman export \"$1\" | tar --extract --directory \"$2\"");
	words_add(&shell, "sh");
	words_add(&shell, create.out);
	words_add(&shell, root);
	r = tool(&shell, image, &copy, err);
	capture_runl(&rm, NULL, "podman", "rm", create.out, NULL);
	return r;
}

/* Makes a folder of the root, and opens it. The image's files are anybody's: a symbolic link among
 * them, followed here, would lead to the host's folders. Returns -errno. */
static int target_open(int root, const char *target)
{
	char path[PATH_MAX], *save = NULL;
	int fd = fcntl(root, F_DUPFD_CLOEXEC, 0);

	snprintf(path, sizeof(path), "%s", target);
	for (char *name = strtok_r(path, "/", &save); name != NULL && fd >= 0;
		name = strtok_r(NULL, "/", &save)) {
		bool made = mkdirat(fd, name, 0755) == 0 || errno == EEXIST;
		int next = made ? openat(fd, name, O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) : -1;
		int reason = errno;

		close(fd);
		fd = next;
		errno = reason;
	}
	return fd < 0 ? -errno : fd;
}

static int make_target(
	int root, const char *image, const char *target, mode_t mode, struct cvio_error *err)
{
	int fd = target_open(root, target), r = fd;

	if (fd >= 0) {
		r = mode == 0 || fchmod(fd, mode) == 0 ? 0 : -errno;
		close(fd);
	}
	if (r == -ENOTDIR)
		return cvio_error_set(err, LAUNCHER_EXIT_UNFIT, r,
			"generate: %.100s: %.200s: the image has something else than folders "
			"there; build it without",
			image, target);
	if (r < 0)
		return cvio_error_set(err, CVIO_EXIT_SOFTWARE, r,
			"generate: %.100s: %.200s: %s; name another place by -o", image, target,
			strerror(-r));
	return 0;
}

/* The root is read-only later, so that what is mounted there needs its place now. */
static int make_targets(
	const struct run *run, const char *image, const char *path, struct cvio_error *err)
{
	static const char *const always[] = {"/dev/hugepages", "/proc", "/sys"};
	const struct words *targets = run->plan.targets;
	int root = open(path, O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC), r = 0;

	if (root < 0)
		return cvio_error_set(err, CVIO_EXIT_SOFTWARE, -errno, "generate: %.200s: %s", path,
			strerror(errno));
	for (size_t i = 0; r == 0 && i < sizeof(always) / sizeof(always[0]); i++)
		r = make_target(root, image, always[i], 0, err);
	/* runc gives a tmpfs the mode of what it is mounted on */
	if (r == 0)
		r = make_target(root, image, INNER_RUNTIME_FOLDER, 01777, err);
	for (size_t i = 0; r == 0 && i < targets->count; i++)
		r = make_target(root, image, targets->list[i], 0, err);
	close(root);
	return r;
}

int generate_rootfs(const struct generate *g, const char *folder, struct cvio_error *err)
{
	char prefix[PATH_MAX / 2], root[PATH_MAX];
	int r = 0;

	for (size_t i = 0; r == 0 && i < g->count; i++) {
		const struct run *run = &g->runs[i];
		const char *image = run->variant.of_index ? run->variant.id : run->options.image;

		generate_prefix(g, run, prefix, sizeof(prefix));
		if (snprintf(root, sizeof(root), "%s/%srootfs", folder, prefix) >=
				(int)sizeof(root) ||
			mkdir(root, 0755) < 0)
			return cvio_error_set(err, CVIO_EXIT_SOFTWARE, -EIO,
				"generate: %.200s: %s; name another place by -o", root,
				strerror(errno));
		r = unpack(image, root, err);
		if (r == 0)
			r = make_targets(run, image, root, err);
	}
	return r;
}
