/* SPDX-License-Identifier: BSD-3-Clause */
/* What follows a port's kind: a socket's path, an interface's name or a NIC's address. */
#pragma once

#include "pmd/grammar/port_spec.h"
#include "pmd/grammar/slice.h"

/** The word for it: PATH, IFNAME or ADDRESS. */
const char *port_target_word(enum port_kind kind);

/**
 * Read it into spec->path, for spec->kind.
 *
 * @param reason  filled in on failure: what is wanted
 */
bool port_target_parse(struct slice text, struct port_spec *spec, char *reason, size_t size);
