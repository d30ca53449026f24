/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Any two texts as /proc/self/cgroup and /proc/self/mountinfo, parted by an empty line: the folder
 * that is found is a path, and its parents end at the mount. And the first as /etc/subuid.
 */
#include "check/check.h"
#include "host/cgroup.h"
#include "tests/fuzz/fuzz.h"

#include <errno.h>

static void check_good(struct cgroup *cgroup)
{
	size_t len = strlen(cgroup->folder);

	CHECK(cgroup->version == 1 || cgroup->version == 2);
	CHECK(cgroup->folder[0] == '/' && len < sizeof(cgroup->folder));
	CHECK(cgroup->top > 0 && cgroup->top <= len);
	while (cgroup_parent(cgroup)) {
		CHECK(strlen(cgroup->folder) < len);
		len = strlen(cgroup->folder);
		CHECK(len >= cgroup->top);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size), *mounts = strstr(text, "\n\n");
	static struct cgroup cgroup;
	struct subids ids;
	int r;

	if (mounts != NULL) {
		*mounts = '\0';
		r = cgroup_find(text, mounts + 2, "hugetlb", &cgroup);
		CHECK(r == 0 || r == -ENOENT || r == -ENAMETOOLONG);
		if (r == 0)
			check_good(&cgroup);
	}
	subids_read(text, "ann", 1000, &ids);
	CHECK(ids.next >= 100000 && ids.count <= size * 9999999999ULL);
	free(text);
	return 0;
}
