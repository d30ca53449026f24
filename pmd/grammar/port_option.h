/* SPDX-License-Identifier: BSD-3-Clause */
/* The tables behind the port grammar (port_spec.h): its words, and the options of each kind. */
#pragma once

#include "pmd/grammar/port_spec.h"
#include "pmd/grammar/slice.h"

struct port_option {
	const char *name;
	const char *value;  /* its placeholder in help; NULL: the option has no value */
	unsigned int kinds; /* KIND() bits of the kinds that take it */
	bool (*parse)(struct slice value, struct port_spec *spec);
	const char *wanted; /* what a value must be, for the error */
};

extern const char *const port_kind_names[PORT_KINDS];
extern const char *const port_ring_names[PORT_RINGS];

/**
 * Find an option.
 *
 * @param bit  set to one that only this option has
 * @return     NULL: the kind takes none of this name
 */
const struct port_option *port_option_find(
	struct slice name, enum port_kind kind, unsigned int *bit);

/** Print what a kind takes: "vhost-backend takes client, queues=N". 200 bytes are enough. */
void port_option_list(enum port_kind kind, char *buf, size_t len);
