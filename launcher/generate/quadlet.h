/* SPDX-License-Identifier: BSD-3-Clause */
/* A container as a quadlet: a unit from which podman's generator (4.4 and later) makes a service.
 */
#pragma once

#include <stdio.h>

#include "generate/link_folder.h"
#include "run/plan.h"

struct cvio_error;

/**
 * Write the .container unit: all that `podman run` would be given, as keys where podman 4.4 has
 * them. Pure.
 *
 * @param links  folders of a chain's links, which the services make; may be NULL
 * @param plan  borrowed; without what is made for one run only (folders, a pid file, hooks)
 * @param out   borrowed; whether it took all is the caller's to ask (ferror)
 * @param err   -EINVAL: a port can't be read; -ENOMEM
 */
int quadlet_write(const struct run_plan *plan, const struct link_folders *links, FILE *out,
	struct cvio_error *err);

/**
 * Write a word so that systemd and the generator read it back as it is: no specifier (%) is
 * expanded.
 *
 * @param command  it is for a command line, where variables ($) aren't either
 */
void quadlet_quote(FILE *out, const char *word, bool command);
