/* SPDX-License-Identifier: BSD-3-Clause */
/* Tests of the translation of ports to device arguments by tables of ports. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "pmd/grammar/error.h"
#include "pmd/port_args.h"

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

/* 107 bytes: the longest path that a socket address holds. */
#define PATH_10 "/123456789"
#define PATH_100 PATH_10 PATH_10 PATH_10 PATH_10 PATH_10 PATH_10 PATH_10 PATH_10 PATH_10 PATH_10
#define PATH_107 PATH_100 "/123456"

static const struct port_choice none = {0};
static const struct port_choice all = {true, true, true, true, false};
static const struct port_choice tap = {.tap = true};
static const struct port_choice packed = {.packed = true};
static const struct port_choice mergeable = {.mergeable = true};
static const struct port_choice in_order = {.in_order = true};
static const struct port_choice vectorized = {.vectorized = true};

#define FEATURES(p, m, i, v) ",packed_vq=" #p ",mrg_rxbuf=" #m ",in_order=" #i ",vectorized=" #v

static const struct {
	const char *port;
	unsigned int index;
	const struct port_choice *choice;
	const char *name;
	const char *args;
} good[] = {
	{"vhost-user:/p", 0, &none, "virtio_user0", "path=/p,queues=1" FEATURES(0, 0, 0, 0)},
	{"vhost-user:/p", 31, &all, "virtio_user31", "path=/p,queues=1" FEATURES(1, 1, 1, 1)},
	{"vhost-user:/p", 1, &packed, "virtio_user1", "path=/p,queues=1" FEATURES(1, 0, 0, 0)},
	{"vhost-user:/p", 1, &mergeable, "virtio_user1", "path=/p,queues=1" FEATURES(0, 1, 0, 0)},
	{"vhost-user:/p", 1, &in_order, "virtio_user1", "path=/p,queues=1" FEATURES(0, 0, 1, 0)},
	{"vhost-user:/p", 1, &vectorized, "virtio_user1", "path=/p,queues=1" FEATURES(0, 0, 0, 1)},
	{"vhost-user:/p,server", 2, &none, "virtio_user2",
		"path=/p,queues=1,server=1" FEATURES(0, 0, 0, 0)},
	{"vhost-user:/p,server,queues=8,size=1024,mac=02:00:00:00:0A:ff,mtu=9000,wait=5", 2, &none,
		"virtio_user2",
		"path=/p,queues=8,queue_size=1024,server=1" FEATURES(
			0, 0, 0, 0) ",mac=02:00:00:00:0a:ff"},
	{"vhost-user:/a[b]:[c]", 0, &none, "virtio_user0",
		"path=/a[b]:[c],queues=1" FEATURES(0, 0, 0, 0)},
	{"vhost-user:" PATH_107, 0, &none, "virtio_user0",
		"path=" PATH_107 ",queues=1" FEATURES(0, 0, 0, 0)},
	{"vhost-backend:/p", 0, NULL, "eth_vhost0", "iface=/p,queues=1,client=0"},
	{"vhost-backend:/p,client,queues=128", 7, NULL, "eth_vhost7",
		"iface=/p,queues=128,client=1"},
	{"vhost-kernel:tap0", 3, NULL, "virtio_user3",
		"path=/dev/vhost-net,iface=tap0,queues=1,queue_size=1024"},
	{"vhost-kernel:tap0,queues=8,size=256,mac=02:00:00:00:0A:ff,ip=10.0.0.1/24,netns=/n", 3,
		NULL, "virtio_user3",
		"path=/dev/vhost-net,iface=tap0,queues=8,queue_size=256,mac=02:00:00:00:0a:ff"},
	{"vhost-kernel:tap0,fallback=tap", 3, &none, "virtio_user3",
		"path=/dev/vhost-net,iface=tap0,queues=1,queue_size=1024"},
	{"vhost-kernel:tap0,fallback=tap", 3, &tap, "net_tap3", "iface=tap0,queues=1"},
	{"vhost-kernel:tap0,queues=8,size=256,mac=02:00:00:00:0A:ff,fallback=tap", 31, &tap,
		"net_tap31", "iface=tap0,queues=8,mac=02:00:00:00:0a:ff"},
	{"pci:03:00.0,mtu=9000", 4, NULL, "0000:03:00.0", ""},
	{"vhost-backend:" PATH_107, 0, NULL, "eth_vhost0", "iface=" PATH_107 ",queues=1,client=0"},
};

static void test_good(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(good); i++) {
		char name[PORT_ARGS_NAME_LEN], args[PORT_ARGS_ARGS_LEN];
		struct port_spec spec;

		assert_int_equal(port_spec_parse(good[i].port, &spec, NULL), 0);
		assert_int_equal(port_args_format(&spec, good[i].index, good[i].choice, name,
					 sizeof(name), args, sizeof(args), NULL),
			0);
		assert_string_equal(name, good[i].name);
		assert_string_equal(args, good[i].args);
	}
}

static void test_bad(void **state)
{
	static const struct {
		const char *port;
		int result;
		const char *error;
	} bad[] = {
		{"vhost-user:" PATH_107 "7", -ENAMETOOLONG,
			"port 4: " PATH_107
			"...: the path has 108 bytes, but a unix socket address "
			"holds 107: use a shorter path, or `cvio run`"},
		{"vhost-backend:" PATH_100 PATH_100, -ENAMETOOLONG, "the path has 200 bytes"},
		{"vhost-user:/a=b", -EINVAL, "port 4: /a=b: DPDK's device arguments can't hold"},
		{"vhost-backend:/a=b", -EINVAL, "/a=b: DPDK's device arguments can't hold"},
		{"vhost-user:/a[b", -EINVAL, "/a[b: DPDK's device arguments can't hold"},
		{"vhost-user:/a]b[c", -EINVAL, "/a]b[c: DPDK's device arguments can't hold"},
		{"vhost-user:/p,queues=9", -EINVAL,
			"port 4: /p: queues=9: DPDK's virtio driver has at most 8 queue pairs"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		char name[PORT_ARGS_NAME_LEN], args[PORT_ARGS_ARGS_LEN];
		struct cvio_error err = {0};
		struct port_spec spec;

		assert_int_equal(port_spec_parse(bad[i].port, &spec, NULL), 0);
		assert_int_equal(port_args_format(&spec, 4, &none, name, sizeof(name), args,
					 sizeof(args), &err),
			bad[i].result);
		assert_int_equal(port_args_format(&spec, 4, &none, name, sizeof(name), args,
					 sizeof(args), NULL),
			bad[i].result);
		assert_int_equal(err.exit_code, CVIO_EXIT_CONFIG);
		if (strstr(err.text, bad[i].error) == NULL)
			fail_msg("\"%s\" isn't in \"%s\"", bad[i].error, err.text);
	}
}

/* Longer than any that passes the checks: what the header promises to be enough is enough. */
static void test_most(void **state)
{
	char name[PORT_ARGS_NAME_LEN], args[PORT_ARGS_ARGS_LEN];
	struct port_spec spec;

	(void)state;
	assert_int_equal(port_spec_parse("vhost-user:" PATH_107 ",server,queues=8,size=32768,"
					 "mac=02:00:00:00:00:01",
				 &spec, NULL),
		0);
	assert_int_equal(port_args_format(&spec, UINT32_MAX, &all, name, sizeof(name), args,
				 sizeof(args), NULL),
		0);
	assert_string_equal(name, "virtio_user4294967295");
}

static void test_no_room(void **state)
{
	static const char *const ports[] = {"vhost-user:/p", "vhost-backend:/p"};
	char name[PORT_ARGS_NAME_LEN], args[PORT_ARGS_ARGS_LEN];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(ports); i++) {
		struct cvio_error err = {0};
		struct port_spec spec;
		size_t name_len, args_len;

		assert_int_equal(port_spec_parse(ports[i], &spec, NULL), 0);
		assert_int_equal(port_args_format(&spec, 0, &none, name, sizeof(name), args,
					 sizeof(args), NULL),
			0);
		name_len = strlen(name) + 1;
		args_len = strlen(args) + 1;
		assert_int_equal(
			port_args_format(&spec, 0, &none, name, name_len, args, args_len, &err), 0);
		assert_int_equal(
			port_args_format(&spec, 0, &none, name, name_len - 1, args, args_len, &err),
			-ENOSPC);
		assert_non_null(strstr(err.text, "port 0: no room for the device's name"));
		assert_int_equal(
			port_args_format(&spec, 0, &none, name, name_len, args, args_len - 1, &err),
			-ENOSPC);
		assert_non_null(strstr(err.text, "port 0: no room for the device's arguments"));
		assert_int_equal(err.exit_code, CVIO_EXIT_SOFTWARE);
	}
}

static void test_choice(void **state)
{
	static const struct {
		const char *port;
		bool avx512;
		struct port_choice choice;
	} choices[] = {
		{"vhost-user:/p", false, {true, true, true, false, false}},
		{"vhost-user:/p", true, {true, true, true, true, false}},
		{"vhost-user:/p,ring=packed", false, {true, true, true, false, false}},
		{"vhost-user:/p,ring=packed", true, {true, true, true, true, false}},
		{"vhost-user:/p,ring=split", false, {false, false, true, false, false}},
		{"vhost-user:/p,ring=split", true, {false, false, true, false, false}},
		{"vhost-user:/p,ring=split,mtu=1500", true, {false, false, true, false, false}},
		{"vhost-user:/p,ring=split,mtu=1501", true, {false, true, true, false, false}},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(choices); i++) {
		struct port_cpu cpu = {choices[i].avx512};
		struct port_choice choice;
		struct port_spec spec;

		assert_int_equal(port_spec_parse(choices[i].port, &spec, NULL), 0);
		choice = port_choice_for(&spec, &cpu);
		assert_int_equal(choice.packed, choices[i].choice.packed);
		assert_int_equal(choice.mergeable, choices[i].choice.mergeable);
		assert_int_equal(choice.in_order, choices[i].choice.in_order);
		assert_int_equal(choice.vectorized, choices[i].choice.vectorized);
		assert_int_equal(choice.tap, choices[i].choice.tap);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_most),
		cmocka_unit_test(test_no_room),
		cmocka_unit_test(test_choice),
	};

	return cmocka_run_group_tests_name("port_args", tests, NULL, NULL);
}
