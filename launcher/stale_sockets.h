/* SPDX-License-Identifier: BSD-3-Clause */
/* Sockets of an image that is no more. */
#pragma once

/**
 * Remove those that the ports of a container made and that nobody listens on.
 *
 * @param folder  a descriptor of the container's folder, with its container.json
 */
void stale_sockets_remove(int folder);
