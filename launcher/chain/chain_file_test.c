/* SPDX-License-Identifier: BSD-3-Clause */
/* Tests of the chain's file: what is read, and what each wrong one is told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/exit.h"
#include "chain/chain.h"

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))
#define HEAD "name: demo\ncontainers:\n  sw: {image: switch}\n  a: {image: l2fwd}\n"

static void test_reads(void **state)
{
	static const char text[] =
		"# a comment\n"
		"name: demo\n"
		"containers:\n"
		"  sw:\n"
		"    image: localhost/cvio/switch\n"
		"    cpus: 0\n"
		"    args: --ageing 5 'a b'\n"
		"  a: {image: l2fwd, cpus: \"1\", memory: \"memfd,32M\", args: [-p, \"1\"],\n"
		"      podman-args: \"--cpu-shares=2\"}\n"
		"links:\n"
		"  - {from: a, to: sw}\n"
		"  - {from: a, socket: /run/ovs/p0.sock, options: \"server,queues=2\"}\n"
		"  - {to: sw, socket: /run/vm/p0.sock}\n";
	_chain_cleanup_ struct chain c = {0};
	struct cvio_error err;

	(void)state;
	assert_int_equal(chain_parse("f", text, strlen(text), &c, &err), 0);
	assert_string_equal(c.name, "demo");
	assert_int_equal(c.container_count, 2);
	assert_string_equal(c.containers[0].name, "sw");
	assert_int_equal(c.containers[0].place.line, 4);
	assert_string_equal(c.containers[0].cpus, "0");
	assert_null(c.containers[0].memory);
	assert_int_equal(c.containers[0].args.count, 3);
	assert_string_equal(c.containers[0].args.list[2], "a b");
	assert_string_equal(c.containers[1].memory, "memfd,32M");
	assert_string_equal(c.containers[1].args.list[1], "1");
	assert_string_equal(c.containers[1].podman_args.list[0], "--cpu-shares=2");
	assert_int_equal(c.link_count, 3);
	assert_int_equal(c.links[0].from, 1);
	assert_int_equal(c.links[0].to, 0);
	assert_null(c.links[0].socket);
	assert_string_equal(c.links[1].options, "server,queues=2");
	assert_int_equal(c.links[1].to, CHAIN_NOBODY);
	assert_int_equal(c.links[2].from, CHAIN_NOBODY);
	assert_string_equal(c.links[2].socket, "/run/vm/p0.sock");
	assert_int_equal(c.links[2].place.line, 13);
	assert_int_equal(c.links[2].place.column, 5);
}

/* An anchor serves several containers. */
static void test_alias(void **state)
{
	static const char text[] = "name: x\ncontainers:\n  a: &l {image: i, args: [b]}\n  b: *l\n";
	_chain_cleanup_ struct chain c = {0};
	struct cvio_error err;

	(void)state;
	assert_int_equal(chain_parse("f", text, strlen(text), &c, &err), 0);
	assert_string_equal(c.containers[1].image, "i");
}

static void test_refuses(void **state)
{
	static const struct {
		const char *text, *message;
	} table[] = {
		{"", "f:1:1: is empty"},
		{"# nothing\n", "f:1:1: is empty"},
		{"name: [", "is not YAML"},
		{"name: x\n\tcontainers: y\n", "f:2:1: is not YAML"},
		{"- a\n", "f:1:1: chain: is not a mapping"},
		{"name: demo\n", "f:1:1: containers: is missing"},
		{"containers: {a: {image: i}}\n", "f:1:1: name: is missing"},
		{"name: a/b\ncontainers: {a: {image: i}}\n", "f:1:7: name: a/b: is not a chain's"},
		{"name: -x\ncontainers: {a: {image: i}}\n", "f:1:7: name: -x: is not a chain's"},
		{"name: a23456789b123456789c123456789d123\ncontainers: {a: {image: i}}\n",
			"up to 32 letters"},
		{"name: ''\ncontainers: {a: {image: i}}\n", "f:1:7: name: is empty"},
		{"name: [a]\ncontainers: {a: {image: i}}\n", "f:1:7: name: is a list"},
		{"name: \"a\\0b\"\ncontainers: {a: {image: i}}\n", "f:1:7: name: has a NUL"},
		{"name: \"a\\nb\"\ncontainers: {a: {image: i}}\n", "name: a?b: is not"},
		{"name: x\nname: y\ncontainers: {a: {image: i}}\n",
			"f:2:1: chain: name: is there twice"},
		{"name: x\nlink: []\ncontainers: {a: {image: i}}\n",
			"f:2:1: chain: link: no such key; there are name, containers, links"},
		{"name: x\ncontainers: {}\n", "f:2:13: containers: has none"},
		{"name: x\ncontainers: [a]\n", "f:2:13: containers: has none"},
		{"name: x\ncontainers: {a: i}\n", "f:2:17: a: is not a mapping"},
		{"name: x\ncontainers: {a: {cpus: 1}}\n", "f:2:14: a: image: is missing"},
		{"name: x\ncontainers: {a: {image: i, cpu: 1}}\n",
			"f:2:28: a: cpu: no such key; there are image, cpus, memory, args, "
			"podman-args"},
		{"name: x\ncontainers: {a: {image: --help}}\n", "image: --help: is not an image's"},
		{"name: x\ncontainers: {a.b: {image: i}}\n", "f:2:14: containers: a.b: is not"},
		{"name: x\ncontainers:\n  a: {image: i}\n  a: {image: i}\n",
			"f:4:3: containers: a: is there twice, first in line 3"},
		{"name: x\ncontainers: {a: {image: i, args: \"'\"}}\n", "args: a quote has no end"},
		{"name: x\ncontainers: {a: {image: i, args: [[b]]}}\n", "f:2:35: args: is a list"},
		{HEAD "links: a\n", "f:5:8: links: is not a list"},
		{HEAD "links: [a]\n", "f:5:9: links: is not a mapping"},
		{HEAD "links: [{from: a, to: b}]\n", "f:5:23: to: b: no such container"},
		{HEAD "links: [{from: a, to: a}]\n", "f:5:9: links: a: is both from and to"},
		{HEAD "links: [{from: a}]\n", "f:5:9: links: has 1 of from, to and socket"},
		{HEAD "links: [{}]\n", "has 0 of from, to and socket"},
		{HEAD "links: [{socket: /s}]\n", "has 1 of from, to and socket"},
		{HEAD "links: [{from: a, to: sw, socket: /s}]\n", "has 3 of from, to and socket"},
		{HEAD "links: [{from: a, to: sw, queues: 2}]\n",
			"f:5:27: links: queues: no such key"},
		{HEAD "--- \nname: y\n", "f:6:1: is a second document"},
		{HEAD "--- [\n", "is not YAML"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		_chain_cleanup_ struct chain c = {0};
		struct cvio_error err = {0};

		if (chain_parse("f", table[i].text, strlen(table[i].text), &c, &err) != -EINVAL ||
			strstr(err.text, table[i].message) == NULL)
			fail_msg("%s: %s", table[i].text, err.text);
		assert_int_equal(err.exit_code, CVIO_EXIT_CONFIG);
	}
}

static void test_too_many(void **state)
{
	_chain_cleanup_ struct chain c = {0};
	struct cvio_error err;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	assert_non_null(out);
	fputs("name: x\ncontainers:\n", out);
	for (int i = 0; i <= CHAIN_CONTAINERS_MAX; i++)
		fprintf(out, "  c%d: {image: i}\n", i);
	assert_int_equal(fclose(out), 0);
	assert_int_equal(chain_parse("f", text, size, &c, &err), -EINVAL);
	assert_non_null(strstr(err.text, "containers: more than 256"));
	free(text);
}

static void test_load(void **state)
{
	_chain_cleanup_ struct chain c = {0};
	struct cvio_error err;

	(void)state;
	assert_int_equal(chain_load("/no/such/file", &c, &err), -ENOENT);
	assert_int_equal(err.exit_code, LAUNCHER_EXIT_NO_IMAGE);
	assert_int_equal(chain_load("/dev/zero", &c, &err), -EFBIG);
	assert_int_equal(err.exit_code, CVIO_EXIT_CONFIG);
	assert_int_equal(chain_load("/", &c, &err), -EISDIR);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reads),
		cmocka_unit_test(test_alias),
		cmocka_unit_test(test_refuses),
		cmocka_unit_test(test_too_many),
		cmocka_unit_test(test_load),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
