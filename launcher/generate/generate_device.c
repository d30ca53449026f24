/* SPDX-License-Identifier: BSD-3-Clause */
#include "generate/generate_device.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <jansson.h>

#include "base/exit.h"
#include "pmd/grammar/port_limits.h"
#include "ports/wire.h"
#include "state/hook_pack.h"

#define MISC                                                                                      \
	10 /* the major number of all these in the kernel's Documentation/admin-guide/devices.txt \
	    */

static const struct {
	const char *path;
	int minor;
} fixed[] = {
	{PORT_DEV_TUN, 200},
	{PORT_DEV_VHOST_NET, 238},
	{"/dev/vfio/vfio", 196},
};

/* The same on every host, but for VFIO's groups. */
static int number_of(const char *path, int *major_number, int *minor_number, struct cvio_error *err)
{
	struct stat st;

	for (size_t i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++)
		if (strcmp(fixed[i].path, path) == 0) {
			*major_number = MISC;
			*minor_number = fixed[i].minor;
			return 0;
		}
	if (stat(path, &st) < 0)
		return cvio_error_set(err, CVIO_EXIT_UNAVAILABLE, -errno,
			"generate: %s: %s; generate it on the host where it is", path,
			strerror(errno));
	*major_number = (int)major(st.st_rdev);
	*minor_number = (int)minor(st.st_rdev);
	return 0;
}

static int add_device(
	const struct run *run, const char *path, json_t *linux_part, struct cvio_error *err)
{
	json_t *resources = json_object_get(linux_part, "resources");
	int major_number, minor_number, r = number_of(path, &major_number, &minor_number, err);

	if (r < 0)
		return r;
	json_array_append_new(json_object_get(linux_part, "devices"),
		json_pack("{s:s, s:s, s:i, s:i, s:i, s:I, s:I}", "path", path, "type", "c", "major",
			major_number, "minor", minor_number, "fileMode", 0600, "uid",
			(json_int_t)run->user.uid, "gid", (json_int_t)run->user.gid));
	json_array_append_new(json_object_get(resources, "devices"),
		json_pack("{s:b, s:s, s:i, s:i, s:s}", "allow", 1, "type", "c", "major",
			major_number, "minor", minor_number, "access", "rw"));
	return 0;
}

static json_t *hooks(const char *command, const struct run *run)
{
	_words_cleanup_ struct words words = {0};

	words_add(&words, command);
	words_add(&words, run->plan.name);
	words_extend(&words, run->plan.wired);
	return json_pack("[o]", hook_pack(&words));
}

int generate_devices(const struct run *run, json_t *bundle, struct cvio_error *err)
{
	const struct run_plan *plan = &run->plan;
	json_t *linux_part = json_object_get(bundle, "linux");
	int r = 0;

	if (plan->wired == NULL || plan->wired->count == 0)
		return 0;
	json_object_set_new(linux_part, "devices", json_array());
	for (size_t i = 0; r == 0 && i < plan->devices->count; i++)
		r = add_device(run, plan->devices->list[i], linux_part, err);
	json_object_set_new(bundle, "hooks",
		json_pack("{s:o, s:o}", "createRuntime", hooks(WIRE_NAME, run), "poststop",
			hooks(UNWIRE_NAME, run)));
	if (plan->locks_memory)
		json_array_append_new(
			json_object_get(json_object_get(bundle, "process"), "rlimits"),
			json_pack("{s:s, s:I, s:I}", "type", "RLIMIT_MEMLOCK", "hard",
				(json_int_t)INT64_MAX, "soft", (json_int_t)INT64_MAX));
	return r;
}
