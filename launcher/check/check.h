/* SPDX-License-Identifier: BSD-3-Clause */
/* What the parts of `cvio check` share: the host that they look at, and the report that they write.
 */
#pragma once

#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/types.h>

struct cgroup;
struct cvio_error;
struct json_t;

enum check_result {
	CHECK_OK,
	CHECK_WARNING, /* it runs, but slower or with less than it could have */
	CHECK_FAILURE, /* no image runs, or not the one that was asked for */
};

struct check_line {
	char name[32];
	enum check_result result;
	char value[400];
	char remedy[400]; /* what mends it; "" where all is well */
};

/* Zeroed is empty. When memory runs out, `cut` is set and stays so. */
struct check_report {
	struct check_line *lines; /* owned */
	size_t count;
	bool cut;
	int exit_code; /* the first failure's; 0 without one */
};

/*
 * Everything that a check reads, so that a test can give another host: files by their folder, the
 * rest as values.
 */
struct check_host {
	const char *root; /* before /proc, /sys, /dev and /etc; "" is this host */
	uid_t uid;
	const char *user;        /* its name; NULL: it has none */
	const char *runtime_dir; /* XDG_RUNTIME_DIR, or NULL */
	struct rlimit files, locked, processes;
	int (*take_page)(void);      /* takes a hugepage and gives it back: 0 or a negative errno */
	const struct json_t *podman; /* of `podman info`; NULL: it couldn't be asked */
	const struct cvio_error *reason; /* why it couldn't; NULL if it could */
};

/* One check adds any number of lines; none means that it doesn't concern this user or host. */
typedef void check_function(const struct check_host *host, struct check_report *report);

/** Add a line without a remedy; a text that is too long is cut. */
void check_add(struct check_report *report, const char *name, enum check_result result,
	const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/** Give the last line that was added its remedy. */
void check_remedy(struct check_report *report, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/** The same for a command that takes root; says so to others. */
void check_remedy_root(const struct check_host *host, struct check_report *report, const char *fmt,
	...) __attribute__((format(printf, 3, 4)));

/** Print the report for people, in colours or without. */
void check_print(const struct check_report *report, bool colours, FILE *out);

/** Print the report as a JSON array of {name, result, value, remedy}. 0 or -ENOMEM. */
int check_print_json(const struct check_report *report, FILE *out);

void check_report_fini(struct check_report *report);

/**
 * Read a file of the host as text, without its last newline.
 *
 * @param fmt  of its path below the host's root
 * @return     the length, or a negative errno; the buffer is terminated in any case
 */
int check_read(const struct check_host *host, char *buf, size_t size, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/** Read a number, the kernel's "max" as UINT64_MAX. 0 or a negative errno. */
int check_read_number(const struct check_host *host, uint64_t *number, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/** Read a list of CPUs or nodes; an empty file is an empty set. 0 or a negative errno. */
int check_read_list(const struct check_host *host, cpu_set_t *set, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/** The caller's cgroup of a controller, as cgroup_find() has it. */
int check_cgroup(const struct check_host *host, const char *controller, struct cgroup *cgroup);

/** Whether a path is there. */
bool check_exists(const struct check_host *host, const char *path);

/**
 * The CPUs or the memory nodes that this process's cpuset has, from the cgroup of either version,
 * or from /proc/self/status.
 *
 * @param what  "cpus" or "mems"
 */
int check_cpuset(const struct check_host *host, const char *what, cpu_set_t *set);

/** The CPUs of this process's affinity, which may be fewer. */
int check_affinity(const struct check_host *host, cpu_set_t *set);

/* check_memory.c */
check_function check_hugepages, check_hugetlb_cgroup, check_hugepage_probe;
/** Take a hugepage of 2 MiB by a memfd, as images do, and give it back. 0 or a negative errno. */
int hugepage_take(void);

/* check_cpu.c */
check_function check_cpus, check_isolated, check_governor, check_level;

/* check_host.c */
check_function check_iommu, check_vhost_net, check_locked, check_files, check_lsm;

/* check_user.c */
check_function check_user_namespaces, check_subids, check_runtime_dir;
/* check_subids.c */
struct subids {
	uint64_t count; /* that the user has */
	uint64_t next;  /* the first that nobody has, nor anybody behind it */
};
/**
 * Read a file such as /etc/subuid; lines that aren't NAME:FIRST:COUNT are passed over.
 *
 * @param text  borrowed
 * @param user  the user's name, or NULL; a line may have the uid in its place
 */
void subids_read(const char *text, const char *user, uid_t uid, struct subids *ids);

/* check_podman.c */
check_function check_podman, check_engine, check_seccomp;

/* check_container.c */
/**
 * Start a container as `cvio run` does, with this very program in it, and remove it.
 *
 * @return  0; -EINTR when a signal came, with err filled in
 */
int check_container(
	const struct check_host *host, struct check_report *report, struct cvio_error *err);

#define _check_report_cleanup_ __attribute__((cleanup(check_report_fini)))
