/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Labels are the only thing that an image tells before it runs, so what is wrong with them is said
 * here, before podman makes anything.
 */
#include "image/image.h"

#include <ctype.h>
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/child.h"
#include "base/exit.h"
#include "pmd/grammar/words.h"

static int image_missing(const char *name, struct capture *inspect, struct cvio_error *err)
{
	_capture_cleanup_ struct capture exists = {0};
	int r = capture_runl(&exists, err, "podman", "image", "exists", "--", name, NULL);

	if (r < 0)
		return r;
	if (exists.status == 1)
		return cvio_error_set(err, LAUNCHER_EXIT_NO_IMAGE, -ENOENT,
			"image: %s: not in the storage of uid %u; `podman images` lists what is, "
			"`podman pull` or `podman load` adds to it",
			name, geteuid());
	return cvio_error_set(err, CVIO_EXIT_SOFTWARE, -EIO,
		"podman: %s: %.300s; try `podman info`", name, capture_reason(inspect));
}

int image_load(const char *name, struct image *image, struct cvio_error *err)
{
	_capture_cleanup_ struct capture inspect = {0};
	int r = capture_runl(&inspect, err, "podman", "image", "inspect", "--", name, NULL);

	if (r < 0)
		return r;
	if (inspect.status != 0)
		return image_missing(name, &inspect, err);
	r = image_parse(inspect.out, image);
	if (r < 0)
		return cvio_error_set(err, CVIO_EXIT_SOFTWARE, r,
			"podman: %s: its description of the image can't be read; try `podman image "
			"inspect`",
			name);
	return 0;
}

static const char *string_at(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

/* json, of which config is a part, becomes the image's. */
static int take(json_t *json, const json_t *config, struct image *image)
{
	const json_t *labels = json_object_get(config, "Labels");

	if (!json_is_object(config)) {
		json_decref(json);
		return -EINVAL;
	}
	*image = (struct image){
		.json = json,
		.config = config,
		.user = string_at(config, "User"),
		.contract = string_at(labels, "io.cvio.contract"),
		.memory = string_at(labels, "io.cvio.memory"),
		.ports = string_at(labels, "io.cvio.ports"),
		.cpu = string_at(labels, "io.cvio.cpu"),
		.dpdk = string_at(labels, "io.cvio.dpdk"),
		.seccomp = string_at(labels, "io.containers.seccomp.profile"),
		.entrypoint = json_object_get(config, "Entrypoint"),
	};
	if (image->user == NULL)
		image->user = "";
	return 0;
}

int image_parse(const char *text, struct image *image)
{
	json_t *json = json_loads(text, 0, NULL);
	const json_t *one = json_array_get(json, 0);
	int r = take(json, json_object_get(one, "Config"), image);

	if (r == 0)
		image->size = (uint64_t)json_integer_value(json_object_get(one, "Size"));
	return r;
}

/* The baseline's image in an index has a label of its own, and is what one gets by the index's
 * name; it may not be what suits this CPU best. */
int image_parse_oci(const char *text, struct image *image)
{
	json_t *json = json_loads(text, 0, NULL);
	const json_t *config = json_object_get(json, "config");

	if (json_object_get(json_object_get(config, "Labels"), "io.cvio.platform") != NULL) {
		json_decref(json);
		return -EINVAL;
	}
	return take(json, config, image);
}

bool image_name_is_whole(const char *name)
{
	size_t host = strcspn(name, "/");
	size_t dot = strcspn(name, ".:");

	if (name[host] == '\0' || name[host + 1] == '/' || strchr(name, '@') != NULL ||
		!isalnum((unsigned char)name[0]))
		return false;
	return dot < host || strncmp(name, "localhost/", host + 1) == 0;
}

/*
 * podman takes 20 ms for a start alone. Only as root: else both enter a user namespace first. With
 * CONTAINER_HOST podman speaks of another machine's storage.
 */
int image_glance(const char *name, struct image *image)
{
	static const char transport[] = "containers-storage:";
	_capture_cleanup_ struct capture inspect = {0};
	_words_cleanup_ struct words argv = {0};

	if (!image_name_is_whole(name) || geteuid() != 0 || getenv("CONTAINER_HOST") != NULL)
		return -ENOENT;
	words_add(&argv, "skopeo");
	words_add(&argv, "inspect");
	words_add(&argv, "--config");
	words_addf(&argv, "%s%s", transport, name);
	if (capture_run(&argv, -1, &inspect, NULL) < 0 || inspect.status != 0)
		return -ENOENT;
	return image_parse_oci(inspect.out, image) == 0 ? 0 : -ENOENT;
}

void image_fini(struct image *image)
{
	json_decref(image->json);
	*image = (struct image){0};
}

static int label_missing(const char *name, const char *label, struct cvio_error *err)
{
	return cvio_error_set(err, LAUNCHER_EXIT_UNFIT, -EINVAL,
		"image: %s: has no label %s, so it isn't built for cvio; --force-unlabelled runs "
		"it all the same",
		name, label);
}

static int label_wrong(const char *name, const char *label, const char *value, const char *remedy,
	struct cvio_error *err)
{
	return cvio_error_set(err, LAUNCHER_EXIT_UNFIT, -EINVAL,
		"image: %s: label %s is \"%.80s\"; %s", name, label, value, remedy);
}

/* "MIN..MAX" */
static int ports_parse(const char *text, unsigned int *min, unsigned int *max)
{
	char end;

	if (text[0] < '0' || text[0] > '9' || sscanf(text, "%u..%u%c", min, max, &end) != 2)
		return -EINVAL;
	return *min <= *max ? 0 : -EINVAL;
}

int image_contract(const struct image *image, const char *name, struct contract *contract,
	struct cvio_error *err)
{
	const struct {
		const char *label, *value;
	} needed[] = {
		{"io.cvio.contract", image->contract},
		{"io.cvio.memory", image->memory},
		{"io.cvio.ports", image->ports},
		{"io.cvio.cpu", image->cpu},
		{"io.containers.seccomp.profile", image->seccomp},
	};
	struct contract found = {.cpu = image->cpu};

	for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++)
		if (needed[i].value == NULL)
			return label_missing(name, needed[i].label, err);
	if (strcmp(image->contract, "1") != 0)
		return label_wrong(name, "io.cvio.contract", image->contract,
			"this cvio knows contract 1; take the cvio that the image was built with",
			err);
	if (memory_spec_parse(image->memory, &found.memory, NULL) < 0)
		return label_wrong(name, "io.cvio.memory", image->memory,
			"build the image with a value such as auto,64M", err);
	if (ports_parse(image->ports, &found.ports_min, &found.ports_max) < 0)
		return label_wrong(name, "io.cvio.ports", image->ports,
			"build the image with a value such as 1..2", err);
	*contract = found;
	return 0;
}

void image_user(const struct image *image, struct image_user *user)
{
	unsigned int uid = 0, gid = 0;
	char end;
	int n = sscanf(image->user, "%u:%u%c", &uid, &gid, &end);
	bool numeric = strspn(image->user, "0123456789:") == strlen(image->user);

	*user = (struct image_user){
		.known = image->user[0] == '\0' || (numeric && n >= 1 && n <= 2),
		.uid = uid,
		.gid = gid};
}

int seccomp_count(const char *profile)
{
	json_t *json = json_loads(profile, 0, NULL);
	const json_t *rules = json_object_get(json, "syscalls");
	const json_t *rule;
	int count = json_is_array(rules) ? 0 : -EINVAL;
	size_t i;

	json_array_foreach ((json_t *)rules, i, rule) {
		const char *action = string_at(rule, "action");

		if (action != NULL && strcmp(action, "SCMP_ACT_ALLOW") == 0)
			count += (int)json_array_size(json_object_get(rule, "names"));
	}
	json_decref(json);
	return count;
}
