/* SPDX-License-Identifier: BSD-3-Clause */
/* Any text as rules of the gateway, and any bytes as what they look at in a frame. */
#include "gateway/rules.h"
#include "tests/fuzz/fuzz.h"

static void check_fit(const struct rules *rules, const uint8_t *data, size_t size)
{
	static const uint8_t versions[] = {0, 4, 6};
	struct facts facts = {0};

	facts.version = versions[size == 0 ? 0 : data[0] % 3];
	if (size > 1)
		facts.proto = data[1];
	facts.has_ports = size > 2 && data[2] % 2 == 1;
	memcpy(facts.address, data, size < sizeof(facts.address) ? size : sizeof(facts.address));
	for (size_t i = 0; i < rules->count; i++)
		if (rules->list[i].kind == RULE_ALL)
			CHECK(rules_fit(rules, &facts));
	if (rules_fit(rules, &facts) && rules->count == 1)
		CHECK(rules->list[0].kind == RULE_ALL || facts.version != 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size);
	static struct rules rules;
	struct cvio_error err;

	rules.count = 0;
	fuzz_error_init(&err);
	if (rules_add(&rules, text, &err) == 0)
		check_fit(&rules, data, size);
	else
		fuzz_error_check(&err);
	CHECK(rules.count <= RULES_MAX);
	free(text);
	return 0;
}
