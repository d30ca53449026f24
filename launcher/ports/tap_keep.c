/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Which process has a tap open with how many queues, the kernel tells in /proc/PID/fdinfo: a line
 * "iff:" with the interface's name, which is empty when that was deleted. Nobody else can tell, and
 * the interface may not be moved before all queues are there.
 */
#include "ports/tap_keep.h"

#include <dirent.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <syslog.h>
#include <unistd.h>

#include "base/child.h"
#include "pmd/grammar/error.h"
#include "pmd/grammar/port_spec.h"
#include "ports/tap.h"

#define LOOK_FIRST_MS                                                                         \
	5           /* until the process has them: the time to the first packet depends on it \
		     */
#define LOOK_MS 200 /* later */

struct kept {
	bool published;
	bool failed;         /* at the last try, which was told */
	unsigned int queues; /* that are open */
};

/* The interface of one descriptor; false: it is no tap's. */
static bool interface_of(const char *path, char name[static PORT_IFNAME_MAX + 1])
{
	FILE *file = fopen(path, "re");
	char line[128];
	bool is_tap = false;

	if (file == NULL)
		return false;
	name[0] = '\0';
	while (!is_tap && fgets(line, sizeof(line), file) != NULL) {
		is_tap = strncmp(line, "iff:", 4) == 0;
		if (is_tap)
			sscanf(line + 4, "%15s", name);
	}
	fclose(file);
	return is_tap;
}

/* Counts the queues of each tap, and those whose tap is gone. */
static unsigned int count_queues(const struct taps *taps, struct kept *kept)
{
	char folder[64], path[sizeof(folder) + 256], name[PORT_IFNAME_MAX + 1];
	unsigned int orphans = 0;
	struct dirent *entry;
	DIR *dir;

	for (size_t i = 0; i < taps->count; i++)
		kept[i].queues = 0;
	snprintf(folder, sizeof(folder), "/proc/%d/fdinfo", (int)taps->pid);
	dir = opendir(folder);
	while (dir != NULL && (entry = readdir(dir)) != NULL) {
		snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		if (entry->d_name[0] == '.' || !interface_of(path, name))
			continue;
		orphans += name[0] == '\0';
		for (size_t i = 0; i < taps->count; i++)
			kept[i].queues += strcmp(name, taps->ports[i].path) == 0;
	}
	if (dir != NULL)
		closedir(dir);
	return orphans;
}

/* Nobody waits for an answer here. */
static void tell(struct kept *kept, const struct cvio_error *err)
{
	if (!kept->failed)
		syslog(LOG_DAEMON | LOG_ERR, "cvio: %s", err->text);
	kept->failed = true;
}

/* One that has moved, but has no address, stays so: to move it once more can't help. */
static void publish(const struct taps *taps, size_t i, struct kept *kept)
{
	const struct port_spec *port = &taps->ports[i];
	struct cvio_error err = {.text = ""};
	char inside[64];
	int r = tap_publish(port, taps->pid, &err);

	snprintf(inside, sizeof(inside), "/proc/%d/ns/net", (int)taps->pid);
	kept->published = r == 0 || !tap_is_there(inside, port->path);
	if (r < 0)
		tell(kept, &err);
	else
		kept->failed = false;
}

static void make_again(const struct taps *taps, size_t i, struct kept *kept)
{
	struct cvio_error err = {.text = ""};

	if (tap_make(&taps->ports[i], taps->owner, taps->uid, taps->pid, &err) == 0)
		kept->published = kept->failed = false;
	else
		tell(kept, &err);
}

/* What fails is tried again at the next look: a name may have been taken for a while. */
static void look(const struct taps *taps, struct kept *kept)
{
	unsigned int orphans = count_queues(taps, kept);

	for (size_t i = 0; i < taps->count; i++) {
		const struct port_spec *port = &taps->ports[i];

		if (!kept[i].published && kept[i].queues == port->queues)
			publish(taps, i, &kept[i]);
		else if (kept[i].published && kept[i].queues == 0 && orphans >= port->queues)
			make_again(taps, i, &kept[i]);
	}
}

static int pause_of(const struct taps *taps, const struct kept *kept)
{
	for (size_t i = 0; i < taps->count; i++)
		if (!kept[i].published && !kept[i].failed)
			return LOOK_FIRST_MS;
	return LOOK_MS;
}

void taps_keep(const struct taps *taps)
{
	_fd_cleanup_ int pidfd = (int)syscall(SYS_pidfd_open, taps->pid, 0);
	struct kept kept[PORT_MAX] = {0};

	while (pidfd >= 0 && poll(&(struct pollfd){pidfd, POLLIN, 0}, 1, pause_of(taps, kept)) <= 0)
		look(taps, kept);
	for (size_t i = 0; i < taps->count; i++)
		tap_remove(&taps->ports[i], taps->owner, NULL);
}
