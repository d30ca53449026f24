/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The same walls as in plan.c. What a Pod lacks: a limit of open files, which is the node's
 * container runtime's, and the choice of CPUs, which is the kubelet's. So a Pod asks for whole CPUs
 * and for limits equal to requests: only then does the kubelet's static CPU manager pin it.
 */
#include "generate/kube_pod.h"

#include <errno.h>
#include <jansson.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/names.h"
#include "generate/generate.h"
#include "generate/kube_network.h"
#include "generate/kube_volume.h"
#include "pmd/grammar/cpu_list.h"
#include "pmd/grammar/error.h"

#define MIB (1ULL << 20)

/* podman 4.3 takes 63 bytes as an annotation's value, which names the profile. */
#define PODMAN_NAME_MAX (63 - (int)strlen("localhost/" GENERATE_PROFILE))

/* MiB that a process may take beside its packets' memory, for an application's own heap: l2fwd and
 * the switch take 4 at most, by their cgroup. */
#define MEMORY_BESIDE 128

/* Takes the value; what is empty says nothing. */
static void set(json_t *object, const char *key, json_t *value)
{
	if (json_object_size(value) == 0 && json_array_size(value) == 0)
		json_decref(value);
	else
		json_object_set_new(object, key, value);
}

static int check_name(const struct kube_source *source, const char *name, struct cvio_error *err)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789-";
	size_t size = strlen(name);

	if (size > 0 && size <= KUBE_NAME_MAX && strspn(name, allowed) == size && name[0] != '-' &&
		name[size - 1] != '-')
		return 0;
	return cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL,
		"generate %s: %.80s: names have small letters, digits and - between them, at most "
		"%d; choose another, such as --name l2fwd",
		source->form, name, KUBE_NAME_MAX);
}

static int check_container(
	const struct kube_source *source, const struct kube_container *c, struct cvio_error *err)
{
	int r = check_name(source, c->plan->name, err);

	if (r == 0 && source->podman && c->memory.kind == MEMORY_MOUNT)
		r = cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL,
			"generate %s: memory mount: podman plays no volume of hugepages; take "
			"memfd",
			source->form);
	if (r == 0 && source->podman && strlen(c->plan->name) > PODMAN_NAME_MAX)
		r = cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL,
			"generate %s: %.80s: podman 4.3 has room for %d characters; choose a "
			"shorter name",
			source->form, c->plan->name, PODMAN_NAME_MAX);
	return r;
}

static int check(const struct kube_source *source, struct cvio_error *err)
{
	int r = check_name(source, source->name, err);

	for (size_t i = 0; r == 0 && i < source->count; i++)
		r = check_container(source, &source->containers[i], err);
	return r;
}

/* A chain's containers may need the same one. */
static void add_group(json_t *groups, json_int_t gid)
{
	const json_t *group;
	size_t i;

	json_array_foreach (groups, i, group)
		if (json_integer_value(group) == gid)
			return;
	json_array_append_new(groups, json_integer(gid));
}

/* What belongs to the container's user by its group: emptyDir is root's otherwise. */
static bool needs_group(const struct kube_source *source)
{
	bool needed = source->links->count > 0 && !source->podman;

	for (size_t i = 0; i < source->count; i++)
		needed = needed || source->containers[i].memory.kind == MEMORY_MOUNT;
	return needed && source->containers[0].user.known;
}

static json_t *pod_security(const struct kube_source *source)
{
	json_t *context = json_object(), *groups = json_array();

	for (size_t i = 0; i < source->count; i++) {
		const struct words *gids = source->containers[i].plan->groups;

		for (size_t j = 0; gids != NULL && j < gids->count; j++)
			add_group(groups, strtoll(gids->list[j], NULL, 10));
	}
	set(context, "supplementalGroups", groups);
	if (needs_group(source))
		json_object_set_new(context, "fsGroup",
			json_integer((json_int_t)source->containers[0].user.gid));
	return context;
}

/* A file below the kubelet's folder of profiles. */
static json_t *seccomp(const struct run_plan *plan)
{
	if (!plan->image_seccomp)
		return json_pack("{s:s}", "type", "RuntimeDefault");
	return json_pack("{s:s, s:o}", "type", "Localhost", "localhostProfile",
		json_sprintf("%s" GENERATE_PROFILE, plan->name));
}

static json_t *security(const struct kube_container *c)
{
	json_t *context = json_object();

	if (c->user.known && c->user.uid != 0)
		json_object_update_new(context,
			json_pack("{s:b, s:I, s:I}", "runAsNonRoot", 1, "runAsUser",
				(json_int_t)c->user.uid, "runAsGroup", (json_int_t)c->user.gid));
	json_object_update_new(
		context, json_pack("{s:b, s:b, s:{s:[s]}, s:o}", "allowPrivilegeEscalation", 0,
				 "readOnlyRootFilesystem", 1, "capabilities", "drop", "ALL",
				 "seccompProfile", seccomp(c->plan)));
	return context;
}

static void add_variable(json_t *env, const char *name, const char *value)
{
	if (value != NULL)
		json_array_append_new(env, json_pack("{s:s, s:s}", "name", name, "value", value));
}

/* `auto` is settled: hugepages that were asked for are there. */
static void add_memory(const struct kube_source *source, struct memory_spec spec, json_t *env)
{
	char text[32];

	if (spec.kind == MEMORY_AUTO && !source->podman)
		spec.kind = MEMORY_MEMFD;
	if (spec.size > 0 && memory_spec_format(&spec, text, sizeof(text)) > 0)
		add_variable(env, "CVIO_MEMORY", text);
	if (spec.kind == MEMORY_MOUNT)
		add_variable(env, "RUNTIME_DIRECTORY", INNER_RUNTIME_FOLDER);
}

/* podman pins nothing that it plays, so the image is told where to put its lcores. */
static void add_lcores(const struct kube_container *c, json_t *env)
{
	char text[2048];
	cpu_set_t set;

	if (c->cpus[0] != '\0' && cpu_list_parse(c->cpus, &set, NULL) == 0 &&
		cpu_list_to_lcores(&set, text, sizeof(text)) > 0)
		add_variable(env, "CVIO_LCORES", text);
}

static json_t *environment(const struct kube_source *source, const struct kube_container *c)
{
	json_t *env = json_array();

	add_variable(env, "CVIO_PORTS", c->plan->ports);
	add_memory(source, c->memory, env);
	if (source->podman)
		add_lcores(c, env);
	return env;
}

static int cpu_count(const struct kube_container *c)
{
	cpu_set_t set;

	if (c->cpus[0] == '\0' || cpu_list_parse(c->cpus, &set, NULL) < 0)
		return 1;
	return CPU_COUNT(&set);
}

static json_t *quantity(uint64_t mib)
{
	return json_sprintf("%lluMi", (unsigned long long)mib);
}

/* What is requested is the limit as well. */
static json_t *resources(const struct kube_container *c)
{
	bool small = c->memory.kind == MEMORY_SMALL;
	uint64_t size = c->memory.size / MIB;
	json_t *amounts = json_object();

	json_object_set_new(amounts, "cpu", json_sprintf("%d", cpu_count(c)));
	/* `small` sets aside twice its size (docs/contract.md) */
	json_object_set_new(amounts, "memory", quantity(MEMORY_BESIDE + (small ? 2 * size : 0)));
	if (!small && size > 0)
		json_object_set_new(amounts, "hugepages-2Mi", quantity(size));
	return json_pack("{s:O, s:o}", "requests", amounts, "limits", amounts);
}

static json_t *arguments(const struct words *words)
{
	json_t *args = json_array();

	for (size_t i = 0; i < words->count; i++)
		json_array_append_new(args, json_string(words->list[i]));
	return args;
}

static json_t *container(const struct kube_source *source, size_t i)
{
	const struct kube_container *c = &source->containers[i];
	json_t *json = json_pack("{s:s, s:s, s:s}", "name", c->plan->name, "image", c->plan->image,
		"imagePullPolicy", source->podman ? "Never" : "IfNotPresent");

	set(json, "args", arguments(c->plan->app_args));
	set(json, "env", environment(source, c));
	if (c->plan->tty)
		json_object_update_new(json, json_pack("{s:b, s:b}", "stdin", 1, "tty", 1));
	if (!source->podman)
		json_object_set_new(json, "resources", resources(c));
	json_object_set_new(json, "securityContext", security(c));
	/* the image's last line says why it ended */
	json_object_set_new(json, "terminationMessagePolicy", json_string("FallbackToLogsOnError"));
	set(json, "volumeMounts", kube_mounts(source, i));
	return json;
}

/* Variables of a service called cvio-something would be refused by the image, hence no links. */
static json_t *specification(const struct kube_source *source)
{
	json_t *containers = json_array(), *spec;

	for (size_t i = 0; i < source->count; i++)
		json_array_append_new(containers, container(source, i));
	spec = json_pack("{s:s, s:b, s:b}", "restartPolicy", "OnFailure",
		"automountServiceAccountToken", 0, "enableServiceLinks", 0);
	set(spec, "securityContext", pod_security(source));
	set(spec, "containers", containers);
	set(spec, "volumes", kube_volumes(source));
	return spec;
}

/* podman 4.3 reads the profile from here only. */
static void annotate_seccomp(const struct kube_source *source, json_t *annotations)
{
	char key[64 + KUBE_NAME_MAX];

	for (size_t i = 0; source->podman && i < source->count; i++) {
		const struct run_plan *plan = source->containers[i].plan;

		if (!plan->image_seccomp)
			continue;
		snprintf(key, sizeof(key), "container.seccomp.security.alpha.kubernetes.io/%s",
			plan->name);
		json_object_set_new(annotations, key,
			json_sprintf("localhost/%s" GENERATE_PROFILE, plan->name));
	}
}

int kube_pod(const struct kube_source *source, json_t **pod, struct cvio_error *err)
{
	json_t *annotations, *metadata;
	int r = check(source, err);

	if (r < 0)
		return r;
	annotations = json_object();
	annotate_seccomp(source, annotations);
	r = kube_network_annotate(source, annotations, err);
	if (r < 0) {
		json_decref(annotations);
		return r;
	}
	metadata = json_pack("{s:s, s:{s:s}}", "name", source->name, "labels",
		"app.kubernetes.io/name", source->name);
	set(metadata, "annotations", annotations);
	*pod = json_pack("{s:s, s:s, s:o, s:o}", "apiVersion", "v1", "kind", "Pod", "metadata",
		metadata, "spec", specification(source));
	if (*pod == NULL)
		return cvio_error_set(err, CVIO_EXIT_SOFTWARE, -ENOMEM, "generate: out of memory");
	return 0;
}
