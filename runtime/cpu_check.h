/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Whether the CPU has what the image is compiled for. Without it, an image would end somewhere with
 * SIGILL and no word.
 *
 * This must not use what it looks for. Hence it is a library of its own for the baseline of the
 * architecture (meson.build), runs before every other constructor, and calls nothing but musl,
 * which is built for the baseline as well.
 */
#pragma once

#include <stddef.h>

#define CPU_LACKS_LEN 256

/**
 * What the CPU and the kernel lack for a level.
 *
 * @param level  one of the values of the label io.cvio.cpu, of this architecture
 * @param text   CPU_LACKS_LEN bytes; the names, separated by ", "; empty if nothing is lacking
 * @return       how many are lacking
 */
int cpu_lacks(const char *level, char *text);

/** The highest level that this CPU has, or NULL if it has none for which there are images; static.
 */
const char *cpu_level(void);

/** The constructor: end the process with one line if something is lacking for the image's level. */
void cpu_check(void);
