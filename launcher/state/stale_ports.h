/* SPDX-License-Identifier: BSD-3-Clause */
/* What the ports of an image that is no more have left on the host. */
#pragma once

/**
 * Remove the sockets that the ports of a container made and that nobody listens on, and their taps.
 *
 * @param folder  a descriptor of the container's folder, with its container.json
 * @param run_id  that the taps have as their owner
 */
void stale_ports_remove(int folder, const char *run_id);
