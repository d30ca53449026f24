/* SPDX-License-Identifier: BSD-3-Clause */
/* The service manager's socket, as sd_notify(3) describes it: a datagram to NOTIFY_SOCKET. */
#pragma once

/** Send READY=1, if there is a NOTIFY_SOCKET; a failure is a warning. */
void notify_ready(void);
