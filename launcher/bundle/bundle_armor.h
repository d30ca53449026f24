/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The form of a signature as `ssh-keygen -Y sign` writes it (PROTOCOL.sshsig): one binary, one
 * armor. ssh-keygen reads more forms than it writes (unused bits, line ends, text behind the end);
 * a bundle has exactly what it writes.
 */
#pragma once

#include <stddef.h>

#define BUNDLE_NAMESPACE "cvio-bundle"
#define BUNDLE_SIGNATURE_MAX 65536

/**
 * Check the form of an armored signature; it says nothing about the signature itself.
 *
 * @param text  len bytes, which may be anything
 * @param why   the reason of a refusal; static text
 * @return      0, -EINVAL, or -ENOMEM
 */
int bundle_armor_check(const char *text, size_t len, const char **why);
