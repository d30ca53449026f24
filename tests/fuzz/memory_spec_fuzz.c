/* SPDX-License-Identifier: BSD-3-Clause */
/* Any text as a memory specification: within its limits, and the same once printed and parsed
 * again. */
#include "pmd/grammar/memory_spec.h"
#include "tests/fuzz/fuzz.h"

static void check_good(const struct memory_spec *spec)
{
	struct memory_spec again;
	char buf[32];
	int len = memory_spec_format(spec, buf, sizeof(buf));

	CHECK(spec->size == 0 || (spec->size >= MEMORY_SIZE_MIN && spec->size <= MEMORY_SIZE_MAX));
	CHECK(spec->size % memory_spec_page(spec) == 0);
	CHECK(spec->page == 0 || spec->kind == MEMORY_MOUNT);
	CHECK(len > 0 && strlen(buf) == (size_t)len);
	CHECK(memory_spec_parse(buf, &again, NULL) == 0);
	CHECK(again.kind == spec->kind && again.size == spec->size && again.page == spec->page);
	CHECK(memory_spec_format(spec, buf, (size_t)len) < 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size);
	struct memory_spec spec;
	struct cvio_error err;

	fuzz_error_init(&err);
	if (memory_spec_parse(text, &spec, &err) == 0)
		check_good(&spec);
	else
		fuzz_error_check(&err);
	free(text);
	return 0;
}
