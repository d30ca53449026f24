/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * musl 1.2.3 says 128 for CPU_SETSIZE, which is the bytes of its cpu_set_t: CPUs from 128 on could
 * not be named. It is the number of CPUs that a set holds.
 */
#pragma GCC system_header /* for include_next */
#include_next <sched.h>

#undef CPU_SETSIZE
#define CPU_SETSIZE 1024
