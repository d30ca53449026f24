/* SPDX-License-Identifier: BSD-3-Clause */
#include "generate/kube_network.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pmd/grammar/error.h"
#include "pmd/grammar/port_spec.h"

#define DEVICE_INFO "1.1.0"
#define MULTUS_KUBECONFIG "/etc/cni/net.d/multus.d/multus.kubeconfig" /* where Multus puts it */

/* A Pod's ports that lead out of it. */
struct network {
	struct port_spec port;
	const char *folder; /* on the host */
};

struct networks {
	struct network *list; /* owned */
	size_t count;
};

static void networks_fini(struct networks *n)
{
	free(n->list);
}

#define _networks_cleanup_ __attribute__((cleanup(networks_fini)))

/* The host's folder of a port, by its path inside. */
static const char *folder_of(const struct run_plan *plan, const char *path)
{
	size_t size = (size_t)(strrchr(path, '/') - path);

	for (size_t i = 0; i < plan->targets->count; i++)
		if (strlen(plan->targets->list[i]) == size &&
			strncmp(plan->targets->list[i], path, size) == 0)
			return plan->folders->list[i];
	return "";
}

static int add_port(const struct kube_source *source, const struct run_plan *plan,
	const struct port_spec *port, struct networks *n, struct cvio_error *err)
{
	const char *folder = folder_of(plan, port->path);
	struct network *list;

	if (kube_is_link(source, folder))
		return 0;
	list = realloc(n->list, (n->count + 1) * sizeof(*list));
	if (list == NULL)
		return cvio_error_set(err, CVIO_EXIT_SOFTWARE, -ENOMEM, "generate: out of memory");
	n->list = list;
	list[n->count++] = (struct network){*port, folder};
	return 0;
}

static int add_ports(const struct kube_source *source, const struct run_plan *plan,
	struct networks *n, struct cvio_error *err)
{
	struct port_spec *ports = calloc(PORT_MAX, sizeof(*ports));
	int count, r;

	if (ports == NULL)
		return cvio_error_set(err, CVIO_EXIT_SOFTWARE, -ENOMEM, "generate: out of memory");
	count = port_spec_list_parse(plan->ports, ports, PORT_MAX, err);
	r = count < 0 ? count : 0;
	for (int i = 0; r == 0 && i < count; i++)
		r = add_port(source, plan, &ports[i], n, err);
	free(ports);
	return r;
}

static int networks_read(
	const struct kube_source *source, struct networks *n, struct cvio_error *err)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < source->count; i++)
		r = add_ports(source, source->containers[i].plan, n, err);
	return r;
}

/* It makes ports of Open vSwitch only, and finds one folder only. */
static int check_userspace_cni(const struct networks *n, struct cvio_error *err)
{
	for (size_t i = 0; i < n->count; i++) {
		if (n->list[i].port.kind != PORT_VHOST_USER)
			return cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL,
				"--userspace-cni: vhost-backend:%.200s: userspace-CNI makes the "
				"switch's side of a vhost-user port only; leave it out",
				n->list[i].port.path);
		if (strcmp(n->list[i].folder, n->list[0].folder) != 0)
			return cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL,
				"--userspace-cni: %.150s and %.150s: userspace-CNI has one folder "
				"of sockets a Pod; put the sockets into one",
				n->list[0].folder, n->list[i].folder);
	}
	return 0;
}

static json_t *network_name(const struct kube_source *source, size_t i)
{
	return json_sprintf("%s-%zu", source->name, i);
}

/* As the specification has it: a client attaches to the host's socket. */
static json_t *port_status(const struct kube_source *source, const struct port_spec *port, size_t i)
{
	return json_pack("{s:o, s:o, s:{s:s, s:s, s:{s:s, s:s}}}", "name", network_name(source, i),
		"interface", json_sprintf("net%zu", i + 1), "device-info", "type", "vhost-user",
		"version", DEVICE_INFO, "vhost-user", "mode", port->server ? "server" : "client",
		"path", port->path);
}

/* Multus, where there is one, writes its own over it. */
static void annotate_status(
	const struct kube_source *source, const struct networks *n, json_t *annotations)
{
	json_t *status = json_array();
	char *text;

	for (size_t i = 0; i < n->count; i++)
		if (n->list[i].port.kind == PORT_VHOST_USER)
			json_array_append_new(status, port_status(source, &n->list[i].port, i));
	text = json_dumps(status, JSON_INDENT(2));
	if (json_array_size(status) > 0 && text != NULL)
		json_object_set_new(
			annotations, "k8s.v1.cni.cncf.io/network-status", json_string(text));
	free(text);
	json_decref(status);
}

static void annotate_networks(const struct kube_source *source, size_t count, json_t *annotations)
{
	json_t *networks = json_string(""), *more;

	for (size_t i = 0; i < count; i++) {
		more = json_sprintf("%s%s%s-%zu", json_string_value(networks), i > 0 ? ", " : "",
			source->name, i);
		json_decref(networks);
		networks = more;
	}
	json_object_set_new(annotations, "k8s.v1.cni.cncf.io/networks", networks);
}

int kube_network_annotate(
	const struct kube_source *source, json_t *annotations, struct cvio_error *err)
{
	_networks_cleanup_ struct networks n = {0};
	int r = networks_read(source, &n, err);

	if (r == 0 && source->bridge != NULL)
		r = check_userspace_cni(&n, err);
	if (r < 0)
		return r;
	if (source->bridge != NULL && n.count > 0)
		annotate_networks(source, n.count, annotations);
	/* podman has no use for it, and 4.3 takes no annotation so long */
	if (!source->podman)
		annotate_status(source, &n, annotations);
	return 0;
}

static json_t *side(const char *net_type, const char *socket, bool server)
{
	return json_pack("{s:s, s:s, s:s, s:{s:s, s:s}}", "engine", "ovs-dpdk", "iftype",
		"vhostuser", "netType", net_type, "vhost", "mode", server ? "server" : "client",
		"socketfile", socket);
}

static json_t *definition(const struct kube_source *source, const struct port_spec *port, size_t i)
{
	const char *socket = strrchr(port->path, '/') + 1;
	json_t *host = side("bridge", socket, !port->server), *config, *document;
	char *text;

	json_object_set_new(host, "bridge", json_pack("{s:s}", "bridgeName", source->bridge));
	config = json_pack("{s:s, s:s, s:o, s:s, s:{s:b}, s:o, s:o}", "cniVersion", "0.3.1", "type",
		"userspace", "name", network_name(source, i), "kubeconfig", MULTUS_KUBECONFIG,
		"capabilities", "CNIDeviceInfoFile", 1, "host", host, "container",
		side("interface", socket, port->server));
	text = json_dumps(config, JSON_INDENT(2));
	document = json_pack("{s:s, s:s, s:{s:o}, s:{s:s}}", "apiVersion", "k8s.cni.cncf.io/v1",
		"kind", "NetworkAttachmentDefinition", "metadata", "name", network_name(source, i),
		"spec", "config", text == NULL ? "" : text);
	free(text);
	json_decref(config);
	return document;
}

int kube_network_define(const struct kube_source *source, json_t *documents, struct cvio_error *err)
{
	_networks_cleanup_ struct networks n = {0};
	int r = source->bridge == NULL ? 0 : networks_read(source, &n, err);

	for (size_t i = 0; r == 0 && i < n.count; i++)
		json_array_append_new(documents, definition(source, &n.list[i].port, i));
	return r;
}
