/* SPDX-License-Identifier: BSD-3-Clause */
/* Signals as something to wait for. */
#pragma once

/** Block the signals that end programs and return a signalfd for them, or a negative errno. */
int signals_catch(void);
