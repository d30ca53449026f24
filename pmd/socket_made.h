/* SPDX-License-Identifier: BSD-3-Clause */
/* The sockets that this process makes: the ports' and that of telemetry. None outlives it. */
#pragma once

/**
 * Remove a socket that this process makes when it ends by exit(), or when socket_made_remove() says
 * so.
 *
 * @param path  borrowed for the process's life
 */
void socket_made_note(const char *path);

/** Remove all of them. For signal handlers as well: it takes no lock. */
void socket_made_remove(void);
