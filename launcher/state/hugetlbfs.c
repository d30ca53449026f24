/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Each container has a mount of its own: what it writes there goes with it, no other container sees
 * it, and its size is a quota that fails cleanly. min_size reserves the pages at the mount, where a
 * lack of them is an error; a page that is missing later, or denied by a cgroup, is a SIGBUS.
 */
#include "state/hugetlbfs.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>

#include "base/exit.h"
#include "image/image.h"

void hugetlbfs_options(
	const struct memory_spec *spec, const struct image_user *user, char *buf, size_t len)
{
	int n = snprintf(buf, len, "pagesize=%" PRIu64 "M,size=%" PRIu64 ",min_size=%" PRIu64,
		memory_spec_page(spec) >> 20, spec->size, spec->size);

	if (user != NULL)
		snprintf(
			buf + n, len - (size_t)n, ",uid=%u,gid=%u,mode=0700", user->uid, user->gid);
	else
		snprintf(buf + n, len - (size_t)n, ",mode=0777");
}

int hugetlbfs_mount(const char *path, const struct memory_spec *spec, const struct image_user *user,
	struct cvio_error *err)
{
	char options[128];
	int r;

	hugetlbfs_options(spec, user, options, sizeof(options));
	if (mount("cvio", path, "hugetlbfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, options) == 0)
		return 0;
	r = -errno;
	if (r == -ENOMEM)
		return cvio_error_set(err, CVIO_EXIT_MEMORY, r,
			"memory: mount: %" PRIu64 " MiB of hugepages can't be set aside; reserve "
			"more pages of %" PRIu64 " MiB, or use --memory small",
			spec->size >> 20, memory_spec_page(spec) >> 20);
	return cvio_error_set(err, CVIO_EXIT_SOFTWARE, r,
		"memory: mount: can't mount a hugetlbfs (%s): %s; use --memory memfd", options,
		strerror(-r));
}
