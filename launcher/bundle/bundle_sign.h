/* SPDX-License-Identifier: BSD-3-Clause */
/* Signing and checking with `ssh-keygen -Y`: keys, agents and hardware keys that exist already. */
#pragma once

#include <stddef.h>

struct bundle_work;
struct cvio_error;

/**
 * Sign a text. ssh-keygen may ask on the terminal for a passphrase, or for a touch of the key.
 *
 * @param key        a private key's file, or the public one's if an agent has the key
 * @param text_path  the file to sign; the signature is put beside it as text_path.sig
 */
int bundle_sign(const struct bundle_work *work, const char *key, const char *text_path,
	struct cvio_error *err);

/**
 * Check a signature.
 *
 * @param place  what is checked, for messages
 * @param key    a file: one public key, or allowed signers as ssh-keygen(1) describes
 * @param err    -EBADMSG, LAUNCHER_EXIT_UNFIT: refused; else what is wrong with the key's file
 */
int bundle_signature_check(const char *place, const char *key, const char *text, size_t text_size,
	const char *signature, size_t signature_size, struct cvio_error *err);
