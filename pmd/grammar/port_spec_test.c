/* SPDX-License-Identifier: BSD-3-Clause */
/* Tests of the port grammar by tables of texts: what each means, how it is printed, what its error
 * says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "pmd/grammar/error.h"
#include "pmd/grammar/port_spec.h"

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))
#define FORMAT_LEN (PORT_TEXT_LEN)

/* What a text means. A NULL in printed says that it is printed as it was given. */
static const struct {
	const char *text;
	const char *printed;
	struct port_spec spec;
} good[] = {
	{"vhost-user:/run/p0.sock", NULL,
		{PORT_VHOST_USER, "/run/p0.sock", false, 1, 0, PORT_RING_AUTO, false, {0}, 0, 30,
			"", "", false}},
	{"vhost-user:/p,server", NULL,
		{PORT_VHOST_USER, "/p", true, 1, 0, PORT_RING_AUTO, false, {0}, 0, 30, "", "",
			false}},
	{"vhost-user:/p,queues=1,ring=auto,wait=30", "vhost-user:/p",
		{PORT_VHOST_USER, "/p", false, 1, 0, PORT_RING_AUTO, false, {0}, 0, 30, "", "",
			false}},
	{"vhost-user:/p,queues=128,size=32768,ring=packed,mtu=9698,wait=86400", NULL,
		{PORT_VHOST_USER, "/p", false, 128, 32768, PORT_RING_PACKED, false, {0}, 9698,
			86400, "", "", false}},
	{"vhost-user:/p,wait=0,mtu=68,ring=split,size=32,queues=2,server",
		"vhost-user:/p,server,queues=2,size=32,ring=split,mtu=68,wait=0",
		{PORT_VHOST_USER, "/p", true, 2, 32, PORT_RING_SPLIT, false, {0}, 68, 0, "", "",
			false}},
	{"vhost-user:/p,mac=02:aB:cD:eF:09:90", "vhost-user:/p,mac=02:ab:cd:ef:09:90",
		{PORT_VHOST_USER, "/p", false, 1, 0, PORT_RING_AUTO, true,
			{0x02, 0xab, 0xcd, 0xef, 0x09, 0x90}, 0, 30, "", "", false}},
	{"vhost-user:/p,mac=00:00:00:00:00:01", NULL,
		{PORT_VHOST_USER, "/p", false, 1, 0, PORT_RING_AUTO, true, {0, 0, 0, 0, 0, 1}, 0,
			30, "", "", false}},
	{"vhost-user:/a:b=[c]\"\xc3\xa4", NULL,
		{PORT_VHOST_USER, "/a:b=[c]\"\xc3\xa4", false, 1, 0, PORT_RING_AUTO, false, {0}, 0,
			30, "", "", false}},
	{"vhost-backend:/run/p0.sock", NULL,
		{PORT_VHOST_BACKEND, "/run/p0.sock", true, 1, 0, PORT_RING_AUTO, false, {0}, 0, 30,
			"", "", false}},
	{"vhost-backend:/p,queues=2,client", "vhost-backend:/p,client,queues=2",
		{PORT_VHOST_BACKEND, "/p", false, 2, 0, PORT_RING_AUTO, false, {0}, 0, 30, "", "",
			false}},
	{"vhost-kernel:tap0", NULL,
		{PORT_VHOST_KERNEL, "tap0", false, 1, 0, PORT_RING_AUTO, false, {0}, 0, 30, "", "",
			false}},
	{"vhost-kernel:abcdefghijklmno,netns=/run/netns/a,ip=10.0.0.1/"
	 "24,mtu=9000,mac=02:00:00:00:00:01,"
	 "size=256,queues=8",
		"vhost-kernel:abcdefghijklmno,queues=8,size=256,mac=02:00:00:00:00:01,mtu=9000,"
		"ip=10.0.0.1/24,netns=/run/netns/a",
		{PORT_VHOST_KERNEL, "abcdefghijklmno", false, 8, 256, PORT_RING_AUTO, true,
			{2, 0, 0, 0, 0, 1}, 9000, 30, "10.0.0.1/24", "/run/netns/a", false}},
	{"vhost-kernel:t,fallback=tap,netns=/a", "vhost-kernel:t,netns=/a,fallback=tap",
		{PORT_VHOST_KERNEL, "t", false, 1, 0, PORT_RING_AUTO, false, {0}, 0, 30, "", "/a",
			true}},
	{"vhost-kernel:t,ip=fd00::1/128", NULL,
		{PORT_VHOST_KERNEL, "t", false, 1, 0, PORT_RING_AUTO, false, {0}, 0, 30,
			"fd00::1/128", "", false}},
	{"pci:03:00.7", "pci:0000:03:00.7",
		{PORT_PCI, "0000:03:00.7", false, 1, 0, PORT_RING_AUTO, false, {0}, 0, 30, "", "",
			false}},
	{"pci:ABCD:eF:1f.0,mtu=9000", "pci:abcd:ef:1f.0,mtu=9000",
		{PORT_PCI, "abcd:ef:1f.0", false, 1, 0, PORT_RING_AUTO, false, {0}, 9000, 30, "",
			"", false}},
};

static void assert_spec_equal(const struct port_spec *a, const struct port_spec *b)
{
	assert_int_equal(a->kind, b->kind);
	assert_string_equal(a->path, b->path);
	assert_int_equal(a->server, b->server);
	assert_int_equal(a->queues, b->queues);
	assert_int_equal(a->size, b->size);
	assert_int_equal(a->ring, b->ring);
	assert_int_equal(a->has_mac, b->has_mac);
	assert_memory_equal(a->mac, b->mac, sizeof(a->mac));
	assert_int_equal(a->mtu, b->mtu);
	assert_int_equal(a->wait, b->wait);
	assert_string_equal(a->ip, b->ip);
	assert_string_equal(a->netns, b->netns);
	assert_int_equal(a->fallback_tap, b->fallback_tap);
}

static void test_good(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(good); i++) {
		const char *printed = good[i].printed == NULL ? good[i].text : good[i].printed;
		struct port_spec spec, again;
		char buf[FORMAT_LEN];

		assert_int_equal(port_spec_parse(good[i].text, &spec, NULL), 0);
		assert_spec_equal(&spec, &good[i].spec);
		assert_int_equal(port_spec_format(&spec, buf, sizeof(buf)), strlen(printed));
		assert_string_equal(buf, printed);
		assert_int_equal(port_spec_parse(buf, &again, NULL), 0);
		assert_spec_equal(&again, &spec);
	}
}

/* clang-format's versions differ about braces at the end of a macro. */
/* clang-format off */
#define NUMBER_CASES(option, range)                                                       \
	{"vhost-user:/p," option "=", option "=: " range " is wanted"},                   \
		{"vhost-user:/p," option "=+9", option "=+9: " range " is wanted"},       \
		{"vhost-user:/p," option "=-9", option "=-9: " range " is wanted"},       \
		{"vhost-user:/p," option "=0x80", option "=0x80: " range " is wanted"},   \
		{"vhost-user:/p," option "=128k", option "=128k: " range " is wanted"},   \
		{"vhost-user:/p," option "=128.0", option "=128.0: " range " is wanted"}, \
		{"vhost-user:/p," option "=99999", option "=99999: " range " is wanted"}, \
		{"vhost-user:/p," option "=4294967360",                                   \
			option "=4294967360: " range " is wanted"},                       \
		{"vhost-user:/p," option "=18446744073709551680", range " is wanted"},    \
		{"vhost-user:/p," option, option " has no value: " option "="},           \
	{                                                                                 \
		"vhost-user:/p," option "=128," option "=128", option " is given twice"   \
	}
/* clang-format on */

#define MAC_CASE(mac) \
	"vhost-user:/p,mac=" mac, "mac=" mac ": a unicast address such as 02:00:00:00:00:01 is"

#define USER_TAKES                                                                            \
	"vhost-user takes server, queues=N, size=N, ring=auto|packed|split, mac=MAC, mtu=N, " \
	"wait=SECONDS"
#define BACKEND_TAKES "vhost-backend takes client, queues=N"
#define KIND_WANTED                                                                   \
	"vhost-user:PATH, vhost-backend:PATH, vhost-kernel:IFNAME or pci:ADDRESS is " \
	"wanted"
#define IFNAME_WANTED "an interface's name is wanted: 1 to 15 bytes"
#define PCI_WANTED "a NIC's address is wanted, such as 0000:03:00.0"
#define IP_WANTED "an address such as 10.0.0.1/24 or fd00::1/64 is wanted"

static const struct {
	const char *text;
	const char *error; /* must be a part of the error's text */
} bad[] = {
	/* kinds */
	{"", "port \"\": unknown kind \"\": " KIND_WANTED},
	{"/run/p0.sock", "unknown kind \"/run/p0.sock\": " KIND_WANTED},
	{":/p", "unknown kind \"\": " KIND_WANTED},
	{"vhost:/p", "port \"vhost:/p\": unknown kind \"vhost\": " KIND_WANTED},
	{"vhost-users:/p", "unknown kind \"vhost-users\": " KIND_WANTED},
	{"VHOST-USER:/p", "unknown kind \"VHOST-USER\": " KIND_WANTED},
	{"vhost-net:tap0", "unknown kind \"vhost-net\": " KIND_WANTED},
	{"vhost-kernel", "vhost-kernel has no IFNAME: vhost-kernel:IFNAME"},
	{"vhost-kernel:", IFNAME_WANTED},
	{"vhost-kernel:abcdefghijklmnop", IFNAME_WANTED},
	{"vhost-kernel:/dev/x", IFNAME_WANTED},
	{"vhost-kernel:tap%d", IFNAME_WANTED},
	{"vhost-kernel:..", IFNAME_WANTED},
	{"vhost-kernel:-tap", IFNAME_WANTED},
	{"vhost-kernel:tap=1", IFNAME_WANTED},
	{"vhost-kernel:tap0,queues=300", "queues=300: a number from 1 to 128 is wanted"},
	{"vhost-kernel:tap0,ip=10.0.0.1", IP_WANTED},
	{"vhost-kernel:tap0,ip=10.0.0.1/33", IP_WANTED},
	{"vhost-kernel:tap0,ip=10.0.0.1/", IP_WANTED},
	{"vhost-kernel:tap0,ip=fd00::1/129", IP_WANTED},
	{"vhost-kernel:tap0,ip=10.0.0/24", IP_WANTED},
	{"vhost-kernel:tap0,ip=/24", IP_WANTED},
	{"vhost-kernel:tap0,ip=1111111111111111111111111111111111111111111111111/24", IP_WANTED},
	{"vhost-kernel:tap0,netns=blue", "netns=blue: the path of a network namespace"},
	{"vhost-kernel:tap0,netns=/a'b", "netns=/a'b: the path of a network namespace"},
	{"vhost-kernel:tap0,netns=/", "netns=/: the path of a network namespace"},
	{"vhost-kernel:tap0,fallback", "fallback has no value: fallback=tap"},
	{"vhost-kernel:tap0,fallback=af_packet", "fallback=af_packet: tap is wanted"},
	{"vhost-user:/p,fallback=tap", "unknown option \"fallback\": vhost-user takes"},
	{"vhost-kernel:tap0,wait=1", "vhost-kernel takes queues=N, size=N, mac=MAC, mtu=N, "
				     "ip=ADDRESS/LENGTH, netns=PATH, fallback=tap"},
	{"pci", "pci has no ADDRESS: pci:ADDRESS"},
	{"pci:", PCI_WANTED},
	{"pci:3:00.0", PCI_WANTED},
	{"pci:03:00.8", PCI_WANTED},
	{"pci:03:0g.0", PCI_WANTED},
	{"pci:03-00.0", PCI_WANTED},
	{"pci:0000:03:00.0.", PCI_WANTED},
	{"pci:00000000:03:00.0", PCI_WANTED},
	{"pci:03:00.0,queues=2", "pci takes mtu=N"},
	{"vhost-user", "vhost-user has no path: vhost-user:PATH"},
	{"vhost-user,server:/p", "vhost-user has no path: vhost-user:PATH"},
	{"vhost-backend", "vhost-backend has no path: vhost-backend:PATH"},
	/* paths */
	{"vhost-user:", "the path of a socket is wanted, from / on"},
	{"vhost-user:,queues=2", "the path of a socket is wanted, from / on"},
	{"vhost-user:p0.sock", "the path of a socket is wanted, from / on"},
	{"vhost-backend:./p", "the path of a socket is wanted, from / on"},
	{"vhost-user:/", "the path ends in /"},
	{"vhost-user:/run/,server", "the path ends in /"},
	{"vhost-user:/a b", "port \"vhost-user:/a...\": byte 0x20 follows"},
	{" vhost-user:/p", "port \"...\": byte 0x20 follows"},
	{"vhost-user:/p\n", "port \"vhost-user:/p...\": byte 0x0a follows"},
	{"vhost-user:/p\x1b[2J", "port \"vhost-user:/p...\": byte 0x1b follows"},
	{"vhost-user:/p,que\x7f", "port \"vhost-user:/p,que...\": byte 0x7f follows"},
	/* options in general */
	{"vhost-user:/p,", "an option is empty: a comma or a name is wrong; " USER_TAKES},
	{"vhost-user:/p,,server", "an option is empty: a comma or a name is wrong; " USER_TAKES},
	{"vhost-user:/p,=1", "an option is empty: a comma or a name is wrong; " USER_TAKES},
	{"vhost-user:/p,queue=2", "unknown option \"queue\": " USER_TAKES},
	{"vhost-user:/p,Queues=2", "unknown option \"Queues\": " USER_TAKES},
	{"vhost-user:/p,queuess=2", "unknown option \"queuess\": " USER_TAKES},
	{"vhost-user:/p,client", "unknown option \"client\": " USER_TAKES},
	{"vhost-backend:/p,server", "unknown option \"server\": " BACKEND_TAKES},
	{"vhost-backend:/p,size=64", "unknown option \"size\": " BACKEND_TAKES},
	{"vhost-backend:/p,ring=auto", "unknown option \"ring\": " BACKEND_TAKES},
	{"vhost-backend:/p,mac=02:00:00:00:00:01", "unknown option \"mac\": " BACKEND_TAKES},
	{"vhost-backend:/p,mtu=1500", "unknown option \"mtu\": " BACKEND_TAKES},
	{"vhost-backend:/p,wait=3", "unknown option \"wait\": " BACKEND_TAKES},
	{"vhost-user:/p,server,server", "server is given twice"},
	{"vhost-user:/p,server=1", "server takes no value"},
	{"vhost-backend:/p,client=", "client takes no value"},
	{"vhost-backend:/p,client,queues=1,client", "client is given twice"},
	/* values */
	{"vhost-user:/run/p0.sock,queues=0",
		"port \"vhost-user:/run/p0.sock,queues=0\": queues=0: a number from 1 to 128 is "
		"wanted"},
	NUMBER_CASES("queues", "a number from 1 to 128"),
	NUMBER_CASES("size", "a power of two from 32 to 32768"),
	NUMBER_CASES("mtu", "a number from 68 to 9698"),
	NUMBER_CASES("wait", "a number from 0 to 86400"),
	{"vhost-user:/p,queues=129", "queues=129: a number"},
	{"vhost-backend:/p,queues=129", "queues=129: a number"},
	{"vhost-user:/p,size=31", "size=31: a power of two"},
	{"vhost-user:/p,size=16", "size=16: a power of two"},
	{"vhost-user:/p,size=48", "size=48: a power of two"},
	{"vhost-user:/p,size=65536", "size=65536: a power of two"},
	{"vhost-user:/p,mtu=67", "mtu=67: a number"},
	{"vhost-user:/p,mtu=9699", "mtu=9699: a number"},
	{"vhost-user:/p,wait=86401", "wait=86401: a number"},
	{"vhost-user:/p,ring", "ring has no value: ring=auto|packed|split"},
	{"vhost-user:/p,ring=", "ring=: auto, packed or split is wanted"},
	{"vhost-user:/p,ring=Packed", "ring=Packed: auto, packed or split is wanted"},
	{"vhost-user:/p,ring=split,ring=split", "ring is given twice"},
	{"vhost-user:/p,mac", "mac has no value: mac=MAC"},
	{"vhost-user:/p,mac=02:00:00:00:00:01,mac=02:00:00:00:00:01", "mac is given twice"},
	{MAC_CASE("")},
	{MAC_CASE("00:00:00:00:00:00")},
	{MAC_CASE("01:00:5e:00:00:01")},
	{MAC_CASE("ff:ff:ff:ff:ff:ff")},
	{MAC_CASE("02:00:00:00:00")},
	{MAC_CASE("02:00:00:00:00:0")},
	{MAC_CASE("02:00:00:00:00:01:02")},
	{MAC_CASE("02:00:00:00:00:01:")},
	{MAC_CASE("02-00-00-00-00-01")},
	{MAC_CASE("02:00:00:00:00:0g")},
	{MAC_CASE("2:0:0:0:0:1")},
	{MAC_CASE("0200.0000.0001")},
};

static void test_bad(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct cvio_error err = {0};
		struct port_spec spec;

		if (port_spec_parse(bad[i].text, &spec, &err) != -EINVAL)
			fail_msg("\"%s\" was accepted", bad[i].text);
		assert_int_equal(port_spec_parse(bad[i].text, &spec, NULL), -EINVAL);
		assert_int_equal(err.exit_code, CVIO_EXIT_CONFIG);
		if (strstr(err.text, bad[i].error) == NULL)
			fail_msg("\"%s\": \"%s\" isn't in \"%s\"", bad[i].text, bad[i].error,
				err.text);
	}
}

/* A path may have PATH_MAX - 1 bytes; of a long port an error shows the beginning and still the
 * reason. */
static void test_long_path(void **state)
{
	char text[2 * PATH_MAX] = "vhost-user:/", buf[FORMAT_LEN];
	size_t start = strlen(text) - 1;
	struct cvio_error err;
	struct port_spec spec;

	(void)state;
	memset(text + start + 1, 'p', PATH_MAX - 2);
	assert_int_equal(port_spec_parse(text, &spec, NULL), 0);
	assert_string_equal(spec.path, text + start);
	assert_int_equal(port_spec_format(&spec, buf, sizeof(buf)), strlen(text));
	assert_string_equal(buf, text);

	text[strlen(text)] = 'p';
	assert_int_equal(port_spec_parse(text, &spec, &err), -EINVAL);
	assert_non_null(strstr(err.text, "ppp...\": the path has 4096 bytes: at most 4095"));

	strcpy(text + 400, ",queues=0");
	assert_int_equal(port_spec_parse(text, &spec, &err), -EINVAL);
	assert_non_null(strstr(err.text, "ppp...\": queues=0: a number from 1 to 128 is wanted"));
}

/* The longest errors there are, with characters of two bytes, come out whole and are not cut
 * through one. */
static void test_long_error(void **state)
{
	char text[2048] = "vhost-user:/p,x";
	struct cvio_error err;
	struct port_spec spec;

	(void)state;
	while (strlen(text) + 2 < sizeof(text))
		strcat(text, "\xc3\xa4");
	assert_int_equal(port_spec_parse(text, &spec, &err), -EINVAL);
	assert_non_null(strstr(err.text, "\xc3\xa4...\": unknown option \"x\xc3\xa4"));
	assert_non_null(strstr(err.text, "\xc3\xa4\": " USER_TAKES));
}

static void test_format_no_room(void **state)
{
	const char *text = "vhost-user:/p,server,queues=2,mac=02:00:00:00:00:01,wait=0";
	struct port_spec spec;
	char buf[128];

	(void)state;
	assert_int_equal(port_spec_parse(text, &spec, NULL), 0);
	for (size_t len = 0; len <= strlen(text); len++) {
		memset(buf, '#', sizeof(buf));
		assert_int_equal(port_spec_format(&spec, buf, len), -ENOSPC);
		assert_int_equal(buf[len], '#');
	}
	assert_int_equal(port_spec_format(&spec, buf, strlen(text) + 1), strlen(text));
	assert_string_equal(buf, text);
}

static void test_list_good(void **state)
{
	static const struct {
		const char *text;
		int count;
		const char *last;
	} lists[] = {
		{NULL, 0, NULL},
		{"", 0, NULL},
		{" \t\r\n\v\f ", 0, NULL},
		{"vhost-user:/a", 1, "vhost-user:/a"},
		{"  vhost-user:/a,server\n", 1, "vhost-user:/a,server"},
		{"vhost-user:/a vhost-backend:/b", 2, "vhost-backend:/b"},
		{"vhost-user:/a\t\n vhost-user:/b,queues=2 vhost-user:/ab ", 3, "vhost-user:/ab"},
	};
	static struct port_spec specs[3];
	char buf[FORMAT_LEN];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
		assert_int_equal(
			port_spec_list_parse(lists[i].text, specs, 3, NULL), lists[i].count);
		if (lists[i].count == 0)
			continue;
		port_spec_format(&specs[lists[i].count - 1], buf, sizeof(buf));
		assert_string_equal(buf, lists[i].last);
	}
}

static void test_list_bad(void **state)
{
	static const struct {
		const char *text;
		int result;
		const char *error;
	} lists[] = {
		{"vhost-user:/a vhost-user:/b vhost-user:/c vhost-user:/d", -E2BIG,
			"port \"vhost-user:/d\": one too many: at most 3 ports are possible"},
		{"vhost-user:/a vhost-user:/b vhost-backend:/b", -EINVAL,
			"port \"vhost-backend:/b\": port 1 has the same path"},
		{"vhost-user:/a,server vhost-user:/a,queues=2", -EINVAL,
			"port \"vhost-user:/a,queues=2\": port 0 has the same path"},
		{"vhost-user:/a, queues=2", -EINVAL, "port \"vhost-user:/a,\": an option is empty"},
		{"vhost-user:/a queues=2", -EINVAL, "port \"queues=2\": unknown kind \"queues=2\""},
		{"vhost-user:/a\x01 vhost-user:/b", -EINVAL, "byte 0x01 follows"},
		{"vhost-user:/a,queues=3\nvhost-user:/b,queues=x", -EINVAL,
			"port \"vhost-user:/b,queues=x\": queues=x: a number"},
	};
	static struct port_spec specs[3];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
		struct cvio_error err = {0};

		assert_int_equal(
			port_spec_list_parse(lists[i].text, specs, 3, &err), lists[i].result);
		assert_int_equal(err.exit_code, CVIO_EXIT_CONFIG);
		if (strstr(err.text, lists[i].error) == NULL)
			fail_msg("\"%s\" isn't in \"%s\"", lists[i].error, err.text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_long_path),
		cmocka_unit_test(test_long_error),
		cmocka_unit_test(test_format_no_room),
		cmocka_unit_test(test_list_good),
		cmocka_unit_test(test_list_bad),
	};

	return cmocka_run_group_tests_name("port_spec", tests, NULL, NULL);
}
