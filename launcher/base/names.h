/* SPDX-License-Identifier: BSD-3-Clause */
/* Names that several parts of the launcher must agree on: labels on containers, and folders inside
 * them. */
#pragma once

#define RUN_ID_PREFIX "cvio-"         /* of the launcher's name for a run, and of its folder */
#define CONTAINER_LABEL "io.cvio.run" /* on each container: the launcher's name for this run */

#define INNER_FOLDER "/run/cvio" /* inside, for mounts that can't have the host's path */
#define INNER_RUNTIME_FOLDER INNER_FOLDER "/telemetry" /* inside, for EAL's own files */

#define CHAIN_LABEL "io.cvio.chain"                     /* the chain's name */
#define CHAIN_LABEL_CONTAINER "io.cvio.chain.container" /* the container's name in it */
#define CHAIN_LABEL_HASH "io.cvio.chain.hash"           /* of what it was started with */
#define CHAIN_LABEL_LEVEL "io.cvio.chain.level"         /* those of a higher one need it */
