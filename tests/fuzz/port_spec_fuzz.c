/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Any text as one port and as a list of ports, and what was parsed as device arguments. A port that
 * parses is printed and parsed again to the same port, is within its limits, and gives arguments
 * from which DPDK's splitter gets the same path.
 */
#include "pmd/grammar/port_spec.h"
#include "pmd/port_args.h"
#include "tests/fuzz/fuzz.h"

#include <ctype.h>

#define LIST_MAX 4

static void check_limits(const struct port_spec *spec)
{
	switch (spec->kind) {
	case PORT_VHOST_KERNEL:
		CHECK(strlen(spec->path) - 1 < PORT_IFNAME_MAX);
		CHECK(strchr(spec->path, '/') == NULL);
		break;
	case PORT_PCI:
		CHECK(strlen(spec->path) == strlen("0000:03:00.0"));
		break;
	default:
		CHECK(spec->path[0] == '/' && spec->path[strlen(spec->path) - 1] != '/');
		break;
	}
	CHECK(strpbrk(spec->path, ", \t\n\v\f\r") == NULL);
	CHECK(spec->queues >= 1 && spec->queues <= PORT_QUEUES_MAX);
	CHECK(spec->size == 0 || (spec->size >= PORT_SIZE_MIN && spec->size <= PORT_SIZE_MAX));
	CHECK((spec->size & (spec->size - 1)) == 0);
	CHECK(spec->mtu == 0 || (spec->mtu >= PORT_MTU_MIN && spec->mtu <= PORT_MTU_MAX));
	CHECK(spec->wait <= PORT_WAIT_MAX);
	CHECK(!spec->has_mac || (spec->mac[0] & 1) == 0);
	CHECK(!spec->fallback_tap || spec->kind == PORT_VHOST_KERNEL);
	if (spec->kind == PORT_VHOST_BACKEND)
		CHECK(spec->size == 0 && spec->ring == PORT_RING_AUTO && !spec->has_mac &&
			spec->mtu == 0 && spec->wait == PORT_WAIT_DEFAULT);
}

static void check_equal(const struct port_spec *a, const struct port_spec *b)
{
	CHECK(a->kind == b->kind && strcmp(a->path, b->path) == 0 && a->server == b->server);
	CHECK(a->queues == b->queues && a->size == b->size && a->ring == b->ring);
	CHECK(a->has_mac == b->has_mac && memcmp(a->mac, b->mac, sizeof(a->mac)) == 0);
	CHECK(a->mtu == b->mtu && a->wait == b->wait);
	CHECK(strcmp(a->ip, b->ip) == 0 && strcmp(a->netns, b->netns) == 0);
	CHECK(a->fallback_tap == b->fallback_tap);
}

static void check_round_trip(const struct port_spec *spec)
{
	char buf[PORT_TEXT_LEN];
	struct port_spec again;
	int len = port_spec_format(spec, buf, sizeof(buf));

	CHECK(len > 0 && strlen(buf) == (size_t)len);
	CHECK(port_spec_parse(buf, &again, NULL) == 0);
	check_equal(spec, &again);
	CHECK(port_spec_format(spec, buf, (size_t)len) < 0);
}

static void check_args(const struct port_spec *spec)
{
	char name[PORT_ARGS_NAME_LEN], args[PORT_ARGS_ARGS_LEN];
	struct port_choice choice = port_choice_for(spec, &(struct port_cpu){true});
	struct cvio_error err;
	const char *path;

	fuzz_error_init(&err);
	if (port_args_format(spec, 31, &choice, name, sizeof(name), args, sizeof(args), &err) < 0) {
		fuzz_error_check(&err); /* CVIO_EXIT_CONFIG: room is never the reason */
		return;
	}
	if (spec->kind == PORT_PCI) {
		CHECK(args[0] == '\0' && strcmp(name, spec->path) == 0);
		return;
	}
	path = strstr(args, spec->kind == PORT_VHOST_KERNEL ? ",iface=" : "=");
	path = strchr(path, '=') + 1;
	CHECK(strncmp(path, spec->path, strlen(spec->path)) == 0);
	CHECK(strncmp(path + strlen(spec->path), ",queues=", strlen(",queues=")) == 0);
	CHECK(strlen(spec->path) <= PORT_SOCKET_PATH_MAX && strchr(spec->path, '=') == NULL);
}

static void check_list(const char *text)
{
	static struct port_spec specs[LIST_MAX];
	struct cvio_error err;
	int count;

	fuzz_error_init(&err);
	count = port_spec_list_parse(text, specs, LIST_MAX, &err);
	CHECK(count <= LIST_MAX);
	if (count < 0)
		fuzz_error_check(&err);
	for (int i = 0; i < count; i++) {
		check_limits(&specs[i]);
		for (int j = 0; j < i; j++)
			CHECK(strcmp(specs[i].path, specs[j].path) != 0);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size);
	struct cvio_error err;
	struct port_spec spec;

	fuzz_error_init(&err);
	if (port_spec_parse(text, &spec, &err) == 0) {
		check_limits(&spec);
		check_round_trip(&spec);
		check_args(&spec);
	} else {
		fuzz_error_check(&err);
	}
	check_list(text);
	free(text);
	return 0;
}
