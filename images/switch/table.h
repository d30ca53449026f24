/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The addresses that the switch has learned: which port an address is behind. Pure, for its tests.
 *
 * The VLAN isn't part of the key: an address is behind one port, whatever tag its frames carry.
 *
 * The table has a fixed size and never fills up. An address belongs in one bucket of TABLE_WAYS
 * slots; when those are taken, the port that holds most of them gives up the one that it used
 * longest ago. So a port that sends from ever new addresses pushes out its own, and takes none from
 * a port that holds no more than it. Which addresses share a bucket depends on a seed that nobody
 * outside knows.
 *
 * Any thread may call any function at any time: a slot's address, port and generation are one
 * 64-bit word. Threads that learn at the same moment may lose an address, which is learned again
 * from its next frame; what is found is never a mixture.
 */
#pragma once

#include <stdint.h>

#define TABLE_WAYS 8
#define TABLE_BUCKETS 2048 /* a power of two */
#define TABLE_SIZE (TABLE_BUCKETS * TABLE_WAYS)
#define TABLE_PORTS 32

struct table_bucket {
	uint64_t word[TABLE_WAYS]; /* 0: free */
	uint32_t seen[TABLE_WAYS]; /* when a frame last came from there, in seconds */
} __attribute__((aligned(128)));

struct table {
	uint64_t seed;
	uint32_t ageing; /* seconds */
	uint8_t generation[TABLE_PORTS];
	struct table_bucket bucket[TABLE_BUCKETS];
};

enum table_learned {
	TABLE_KNOWN, /* it is where it was */
	TABLE_NEW,
	TABLE_MOVED, /* from another port, or from an earlier life of this one */
};

/**
 * Empty the table.
 *
 * @param seed    random; any value works
 * @param ageing  an address without a frame for more than so many seconds is forgotten
 */
void table_init(struct table *t, uint64_t seed, uint32_t ageing);

/** Ask the CPU to load what table_learn() or table_find() of the address will read. */
void table_prefetch(const struct table *t, uint64_t mac);

/** Which life of a port it is: taken before frames are received, for table_learn(). */
uint8_t table_generation(const struct table *t, unsigned port);

/** Forget all addresses of a port, those too that are still to be learned of its present life. */
void table_forget(struct table *t, unsigned port);

/**
 * Note that a frame came from an address.
 *
 * @param mac         as mac_load() gives it, not 0
 * @param port        less than TABLE_PORTS
 * @param generation  of the port when the frame was received
 * @param now         seconds, of any origin, never going back
 */
enum table_learned table_learn(
	struct table *t, uint64_t mac, unsigned port, uint8_t generation, uint32_t now);

/** The port that an address is behind, or -ENOENT. */
int table_find(const struct table *t, uint64_t mac, uint32_t now);

/** Free the slots of forgotten addresses; to be called once a second or so. */
void table_sweep(struct table *t, uint32_t now);

/** How many addresses each port has. */
void table_count(const struct table *t, uint32_t now, unsigned count[TABLE_PORTS]);
