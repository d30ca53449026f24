/* SPDX-License-Identifier: BSD-3-Clause */
/* Tests of the command line of `cvio run`. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "pmd/grammar/error.h"
#include "run/run_options.h"

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

/* Parse a command line written as a shell would have it. The words stay with the caller: options
 * borrow from them. */
static int parse(
	const char *line, struct words *words, struct run_options *options, struct cvio_error *err)
{
	*words = (struct words){0};
	*options = (struct run_options){0};
	assert_int_equal(shell_split(line, words), 0);
	return run_options_parse((int)words->count, words->list, options, err);
}

static void test_all(void **state)
{
	struct run_options o;
	struct words words;

	(void)state;
	assert_int_equal(
		parse("run --port vhost-user:/a --name n -d image --port=vhost-user:/b --memory "
		      "auto "
		      "--cpus 0-1 --dry-run --force-unlabelled --podman-args '-e \"A=b c\"' "
		      "--podman-args=-t -- -q --port x --",
			&words, &o, NULL),
		0);
	assert_string_equal(o.image, "image");
	assert_string_equal(o.name, "n");
	assert_string_equal(o.memory, "auto");
	assert_string_equal(o.cpus, "0-1");
	assert_true(o.detach && o.dry_run && o.force_unlabelled);
	assert_false(o.help || o.tty);
	assert_int_equal(o.ports.count, 2);
	assert_string_equal(o.ports.list[1], "vhost-user:/b");
	assert_int_equal(o.podman_args.count, 3);
	assert_string_equal(o.podman_args.list[1], "A=b c");
	assert_string_equal(o.podman_args.list[2], "-t");
	assert_int_equal(o.app_args.count, 4);
	assert_string_equal(o.app_args.list[0], "-q");
	assert_string_equal(o.app_args.list[3], "--");
	run_options_fini(&o);
	words_fini(&words);
}

static void test_tty(void **state)
{
	static const char *const lines[] = {"run -t image", "run image --tty -- -i"};
	struct run_options o;
	struct words words;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
		assert_int_equal(parse(lines[i], &words, &o, NULL), 0);
		assert_true(o.tty && !o.detach);
		run_options_fini(&o);
		words_fini(&words);
	}
}

static void test_help(void **state)
{
	static const char *const lines[] = {"run -h", "run --help", "run image --help"};
	struct run_options o;
	struct words words;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
		assert_int_equal(parse(lines[i], &words, &o, NULL), 0);
		assert_true(o.help);
		run_options_fini(&o);
		words_fini(&words);
	}
}

static void test_refuses(void **state)
{
	static const struct {
		const char *line, *message;
	} table[] = {
		{"run", "IMAGE: is missing"},
		{"run -- image", "IMAGE: is missing"},
		{"run ''", "IMAGE: is empty"},
		{"run image other", "other: unexpected"},
		{"run --nope image", "--nope: no such option"},
		{"run --nope=1 image", "--nope=1: no such option"},
		{"run --detach=1 image", "--detach=1: takes no value"},
		{"run image -dx", "run: -x: no such option"},
		{"run image -d -t", "--tty: goes with a foreground"},
		{"run image --port", "--port: needs a value"},
		{"run --podman-args \"'\" image", "--podman-args: "},
		{"run --name '' image", "--name: "},
		{"run --name -x image", "--name: "},
		{"run --name a/b image", "--name: a/b: "},
		{"run --name 'a b' image", "--name: a b: "},
	};
	struct run_options o;
	struct words words;
	struct cvio_error err;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		assert_int_equal(parse(table[i].line, &words, &o, &err), -EINVAL);
		assert_int_equal(err.exit_code, CVIO_EXIT_CONFIG);
		assert_non_null(strstr(err.text, table[i].message));
		run_options_fini(&o);
		words_fini(&words);
	}
}

static void test_change_user(void **state)
{
	static const struct {
		const char *line;
		bool changes;
	} table[] = {
		{"run i", false},
		{"run i --podman-args '-e USER=x --uts=host'", false},
		{"run i --podman-args '--user 7'", true},
		{"run i --podman-args '-u7'", true},
		{"run i --podman-args '-e A=1 --group-add=3'", true},
	};
	struct run_options o;
	struct words words;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		assert_int_equal(parse(table[i].line, &words, &o, NULL), 0);
		assert_int_equal(run_options_change_user(&o), table[i].changes);
		run_options_fini(&o);
		words_fini(&words);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all),
		cmocka_unit_test(test_tty),
		cmocka_unit_test(test_help),
		cmocka_unit_test(test_refuses),
		cmocka_unit_test(test_change_user),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
