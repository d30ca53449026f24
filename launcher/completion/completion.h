/* SPDX-License-Identifier: BSD-3-Clause */
/* The lines of completion/cvio.bash and cvio.zsh, with a NULL at the end; the build makes them. */
#pragma once

extern const char *const completion_bash[];
extern const char *const completion_zsh[];
