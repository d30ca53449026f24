/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * How the process ends. As PID 1 of a container it gets no signal that it has no handler for:
 * without one, SIGTERM (`podman stop`) would do nothing for ten seconds and then be a SIGKILL.
 */
#pragma once

/**
 * Let SIGTERM, SIGINT and SIGHUP end the process with 128 + their number, unless the application
 * has a handler of its own already; one that it installs later takes their place. What stdout and
 * stderr have buffered is written then (flush.h), and the sockets that the process made are removed
 * (pmd/socket_made.h). SIGPIPE is ignored, as it is for PID 1: a backend that has gone must not end
 * the process.
 */
void exit_on_signals(void);
