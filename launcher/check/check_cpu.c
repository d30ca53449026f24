/* SPDX-License-Identifier: BSD-3-Clause */
/* CPUs: a port that is polled wants one for itself, at full speed, with the instructions that the
 * images are built for. */
#include "check/check.h"

#include <string.h>

#include "host/host.h"
#include "pmd/grammar/cpu_list.h"

static void list_text(const cpu_set_t *set, char *buf, size_t size)
{
	if (CPU_COUNT(set) == 0)
		snprintf(buf, size, "none");
	else if (cpu_list_format(set, buf, size) < 0)
		snprintf(buf, size, "%d CPUs", CPU_COUNT(set));
}

void check_cpus(const struct check_host *host, struct check_report *report)
{
	static const char name[] = "cpus";
	char allowed[200], online[200];
	cpu_set_t set, all;

	if (check_cpuset(host, "cpus", &set) < 0 || CPU_COUNT(&set) == 0) {
		check_add(report, name, CHECK_WARNING, "/proc/self/status has no CPUs");
		check_remedy_root(host, report, "mount -t proc proc /proc");
		return;
	}
	list_text(&set, allowed, sizeof(allowed));
	if (check_read_list(host, &all, "/sys/devices/system/cpu/online") < 0)
		all = set;
	list_text(&all, online, sizeof(online));
	if (CPU_COUNT(&set) >= 2 || CPU_COUNT(&all) < 2) {
		check_add(report, name, CHECK_OK, "allowed are %s of %s", allowed, online);
		return;
	}
	check_add(report, name, CHECK_WARNING,
		"only %s of %s is allowed; the switch and the image share it", allowed, online);
	check_remedy_root(
		host, report, "systemctl set-property --runtime user.slice AllowedCPUs=%s", online);
}

/* An example of what to isolate: all but the first, which takes the interrupts. */
static void remedy_isolate(const cpu_set_t *allowed, struct check_report *report)
{
	cpu_set_t set = *allowed;
	char text[200];
	int first = 0;

	while (first < CPU_SETSIZE - 1 && !CPU_ISSET(first, &set))
		first++;
	if (CPU_COUNT(&set) > 1)
		CPU_CLR(first, &set);
	list_text(&set, text, sizeof(text));
	check_remedy(report,
		"boot with isolcpus=%s nohz_full=%s on the kernel's command line, then --cpus",
		text, text);
}

/* Isolated CPUs are in no affinity by default, only in the cpuset. */
static void check_isolated_use(const struct check_host *host, const cpu_set_t *isolated,
	const char *list, struct check_report *report)
{
	static const char name[] = "isolated-cpus";
	cpu_set_t affinity, allowed, set;
	char text[150];

	if (check_cpuset(host, "cpus", &allowed) < 0 || check_affinity(host, &affinity) < 0)
		affinity = allowed = *isolated;
	CPU_AND(&set, isolated, &affinity);
	if (CPU_COUNT(&set) > 0) {
		CPU_ZERO(&set);
		check_read_list(host, &set, "/sys/devices/system/cpu/nohz_full");
		list_text(&set, text, sizeof(text));
		check_add(report, name, CHECK_OK, "%s, without ticks (nohz_full) %s", list, text);
		return;
	}
	check_add(report, name, CHECK_WARNING, "%s, but this process may use none of them", list);
	CPU_AND(&set, isolated, &allowed);
	if (CPU_COUNT(&set) == 0) {
		check_remedy_root(host, report,
			"systemctl set-property --runtime user.slice AllowedCPUs=%s", list);
		return;
	}
	CPU_OR(&set, &set, &affinity);
	list_text(&set, text, sizeof(text));
	check_remedy(report, "taskset --pid --cpu-list %s $$", text);
}

void check_isolated(const struct check_host *host, struct check_report *report)
{
	cpu_set_t isolated, allowed;
	char text[150];

	if (check_read_list(host, &isolated, "/sys/devices/system/cpu/isolated") < 0)
		CPU_ZERO(&isolated);
	if (CPU_COUNT(&isolated) > 0) {
		list_text(&isolated, text, sizeof(text));
		check_isolated_use(host, &isolated, text, report);
		return;
	}
	if (check_cpuset(host, "cpus", &allowed) < 0)
		return;
	check_add(report, "isolated-cpus", CHECK_WARNING,
		"none; what else runs here takes time from the ports, and frames are lost");
	remedy_isolate(&allowed, report);
}

void check_governor(const struct check_host *host, struct check_report *report)
{
	static const char name[] = "cpu-governor";
	char governor[64];
	int slow = -1, known = 0;
	cpu_set_t set;

	if (check_cpuset(host, "cpus", &set) < 0)
		return;
	for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
		if (!CPU_ISSET(cpu, &set) ||
			check_read(host, governor, sizeof(governor),
				"/sys/devices/system/cpu/cpu%d/cpufreq/scaling_governor", cpu) < 0)
			continue;
		known++;
		if (strcmp(governor, "performance") != 0) {
			slow = cpu;
			break;
		}
	}
	if (slow >= 0) {
		check_add(report, name, CHECK_WARNING, "%s on CPU %d", governor, slow);
		check_remedy_root(host, report,
			"echo performance | tee "
			"/sys/devices/system/cpu/cpu*/cpufreq/scaling_governor");
	} else if (known > 0) {
		check_add(report, name, CHECK_OK, "performance");
	}
}

void check_level(const struct check_host *host, struct check_report *report)
{
	const char *level = host_level();

	(void)host;
	if (strcmp(level, "x86-64") != 0) {
		check_add(report, "cpu-level", CHECK_OK, "%s", level);
		return;
	}
	check_add(report, "cpu-level", CHECK_FAILURE,
		"%s, and images are built for x86-64-v2 and above", level);
	check_remedy(report, "in a virtual machine, give it the host's CPU: qemu -cpu host");
}
