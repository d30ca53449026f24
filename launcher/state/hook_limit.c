/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * podman 4.3 has no option for hugepages, so a hook at the stage createRuntime, when the
 * container's process is in its cgroup and not yet the application, sets the limit there: of what
 * is set aside, where more is refused, and of what is used, where it is a SIGBUS.
 */
#include "state/hook_limit.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>

#include "base/child.h"
#include "base/exit.h"
#include "host/cgroup.h"

static char *read_text(const char *path)
{
	_fd_cleanup_ int fd = open(path, O_RDONLY | O_CLOEXEC);
	char *text = calloc(1, 1 << 16);

	if (text != NULL && (fd < 0 || read(fd, text, (1 << 16) - 1) <= 0)) {
		free(text);
		return NULL;
	}
	return text;
}

/* The hugetlb cgroup of a process. */
static int find(long pid, struct cgroup *cgroup)
{
	char path[64], *cgroups, *mounts = read_text("/proc/self/mountinfo");
	int r = -ENOENT;

	snprintf(path, sizeof(path), "/proc/%ld/cgroup", pid);
	cgroups = read_text(path);
	if (cgroups != NULL && mounts != NULL)
		r = cgroup_find(cgroups, mounts, "hugetlb", cgroup);
	free(cgroups);
	free(mounts);
	return r;
}

static int set(const struct cgroup *cgroup, uint64_t page, const char *of, uint64_t bytes)
{
	char path[PATH_MAX + 64], text[32];
	_fd_cleanup_ int fd = -1;
	int n = snprintf(text, sizeof(text), "%" PRIu64, bytes);

	snprintf(path, sizeof(path), "%s/hugetlb.%s.%s%s", cgroup->folder,
		page == MEMORY_PAGE_1G ? "1GB" : "2MB", of,
		cgroup->version == 1 ? "limit_in_bytes" : "max");
	fd = open(path, O_WRONLY | O_CLOEXEC);
	return fd >= 0 && write(fd, text, (size_t)n) == n ? 0 : -errno;
}

bool hook_limit_possible(void)
{
	struct cgroup cgroup;
	char path[PATH_MAX + 64], controllers[256] = "";
	FILE *file;

	if (geteuid() != 0 || find(getpid(), &cgroup) < 0)
		return false;
	if (cgroup.version == 1)
		return true;
	/* podman's containers are below the top, where what is listed there may be on */
	snprintf(path, sizeof(path), "%.*s/cgroup.subtree_control", (int)cgroup.top, cgroup.folder);
	file = fopen(path, "re");
	if (file == NULL)
		return false;
	if (fgets(controllers, sizeof(controllers), file) == NULL)
		controllers[0] = '\0';
	fclose(file);
	return strstr(controllers, "hugetlb") != NULL;
}

static int cmd_limit(int argc, char **argv, struct cvio_error *err)
{
	json_t *state = json_loadf(stdin, JSON_DISABLE_EOF_CHECK, NULL);
	long pid = (long)json_integer_value(json_object_get(state, "pid"));
	uint64_t bytes = argc == 3 ? strtoull(argv[1], NULL, 10) : 0;
	uint64_t page = argc == 3 ? strtoull(argv[2], NULL, 10) : 0;
	struct cgroup cgroup;
	int r;

	json_decref(state);
	if (pid <= 0 || bytes == 0)
		return cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL,
			"limit: BYTES PAGE, and a container's state; this is for the engine to "
			"call");
	r = find(pid, &cgroup);
	if (r == 0)
		r = set(&cgroup, page, "", bytes);
	if (r < 0)
		return cvio_error_set(err, CVIO_EXIT_SOFTWARE, r,
			"run: the limit of hugepages can't be set in the container's cgroup: %s; "
			"`cvio check` tells of the host's",
			strerror(-r));
	set(&cgroup, page, "rsvd.", bytes); /* since Linux 5.7 */
	return 0;
}

const struct command limit_command = {"limit", cmd_limit, NULL, NULL, NULL};
