/* SPDX-License-Identifier: BSD-3-Clause */
/* Tests of a chain's plan: ports, order, circles, commands and their hashes; and of what differs
 * between a plan and the containers that there are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/exit.h"
#include "chain/chain_found.h"
#include "chain/chain_plan.h"

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))
#define THREE                                                                                 \
	"name: d\ncontainers:\n  a: {image: i, args: [-p, '1']}\n  b: {image: i, cpus: 1-2, " \
	"memory: small,\n      podman-args: ['--env=X=a b']}\n  c: {image: i}\nlinks:\n"

struct fixture {
	struct chain chain;
	struct chain_plan plan;
	struct cvio_error err;
};

static int make(struct fixture *f, const char *text)
{
	int r;

	memset(f, 0, sizeof(*f));
	assert_int_equal(chain_parse("f", text, strlen(text), &f->chain, &f->err), 0);
	r = chain_plan_make(&f->chain, "/s", &f->plan, &f->err);
	for (size_t i = 0; r == 0 && i < f->plan.count; i++)
		assert_int_equal(chain_step_hash(&f->plan, &f->plan.steps[i], "id"), 0);
	return r;
}

static void end(struct fixture *f)
{
	chain_plan_fini(&f->plan);
	chain_fini(&f->chain);
}

static void join(const struct words *words, char *text, size_t size)
{
	text[0] = '\0';
	for (size_t i = 0; i < words->count; i++)
		snprintf(text + strlen(text), size - strlen(text), "%s%s", i > 0 ? " " : "",
			words->list[i]);
}

static void test_order(void **state)
{
	static const struct {
		const char *links, *order; /* names with levels */
	} table[] = {
		{"  []\n", "a0 b0 c0 "},
		{"  - {from: a, to: b}\n", "b0 c0 a1 "},
		{"  - {from: a, to: b}\n  - {from: b, to: c}\n", "c0 b1 a2 "},
		{"  - {from: a, to: c}\n  - {from: b, to: c}\n", "c0 a1 b1 "},
		{"  - {from: a, to: b}\n  - {from: a, to: c}\n  - {from: b, to: c}\n", "c0 b1 a2 "},
		/* whoever makes the socket */
		{"  - {from: a, to: b, options: server}\n", "b0 c0 a1 "},
		{"  - {from: a, socket: /x}\n", "a0 b0 c0 "},
		/* twice the same two */
		{"  - {from: a, to: b}\n  - {from: a, to: b}\n", "b0 c0 a1 "},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		char text[512], order[64] = "";
		struct fixture f;

		snprintf(text, sizeof(text), THREE "%s", table[i].links);
		assert_int_equal(make(&f, text), 0);
		for (size_t j = 0; j < f.plan.count; j++)
			sprintf(order + strlen(order), "%s%u ", f.plan.steps[j].container->name,
				f.plan.steps[j].level);
		assert_string_equal(order, table[i].order);
		end(&f);
	}
}

static void test_ports(void **state)
{
	static const struct {
		const char *links, *container, *ports;
	} table[] = {
		{"  - {from: a, to: b}\n", "a", "vhost-user:/s/a-0/port.sock"},
		{"  - {from: a, to: b}\n", "b", "vhost-backend:/s/a-0/port.sock"},
		{"  - {from: a, to: b, options: \"server,queues=2,mtu=9000,wait=5\"}\n", "a",
			"vhost-user:/s/a-0/port.sock,server,queues=2,mtu=9000,wait=5"},
		{"  - {from: a, to: b, options: \"server,queues=2,mtu=9000,wait=5\"}\n", "b",
			"vhost-backend:/s/a-0/port.sock,client,queues=2"},
		{"  - {to: a, socket: /x, options: client}\n", "a", "vhost-backend:/x,client"},
		/* a container's ports are in the order of the links, of both kinds */
		{"  - {from: a, socket: /x}\n  - {from: b, to: a}\n  - {from: a, to: c}\n", "a",
			"vhost-user:/x vhost-backend:/s/b-0/port.sock vhost-user:/s/a-2/port.sock"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		char text[512], ports[512] = "";
		struct fixture f;

		snprintf(text, sizeof(text), THREE "%s", table[i].links);
		assert_int_equal(make(&f, text), 0);
		for (size_t j = 0; j < f.plan.count; j++)
			if (strcmp(f.plan.steps[j].container->name, table[i].container) == 0)
				join(&f.plan.steps[j].ports, ports, sizeof(ports));
		assert_string_equal(ports, table[i].ports);
		end(&f);
	}
}

/* Who makes the socket in each link's folder. */
static void test_makers(void **state)
{
	static const struct {
		const char *links, *makers;
	} table[] = {
		{"  - {from: a, to: b}\n", "b"},
		{"  - {from: a, to: b, options: server}\n", "a"},
		{"  - {from: a, to: b, options: \"queues=2,server\"}\n  - {from: c, to: b}\n",
			"ab"},
		{"  - {from: c, to: a}\n  - {from: a, to: b}\n", "ab"},
		{"  - {from: a, socket: /x}\n  - {from: a, to: b}\n", "b"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		char text[512], makers[16] = "";
		struct fixture f;

		snprintf(text, sizeof(text), THREE "%s", table[i].links);
		assert_int_equal(make(&f, text), 0);
		for (size_t j = 0; j < f.plan.folders.count; j++)
			strcat(makers, f.plan.steps[chain_plan_maker(&f.plan, j)].container->name);
		assert_string_equal(makers, table[i].makers);
		end(&f);
	}
}

static void test_refuses(void **state)
{
	static const struct {
		const char *links, *message;
	} table[] = {
		{"  - {from: a, to: b}\n  - {from: b, to: a}\n",
			"f:3:3: links: from a to b to a: each would start after the next"},
		{"  - {from: c, to: a}\n  - {from: a, to: b}\n  - {from: b, to: c}\n",
			"links: from a to b to c to a: each"},
		/* who only leads to the circle isn't part of it */
		{"  - {from: a, to: b}\n  - {from: b, to: c}\n  - {from: c, to: b}\n",
			"links: from b to c to b: each"},
		{"  - {from: a, to: b, options: \"queues=0\"}\n", "f:8:5: links: "},
		{"  - {from: a, to: b, options: frob}\n", "frob"},
		{"  - {from: a, socket: relative}\n", "relative"},
		{"  - {from: a, socket: \"/x,server\"}\n", "links: socket: /x,server: has a comma"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		char text[512];
		struct fixture f;

		snprintf(text, sizeof(text), THREE "%s", table[i].links);
		assert_int_equal(make(&f, text), -EINVAL);
		if (strstr(f.err.text, table[i].message) == NULL)
			fail_msg("%s: %s", table[i].links, f.err.text);
		assert_int_equal(f.err.exit_code, CVIO_EXIT_CONFIG);
		end(&f);
	}
}

static void test_too_many_ports(void **state)
{
	char *text = NULL;
	struct fixture f;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	assert_non_null(out);
	fputs(THREE, out);
	for (int i = 0; i < 33; i++)
		fprintf(out, "  - {from: a, socket: /x%d}\n", i);
	assert_int_equal(fclose(out), 0);
	assert_int_equal(make(&f, text), -EINVAL);
	assert_non_null(strstr(f.err.text, "f:40:5: links: a: has more than 32 ports"));
	end(&f);
	free(text);
}

static void test_command(void **state)
{
	static const char *const expected[] = {
		"run --detach --name=d-a --port=vhost-user:/s/a-0/port.sock i -- -p 1",
		"run --detach --name=d-b --cpus=1-2 --memory=small "
		"--port=vhost-backend:/s/a-0/port.sock --podman-args='--env=X=a b' i",
		"run --detach --name=d-c i",
	};
	static const size_t steps[] = {2, 0, 1}; /* a's after b's and c's */
	struct fixture f;
	char text[512];

	(void)state;
	assert_int_equal(make(&f, THREE "  - {from: a, to: b}\n"), 0);
	for (size_t i = 0; i < ARRAY_LEN(expected); i++) {
		_words_cleanup_ struct words argv = {0};

		chain_step_command(&f.plan, &f.plan.steps[steps[i]], false, &argv);
		join(&argv, text, sizeof(text));
		assert_string_equal(text, expected[i]);
	}
	end(&f);
}

static void test_hash(void **state)
{
	struct fixture f, same, other;
	char before[SHA256_TEXT];

	(void)state;
	assert_int_equal(make(&f, THREE "  - {from: a, to: b}\n"), 0);
	assert_int_equal(make(&same, THREE "  - {from: a, to: b}\n"), 0);
	assert_int_equal(make(&other, THREE "  - {from: a, to: b, options: \"mtu=9000\"}\n"), 0);
	for (size_t i = 0; i < 3; i++)
		assert_string_equal(f.plan.steps[i].hash, same.plan.steps[i].hash);
	/* the frontend's alone has changed */
	assert_string_equal(f.plan.steps[0].hash, other.plan.steps[0].hash);
	assert_string_equal(f.plan.steps[1].hash, other.plan.steps[1].hash);
	assert_string_not_equal(f.plan.steps[2].hash, other.plan.steps[2].hash);
	strcpy(before, f.plan.steps[0].hash);
	assert_int_equal(chain_step_hash(&f.plan, &f.plan.steps[0], "another"), 0);
	assert_string_not_equal(f.plan.steps[0].hash, before);
	end(&f);
	end(&same);
	end(&other);
}

/* A container of the chain as podman tells of it, with the hash of a step, or another one. */
static void tell(
	FILE *out, const struct fixture *f, const char *name, const char *run_state, bool same)
{
	const char *hash = "other";

	for (size_t i = 0; same && i < f->plan.count; i++)
		if (strcmp(f->plan.steps[i].container->name, name) == 0)
			hash = f->plan.steps[i].hash;
	fprintf(out,
		"{\"Id\": \"id-%s\", \"State\": \"%s\", \"Labels\": {\"io.cvio.chain\": \"d\", "
		"\"io.cvio.chain.container\": \"%s\", \"io.cvio.chain.hash\": \"%s\", "
		"\"io.cvio.chain.level\": \"1\"}}",
		name, run_state, name, hash);
}

static void test_compare(void **state)
{
	static const struct {
		const char *name, *run_state;
		bool same, stop;
	} table[] = {
		{"a", "running", true, false}, /* as the file has it */
		{"a", "running", false, true}, /* from another line */
		{"a", "exited", true, true},   /* ended */
		{"a", "created", true, true},  /* never started */
		{"z", "running", true, true},  /* the file no longer has it */
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		_chain_found_cleanup_ struct chain_found found = {0};
		bool start[CHAIN_CONTAINERS_MAX];
		char *text = NULL;
		struct fixture f;
		size_t size;
		FILE *out = open_memstream(&text, &size);

		assert_non_null(out);
		assert_int_equal(make(&f, THREE "  - {from: a, to: b}\n"), 0);
		fputs("[", out);
		tell(out, &f, table[i].name, table[i].run_state, table[i].same);
		fputs("]", out);
		assert_int_equal(fclose(out), 0);
		assert_int_equal(chain_found_parse(text, &found), 0);
		assert_int_equal(found.count, 1);
		assert_int_equal(found.list[0].level, 1);
		chain_compare(&f.plan, &found, start);
		assert_int_equal(found.list[0].stop, table[i].stop);
		assert_true(start[0] && start[1]);
		assert_int_equal(start[2], table[i].stop);
		end(&f);
		free(text);
	}
}

static void test_found(void **state)
{
	static const char *const bad[] = {"", "{}", "[", "\"x\""};
	struct chain_found found;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_int_equal(chain_found_parse(bad[i], &found), -EINVAL);
	assert_int_equal(
		chain_found_parse("[{}, {\"Id\": \"x\", \"Labels\": null}, 3]", &found), 0);
	assert_int_equal(found.count, 1);
	assert_string_equal(found.list[0].hash, "");
	assert_false(found.list[0].running);
	chain_found_fini(&found);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_ports),
		cmocka_unit_test(test_makers),
		cmocka_unit_test(test_refuses),
		cmocka_unit_test(test_too_many_ports),
		cmocka_unit_test(test_command),
		cmocka_unit_test(test_hash),
		cmocka_unit_test(test_compare),
		cmocka_unit_test(test_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
