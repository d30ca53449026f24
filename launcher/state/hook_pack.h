/* SPDX-License-Identifier: BSD-3-Clause */
/* A hook of the OCI runtime specification. */
#pragma once

struct words;

/**
 * One that calls this program: a new reference, or NULL.
 *
 * @param words  after the program's name
 */
struct json_t *hook_pack(const struct words *words);
