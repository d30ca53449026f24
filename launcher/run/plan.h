/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What `cvio run` is about to do, once the host and the image were checked, and its one translation
 * to podman's command line. A plan holds host facts only as values, so that the translation is a
 * pure function. It owns nothing.
 */
#pragma once

#include <stdbool.h>
#include <stdio.h>

#include "pmd/grammar/port_spec.h"
#include "pmd/grammar/words.h"

struct run_plan {
	const char *image;
	const char *name;
	const char *run_id; /* by which the container is found again; NULL: it isn't ours to find */
	bool detach;
	bool tty;    /* standard input and output are a terminal, which the application gets */
	bool docker; /* for docker, which has fewer options */
	bool image_seccomp;          /* the image brings its own profile */
	const char *seccomp_file;    /* a copy of it, for an engine that wants a file; NULL: none */
	const char *cpus;            /* NULL: as podman has it */
	const char *lcores;          /* CVIO_LCORES; NULL: not set */
	const char *memory;          /* CVIO_MEMORY; NULL: not set */
	const char *ports;           /* CVIO_PORTS; NULL: not set */
	const char *mems;            /* NUMA nodes for its memory; NULL: as podman has it */
	const char *hugepages_dir;   /* a hugetlbfs, for /dev/hugepages inside; NULL: none */
	const char *runtime_dir;     /* for EAL's own files and sockets; NULL: none */
	const char *notify_dir;      /* holds ready.sock; NULL: none */
	const char *pid_file;        /* that podman writes at the start; NULL: none */
	unsigned long nofile;        /* open files */
	unsigned long nproc;         /* processes and threads of the container's user */
	const struct words *folders; /* on the host, with sockets */
	const struct words *targets; /* where each of them is mounted */
	const struct words *devices; /* nodes of the host's, by path; NULL: none */
	const struct words *wired;   /* ports for wire.h; NULL: none */
	bool locks_memory;           /* a NIC's DMA is to be able to pin all of its memory */
	const struct words *groups;  /* gids, beside the user's own; NULL: none */
	const struct words *hooks;   /* folders with OCI hooks; NULL: podman's own */
	const struct words *podman_args;
	const struct words *app_args;
};

/**
 * Build podman's command line.
 *
 * @param plan  borrowed
 * @param argv  the words are appended, from "podman" on
 * @return      0 or -ENOMEM
 */
int plan_argv(const struct run_plan *plan, struct words *argv);

/** Print that command line, an option a line, quoted for a shell. Returns 0 or -ENOMEM. */
int plan_print(const struct run_plan *plan, FILE *out);

/**
 * Copy a message of the image, with the host's folder where it names one that is mounted elsewhere:
 * the user knows only that.
 *
 * @param buf  filled in and terminated; what is too long is cut
 */
void plan_outside(const struct run_plan *plan, const char *text, char *buf, size_t size);
