/* SPDX-License-Identifier: BSD-3-Clause */
/* What the ports of an image that is no more have left on the host. */
#pragma once

struct json_t;

/** A container's description in its folder: a new reference, NULL if there is none. To be read
 * before the container is removed, since its hook removes the folder. */
struct json_t *stale_ports_read(int folder);

/**
 * Remove the sockets that the ports of an ended container made and that nobody listens on, and
 * their taps.
 *
 * @param description  as stale_ports_read() has it; NULL: none
 * @param run_id       that the taps have as their owner
 */
void stale_ports_remove(const struct json_t *description, const char *run_id);
