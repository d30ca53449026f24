/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * /proc/self/cgroup has a line "ID:CONTROLLERS:PATH" for each hierarchy of version 1 and "0::PATH"
 * for version 2; on a hybrid host both are there, and a controller belongs to one of them. Where
 * the hierarchy is mounted, and which part of it, tells /proc/self/mountinfo.
 */
#include "host/cgroup.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct span {
	const char *at;
	size_t len;
};

/* Cut the text up to a separator off a span; without one, all of it. */
static struct span span_next(struct span *rest, char separator)
{
	const char *end = memchr(rest->at, separator, rest->len);
	struct span part = {rest->at, end == NULL ? rest->len : (size_t)(end - rest->at)};
	size_t taken = part.len + (end != NULL);

	rest->at += taken;
	rest->len -= taken;
	return part;
}

static bool span_is(struct span span, const char *text)
{
	return span.len == strlen(text) && memcmp(span.at, text, span.len) == 0;
}

/* Whether a list with commas has a word. */
static bool span_lists(struct span list, const char *word)
{
	while (list.len > 0)
		if (span_is(span_next(&list, ','), word))
			return true;
	return false;
}

/* The path below the hierarchy's root, as the process's cgroup namespace shows it. */
static int find_path(const char *cgroups, const char *controller, struct span *path)
{
	struct span text = {cgroups, strlen(cgroups)};
	int version = -ENOENT;

	while (text.len > 0) {
		struct span line = span_next(&text, '\n');
		struct span id = span_next(&line, ':'), controllers = span_next(&line, ':');

		if (line.len == 0 || line.at[0] != '/')
			continue;
		if (span_lists(controllers, controller)) {
			*path = line;
			return 1;
		}
		if (span_is(id, "0") && controllers.len == 0) {
			*path = line;
			version = 2;
		}
	}
	return version;
}

/* The kernel writes white space and backslashes as three octal digits. */
static int unescape(struct span from, char *to, size_t size)
{
	size_t used = 0;

	while (from.len > 0 && used < size - 1) {
		size_t taken = 1;

		to[used] = from.at[0];
		if (from.at[0] == '\\' && from.len >= 4 && strspn(from.at + 1, "01234567") >= 3) {
			to[used] = (char)((from.at[1] - '0') * 64 + (from.at[2] - '0') * 8 +
					  (from.at[3] - '0'));
			taken = 4;
		}
		used++;
		from.at += taken;
		from.len -= taken;
	}
	to[used] = '\0';
	return from.len > 0 ? -ENAMETOOLONG : 0;
}

/* "31 23 0:28 ROOT POINT OPTIONS TAGS... - TYPE SOURCE OPTIONS" */
static bool mount_is(struct span line, int version, const char *controller, struct span *root,
	struct span *point)
{
	struct span word, type;

	for (int i = 0; i < 3; i++)
		span_next(&line, ' ');
	*root = span_next(&line, ' ');
	*point = span_next(&line, ' ');
	do
		word = span_next(&line, ' ');
	while (line.len > 0 && !span_is(word, "-"));
	type = span_next(&line, ' ');
	span_next(&line, ' ');
	if (point->len == 0 || point->at[0] != '/')
		return false;
	return version == 2 ? span_is(type, "cgroup2")
			    : span_is(type, "cgroup") && span_lists(line, controller);
}

/* In a container the mount may show a part of the hierarchy only; what is above isn't seen. */
static struct span below(struct span path, const char *root)
{
	static const struct span nothing = {"", 0};
	size_t len = strcmp(root, "/") == 0 ? 0 : strlen(root);

	if (path.len < len || memcmp(path.at, root, len) != 0 ||
		(path.len > len && path.at[len] != '/'))
		return nothing;
	path.at += len;
	path.len -= len;
	/* in a cgroup namespace, "/.." is what lies outside of it */
	if ((path.len >= 3 && memcmp(path.at, "/..", 3) == 0) || path.len == 1)
		return nothing;
	return path;
}

int cgroup_find(
	const char *cgroups, const char *mounts, const char *controller, struct cgroup *cgroup)
{
	struct span text = {mounts, strlen(mounts)}, path, root, point;
	int version = find_path(cgroups, controller, &path), r;
	char root_path[PATH_MAX];
	struct cgroup found = {.version = version};

	while (version > 0 && text.len > 0) {
		if (!mount_is(span_next(&text, '\n'), version, controller, &root, &point))
			continue;
		r = unescape(root, root_path, sizeof(root_path));
		if (r == 0)
			r = unescape(point, found.folder, sizeof(found.folder));
		if (r < 0)
			return r;
		path = below(path, root_path);
		found.top = strlen(found.folder);
		if (found.top + path.len >= sizeof(found.folder))
			return -ENAMETOOLONG;
		memcpy(found.folder + found.top, path.at, path.len);
		found.folder[found.top + path.len] = '\0';
		*cgroup = found;
		return 0;
	}
	return -ENOENT;
}

bool cgroup_parent(struct cgroup *cgroup)
{
	char *slash = strrchr(cgroup->folder, '/');

	if (slash == NULL || (size_t)(slash - cgroup->folder) < cgroup->top)
		return false;
	*slash = '\0';
	return true;
}
