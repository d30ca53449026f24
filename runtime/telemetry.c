/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * EAL would put the socket into its runtime folder, which an image has none of, and give it the
 * mode of the process's umask, so that only this uid could connect. So EAL is told --no-telemetry,
 * and its part is called from here.
 */
#include "runtime/telemetry.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <unistd.h>

#include <ethdev_driver.h>
#include <rte_lcore.h>
#include <rte_log.h>
#include <rte_telemetry.h>
#include <rte_version.h>
#include <telemetry_internal.h>

#include "pmd/grammar/port_option.h"
#include "pmd/grammar/port_spec.h"
#include "pmd/log.h"
#include "pmd/polls.h"
#include "pmd/port_hooks.h"
#include "pmd/port_report.h"
#include "pmd/socket_made.h"

/* musl gives a thread 128 KiB. DPDK's handler takes nearly all of it: an answer of 67 KiB, its text
 * of 16 KiB, and as much again for each piece of the text. */
#define STACK_SIZE (256 << 10)

static cpu_set_t cpus; /* for the threads that serve; DPDK keeps the pointer */

void telemetry_prepare(void)
{
	if (sched_getaffinity(0, sizeof(cpus), &cpus) < 0)
		CPU_ZERO(&cpus);
}

/* As EAL has its own control threads: where no lcore polls, else beside the main lcore. */
static void choose_cpus(void)
{
	unsigned int lcore;

	RTE_LCORE_FOREACH(lcore)
	{
		cpu_set_t taken = rte_lcore_cpuset(lcore);

		for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
			if (CPU_ISSET(cpu, &taken))
				CPU_CLR(cpu, &cpus);
	}
	if (CPU_COUNT(&cpus) == 0)
		cpus = rte_lcore_cpuset(rte_get_main_lcore());
}

/* The port's number behind the command; -1: there is no such port. */
static int port_number(const char *params)
{
	char *end;
	unsigned long n;

	if (params == NULL || *params < '0' || *params > '9')
		return -1;
	n = strtoul(params, &end, 10);
	if (*end != '\0' || n >= RTE_MAX_ETHPORTS || !rte_eth_dev_is_valid_port((uint16_t)n))
		return -1;
	return (int)n;
}

static void add_layout(struct rte_tel_data *d, uint16_t port_id)
{
	struct port_layout layout;

	port_layout_get(port_id, &layout);
	rte_tel_data_add_dict_string(d, "ring", layout.packed ? "packed" : "split");
	rte_tel_data_add_dict_int(d, "in_order", layout.in_order);
	rte_tel_data_add_dict_int(d, "mergeable", layout.mergeable);
	rte_tel_data_add_dict_int(d, "vectorized_rx", layout.vectorized_rx);
	rte_tel_data_add_dict_int(d, "vectorized_tx", layout.vectorized_tx);
	rte_tel_data_add_dict_int(d, "rx_checksum", layout.rx_checksum);
	rte_tel_data_add_dict_int(d, "rx_lro", layout.rx_lro);
	rte_tel_data_add_dict_int(d, "tx_checksum", layout.tx_checksum);
	rte_tel_data_add_dict_int(d, "tx_tso", layout.tx_tso);
	rte_tel_data_add_dict_int(d, "queues_max", layout.queues_max);
}

static void add_mac(struct rte_tel_data *d, const struct rte_ether_addr *mac)
{
	char text[RTE_ETHER_ADDR_FMT_SIZE];

	if (mac == NULL)
		return;
	rte_ether_format_addr(text, sizeof(text), mac);
	rte_tel_data_add_dict_string(d, "mac", text);
}

/* DPDK's printer of JSON takes bytes beyond ASCII for indices below zero. */
static void add_path(struct rte_tel_data *d, const char *path)
{
	char text[RTE_TEL_MAX_STRING_LEN];

	snprintf(text, sizeof(text), "%s", path);
	for (char *p = text; *p != '\0'; p++)
		if ((unsigned char)*p > '~')
			*p = '?';
	rte_tel_data_add_dict_string(d, "path", text);
}

static bool has_layout(enum port_kind kind, uint16_t id)
{
	return kind == PORT_VHOST_USER || (kind == PORT_VHOST_KERNEL && !port_is_tap(id));
}

static int handle_port(const char *cmd, const char *params, struct rte_tel_data *d)
{
	struct port_state port = {0};
	struct rte_eth_link link = {0};
	const struct rte_eth_dev_data *data;
	int id = port_number(params);
	bool up;

	RTE_SET_USED(cmd);
	if (id < 0)
		return -EINVAL;
	data = rte_eth_devices[id].data;
	/* a NIC's may change, and nobody else may ask */
	rte_eth_link_get_nowait((uint16_t)id, &link);
	up = link.link_status == RTE_ETH_LINK_UP;
	rte_tel_data_start_dict(d);
	if (!port_state_get((uint16_t)id, &port)) { /* the application's own */
		rte_tel_data_add_dict_string(d, "kind", "other");
		add_path(d, data->name);
	} else {
		rte_tel_data_add_dict_int(d, "index", (int)port.index);
		rte_tel_data_add_dict_string(d, "kind", port_kind_names[port.spec->kind]);
		add_path(d, port.spec->path);
		if (port.spec->kind == PORT_VHOST_USER || port.spec->kind == PORT_VHOST_KERNEL)
			up = port.up;
		if (has_layout(port.spec->kind, (uint16_t)id))
			add_layout(d, (uint16_t)id);
	}
	rte_tel_data_add_dict_string(d, "link", data->dev_started && up ? "up" : "down");
	rte_tel_data_add_dict_int(d, "queues", data->nb_rx_queues);
	add_mac(d, data->mac_addrs);
	return 0;
}

static int handle_polls(const char *cmd, const char *params, struct rte_tel_data *d)
{
	uint64_t polls, empty;
	int id = port_number(params);

	RTE_SET_USED(cmd);
	if (id < 0 || polls_read((uint16_t)id, &polls, &empty) < 0)
		return -EINVAL;
	rte_tel_data_start_dict(d);
	rte_tel_data_add_dict_u64(d, "polls", polls);
	rte_tel_data_add_dict_u64(d, "empty", empty);
	return 0;
}

/* The folder's own mode says who may come to the socket; on the host that is root or the user who
 * runs the container, both of another uid than ours. */
static int serve(uint32_t type)
{
	mode_t before = umask(0);
	int ret = rte_telemetry_init(TELEMETRY_FOLDER, rte_version(), &cpus, rte_log, type);

	umask(before);
	return ret;
}

void telemetry_start(void)
{
	pthread_attr_t attr;
	int type;

	if (access(TELEMETRY_FOLDER, F_OK) < 0)
		return;
	choose_cpus();
	if (pthread_attr_init(&attr) == 0) {
		pthread_attr_setstacksize(&attr, STACK_SIZE);
		pthread_setattr_default_np(&attr);
		pthread_attr_destroy(&attr);
	}
	type = rte_log_register_type_and_pick_level("lib.telemetry", RTE_LOG_ERR);
	/* that an older protocol has no commands isn't worth a line at each start */
	if (type >= 0 && !log_enabled(LOG_LEVEL_DEBUG))
		rte_log_set_level((uint32_t)type, RTE_LOG_CRIT);
	rte_telemetry_register_cmd("/cvio/port", handle_port, "Parameters: int port_id");
	rte_telemetry_register_cmd("/cvio/polls", handle_polls, "Parameters: int port_id");
	if (access(TELEMETRY_FOLDER, W_OK) == 0 && serve(type < 0 ? 0 : (uint32_t)type) == 0)
		socket_made_note(TELEMETRY_FOLDER "/dpdk_telemetry.v2");
	else
		log_line(LOG_LEVEL_WARNING,
			"telemetry: " TELEMETRY_FOLDER ": no socket can be made there; may uid %u "
			"write to it?",
			(unsigned int)getauxval(AT_UID));
}
