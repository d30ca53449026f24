/* SPDX-License-Identifier: BSD-3-Clause */
/* Any bytes as a chain's file: what is accepted has proper names and links, a plan in an order that
 * its links allow, or one line that says why not. */
#include "chain/chain.h"
#include "chain/chain_plan.h"
#include "pmd/grammar/port_spec.h"
#include "tests/fuzz/fuzz.h"

static void check_chain(const struct chain *chain)
{
	CHECK(chain_name_ok(chain->name) && chain->container_count > 0);
	for (size_t i = 0; i < chain->container_count; i++) {
		const struct chain_container *c = &chain->containers[i];

		CHECK(chain_name_ok(c->name) && c->image[0] != '\0' && c->image[0] != '-');
		CHECK(c->place.line > 0 && c->place.column > 0);
		for (size_t j = 0; j < i; j++)
			CHECK(strcmp(chain->containers[j].name, c->name) != 0);
	}
	for (size_t i = 0; i < chain->link_count; i++) {
		const struct chain_link *link = &chain->links[i];

		CHECK(link->from == CHAIN_NOBODY || link->from < chain->container_count);
		CHECK(link->to == CHAIN_NOBODY || link->to < chain->container_count);
		CHECK(link->from != link->to);
	}
}

static size_t step_of(const struct chain_plan *plan, size_t container)
{
	for (size_t i = 0; i < plan->count; i++)
		if (plan->steps[i].container == &plan->chain->containers[container])
			return i;
	fprintf(stderr, "a container has no step\n");
	abort();
}

static void check_plan(const struct chain_plan *plan)
{
	for (size_t i = 0; i < plan->chain->link_count; i++) {
		const struct chain_link *link = &plan->chain->links[i];

		if (link->from != CHAIN_NOBODY && link->to != CHAIN_NOBODY)
			CHECK(step_of(plan, link->to) < step_of(plan, link->from));
	}
	for (size_t i = 0; i < plan->count; i++)
		for (size_t j = 0; j < plan->steps[i].ports.count; j++) {
			struct port_spec port;

			CHECK(port_spec_parse(plan->steps[i].ports.list[j], &port, NULL) == 0);
		}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct chain_plan plan = {0};
	struct cvio_error err;
	struct chain chain;

	fuzz_error_init(&err);
	if (chain_parse("cvio.yaml", (const char *)data, size, &chain, &err) == 0) {
		check_chain(&chain);
		if (chain_plan_make(&chain, "/run/cvio/chain-x", &plan, &err) == 0)
			check_plan(&plan);
		else
			fuzz_error_check(&err);
	} else {
		fuzz_error_check(&err);
	}
	chain_plan_fini(&plan);
	chain_fini(&chain);
	return 0;
}
