/* SPDX-License-Identifier: BSD-3-Clause */
/* Containers that share a folder share its volume, so volumes are called by their place in the list
 * of all folders. */
#include "generate/kube_volume.h"
#include "base/names.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

bool kube_is_link(const struct kube_source *source, const char *folder)
{
	for (size_t i = 0; i < source->links->count; i++)
		if (strcmp(source->links->list[i], folder) == 0)
			return true;
	return false;
}

/* The volume of a folder, or NULL. */
static const json_t *volume_find(const json_t *volumes, const char *folder)
{
	const json_t *volume;
	size_t i;

	json_array_foreach (volumes, i, volume)
		if (strcmp(json_string_value(json_object_get(volume, "folder")), folder) == 0)
			return volume;
	return NULL;
}

/*
 * userspace-CNI finds its folder by the name of a volume, and joins the path and a socket's name
 * without a slash. podman's emptyDir would be root's.
 */
static json_t *volume_of(const struct kube_source *source, const char *folder, size_t number)
{
	bool link = kube_is_link(source, folder), cni = source->bridge != NULL && !link;
	json_t *name = json_sprintf("sockets-%zu", number);

	if (cni)
		json_string_set(name, "shared-dir");
	if (link && !source->podman)
		return json_pack("{s:s, s:o, s:{s:s}}", "folder", folder, "name", name, "emptyDir",
			"medium", "Memory");
	return json_pack("{s:s, s:o, s:{s:o, s:s}}", "folder", folder, "name", name, "hostPath",
		"path", json_sprintf("%s%s", folder, cni ? "/" : ""), "type", "Directory");
}

/* Each folder once, with its path under the key "folder". */
static json_t *folder_volumes(const struct kube_source *source)
{
	json_t *volumes = json_array();

	for (size_t i = 0; i < source->count; i++) {
		const struct words *folders = source->containers[i].plan->folders;

		for (size_t j = 0; j < folders->count; j++)
			if (volume_find(volumes, folders->list[j]) == NULL)
				json_array_append_new(volumes, volume_of(source, folders->list[j],
								       json_array_size(volumes)));
	}
	return volumes;
}

static json_t *memory_volume(const char *name, size_t container, const char *medium)
{
	return json_pack("{s:o, s:{s:s}}", "name", json_sprintf("%s-%zu", name, container),
		"emptyDir", "medium", medium);
}

json_t *kube_volumes(const struct kube_source *source)
{
	json_t *volumes = folder_volumes(source), *volume;
	size_t i;

	json_array_foreach (volumes, i, volume)
		json_object_del(volume, "folder");
	for (i = 0; i < source->count; i++) {
		if (source->containers[i].memory.kind != MEMORY_MOUNT)
			continue;
		json_array_append_new(volumes, memory_volume("hugepages", i, "HugePages"));
		json_array_append_new(volumes, memory_volume("runtime", i, "Memory"));
	}
	return volumes;
}

static json_t *mount_of(json_t *name, const char *path)
{
	return json_pack("{s:o, s:s}", "name", name, "mountPath", path);
}

json_t *kube_mounts(const struct kube_source *source, size_t container)
{
	const struct kube_container *c = &source->containers[container];
	json_t *mounts = json_array(), *volumes = folder_volumes(source);

	for (size_t i = 0; i < c->plan->folders->count; i++) {
		const json_t *volume = volume_find(volumes, c->plan->folders->list[i]);

		json_array_append_new(mounts, mount_of(json_incref(json_object_get(volume, "name")),
						      c->plan->targets->list[i]));
	}
	json_decref(volumes);
	if (c->memory.kind != MEMORY_MOUNT)
		return mounts;
	json_array_append_new(
		mounts, mount_of(json_sprintf("hugepages-%zu", container), "/dev/hugepages"));
	json_array_append_new(
		mounts, mount_of(json_sprintf("runtime-%zu", container), INNER_RUNTIME_FOLDER));
	return mounts;
}
