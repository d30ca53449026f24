/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a Pod says to others about its vhost-user ports, but for links among its own containers:
 * device-info of the Network Plumbing Working Group (its Device Information Specification 1.1.0),
 * and, where Multus and userspace-CNI are to make the switch's side, the networks and their
 * definitions.
 */
#pragma once

#include "generate/kube_pod.h"

/**
 * The annotations about ports.
 *
 * @param annotations  an object, which they are added to
 * @param err          -EINVAL: userspace-CNI can't make these ports; -ENOMEM
 */
int kube_network_annotate(
	const struct kube_source *source, struct json_t *annotations, struct cvio_error *err);

/**
 * A NetworkAttachmentDefinition for each port, if there is a bridge.
 *
 * @param documents  an array, which they are appended to
 */
int kube_network_define(
	const struct kube_source *source, struct json_t *documents, struct cvio_error *err);
