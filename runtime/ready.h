/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Stage "ready": the application has started all ports of CVIO_PORTS.
 *
 * Should: say once that the image is ready, and tell whoever started it (NOTIFY_SOCKET, as
 * sd_notify(3)). Mustn't: look at a port, which says itself what was negotiated (pmd/port_hooks.h).
 */
#pragma once

/** All ports have been made: where there is none, the image is ready now. */
void ready_begin(void);
