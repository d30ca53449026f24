/* SPDX-License-Identifier: BSD-3-Clause */
/* JSON values as YAML, for what people read and edit: by libyaml's emitter, keys in their order. */
#pragma once

#include <stdio.h>

struct json_t;

/**
 * Write an array's elements as YAML documents, each after a line of `---`.
 *
 * A text that any reader of YAML 1.1 could take for something else (a number, a boolean, null, a
 * date) is quoted.
 *
 * @param documents  borrowed
 * @param out        borrowed; whether it took all is the caller's to ask (ferror)
 * @return           0 or -ENOMEM
 */
int yaml_write(const struct json_t *documents, FILE *out);
