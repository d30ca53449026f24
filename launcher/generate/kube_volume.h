/* SPDX-License-Identifier: BSD-3-Clause */
/* A Pod's volumes: folders with sockets, and what memory "mount" needs. */
#pragma once

#include "generate/kube_pod.h"

/** An array of all containers' volumes. */
struct json_t *kube_volumes(const struct kube_source *source);

/** An array of where one container mounts them. */
struct json_t *kube_mounts(const struct kube_source *source, size_t container);
