/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Containers as a Kubernetes Pod, for a cluster or for `podman kube play`. They differ in how CPUs,
 * hugepages and the seccomp profile are asked for. Pure: from values to JSON.
 */
#pragma once

#include <stdbool.h>

#include "image/image.h"
#include "pmd/grammar/memory_spec.h"
#include "run/plan.h"

struct cvio_error;
struct json_t;

#define KUBE_NAME_MAX 63 /* bytes: RFC 1123 */

/* All borrowed. */
struct kube_container {
	const struct run_plan *plan;
	const char *cpus;          /* a list, which the plan has for root only; "": any */
	struct memory_spec memory; /* of size 0: unknown */
	struct image_user user;
};

struct kube_source {
	const char *form; /* for messages: "kube" */
	const char *name; /* the Pod's */
	const struct kube_container *containers;
	size_t count;
	const struct words *links; /* folders that only these containers share */
	const char *bridge; /* Open vSwitch's, which userspace-CNI adds the ports to; NULL: none */
	bool podman;        /* for podman kube play */
};

/**
 * Make the Pod.
 *
 * @param pod  a new reference on success
 * @param err  -EINVAL, CVIO_EXIT_CONFIG: what a Pod can't express; -ENOMEM
 */
int kube_pod(const struct kube_source *source, struct json_t **pod, struct cvio_error *err);

/** Whether only the Pod's containers use a folder. */
bool kube_is_link(const struct kube_source *source, const char *folder);
