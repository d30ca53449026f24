/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

/**
 * The word that getopt_long() has just refused, by '?' or ':', for a message.
 *
 * @return  borrowed from argv
 */
const char *option_word(char **argv);
