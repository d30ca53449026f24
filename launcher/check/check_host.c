/* SPDX-License-Identifier: BSD-3-Clause */
/* Devices, limits and mandatory access control. */
#include "check/check.h"

#include <dirent.h>
#include <inttypes.h>
#include <limits.h>

#define FILES_ASKED 65536 /* what cvio run asks for */
#define FILES_NEEDED 2048 /* 32 ports of 8 queue pairs, and as much again for the application */
#define LOCKED_USUAL (8ULL << 20) /* bytes: the kernel's own default */

static unsigned int entries(const struct check_host *host, const char *folder)
{
	char path[PATH_MAX];
	struct dirent *entry;
	unsigned int n = 0;
	DIR *dir;

	snprintf(path, sizeof(path), "%s%s", host->root, folder);
	dir = opendir(path);
	while (dir != NULL && (entry = readdir(dir)) != NULL)
		n += entry->d_name[0] != '.';
	if (dir != NULL)
		closedir(dir);
	return n;
}

void check_iommu(const struct check_host *host, struct check_report *report)
{
	unsigned int groups = entries(host, "/sys/kernel/iommu_groups");

	if (groups > 0) {
		check_add(report, "iommu", CHECK_OK, "%u groups", groups);
		return;
	}
	check_add(report, "iommu", CHECK_WARNING,
		"none; vhost-user ports don't need it, a switch on hardware ports does");
	check_remedy(report,
		"boot with intel_iommu=on (AMD: amd_iommu=on) iommu=pt on the kernel's command "
		"line");
}

void check_vhost_net(const struct check_host *host, struct check_report *report)
{
	if (check_exists(host, "/dev/vhost-net")) {
		check_add(report, "vhost-net", CHECK_OK, "/dev/vhost-net");
		return;
	}
	check_add(report, "vhost-net", CHECK_WARNING,
		"no /dev/vhost-net; vhost-kernel ports need it, unless with fallback=tap");
	check_remedy_root(host, report, "modprobe vhost_net");
}

/* "20000", or "unlimited" */
static const char *limit_text(rlim_t limit, char *buf, size_t size)
{
	if (limit == RLIM_INFINITY)
		return "unlimited";
	snprintf(buf, size, "%" PRIu64, (uint64_t)limit);
	return buf;
}

/* prlimit is for the shell that it is typed into, which is root's only if that is who asks. */
static void remedy_limit(const struct check_host *host, struct check_report *report,
	const char *item, const char *value)
{
	if (host->uid == 0)
		check_remedy(report, "prlimit --%s=%s --pid $$", item, value);
	else
		check_remedy_root(host, report,
			"echo '* - %s %s' >/etc/security/limits.d/cvio-%s.conf; then log in again",
			item, value, item);
}

void check_locked(const struct check_host *host, struct check_report *report)
{
	rlim_t limit = host->locked.rlim_max;
	bool enough = limit == RLIM_INFINITY || limit >= LOCKED_USUAL;
	char text[32];

	check_add(report, "locked-memory", enough ? CHECK_OK : CHECK_WARNING, "%s%s%s",
		limit_text(limit, text, sizeof(text)), limit == RLIM_INFINITY ? "" : " bytes",
		enough ? "; hugepages don't count" : "; an application that locks memory can't");
	if (!enough)
		remedy_limit(host, report, "memlock", "unlimited");
}

void check_files(const struct check_host *host, struct check_report *report)
{
	rlim_t limit = host->files.rlim_max;
	char text[32];

	limit_text(limit, text, sizeof(text));
	if (limit == RLIM_INFINITY || limit >= FILES_ASKED)
		check_add(report, "open-files", CHECK_OK, "%s; cvio run asks for %d",
			limit_text(limit, text, sizeof(text)), FILES_ASKED);
	else if (limit >= FILES_NEEDED)
		check_add(report, "open-files", CHECK_OK,
			"%s, which cvio run takes in place of %d; 32 ports of 8 queues need %d",
			text, FILES_ASKED, FILES_NEEDED);
	else
		check_add(report, "open-files", CHECK_WARNING, "%s; 32 ports of 8 queues need %d",
			text, FILES_NEEDED);
	if (limit < FILES_NEEDED)
		remedy_limit(host, report, "nofile", "65536");
}

/* SELinux labels what a container may touch: a switch's socket isn't among it. AppArmor's usual
 * profile for containers forbids nothing that an image does. */
void check_lsm(const struct check_host *host, struct check_report *report)
{
	static const char name[] = "selinux-apparmor";
	uint64_t enforcing = 0;
	char apparmor[8];

	if (check_read_number(host, &enforcing, "/sys/fs/selinux/enforce") == 0 && enforcing != 0) {
		check_add(report, name, CHECK_WARNING,
			"SELinux enforces: a container may not connect to a switch's socket");
		check_remedy(report, "cvio run --podman-args=--security-opt=label=disable");
		return;
	}
	if (check_exists(host, "/sys/fs/selinux/enforce"))
		check_add(report, name, CHECK_OK, "SELinux, permissive");
	else if (check_read(host, apparmor, sizeof(apparmor),
			 "/sys/module/apparmor/parameters/enabled") > 0 &&
		 apparmor[0] == 'Y')
		check_add(report, name, CHECK_OK, "AppArmor");
	else
		check_add(report, name, CHECK_OK, "neither");
}
