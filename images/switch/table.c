/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A slot is valid if the port's generation is still the one that it holds and if it isn't too old.
 * So a port's addresses are forgotten at once, by counting its generation on, and without a lock;
 * the slots are freed later. Eight bits are enough: table_sweep() finds every dead slot within a
 * second, and a port that came and went 256 times in one would get back nothing but addresses that
 * were its own.
 */
#include "switch/table.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "switch/mac.h"

#define PORT_SHIFT 48
#define GENERATION_SHIFT 56

_Static_assert(TABLE_PORTS <= 1 << (GENERATION_SHIFT - PORT_SHIFT), "a port fits a slot's word");

static uint64_t word_read(const uint64_t *word)
{
	return __atomic_load_n(word, __ATOMIC_RELAXED);
}

static uint64_t word_make(uint64_t mac, unsigned port, uint8_t generation)
{
	return mac | (uint64_t)port << PORT_SHIFT | (uint64_t)generation << GENERATION_SHIFT;
}

static unsigned word_port(uint64_t word)
{
	return word >> PORT_SHIFT & 0xff;
}

static unsigned bucket_index(const struct table *t, uint64_t mac)
{
	uint64_t mixed = (mac ^ t->seed) * 0x9e3779b97f4a7c15;

	mixed = (mixed ^ mixed >> 32 ^ t->seed) * 0xd6e8feb86659fd93;
	return mixed >> 32 & (TABLE_BUCKETS - 1);
}

/* Signed, since another thread may be a second ahead. */
static bool slot_valid(
	const struct table *t, const struct table_bucket *b, unsigned i, uint32_t now)
{
	uint64_t word = word_read(&b->word[i]);
	uint32_t seen = __atomic_load_n(&b->seen[i], __ATOMIC_RELAXED);

	return word != 0 && word >> GENERATION_SHIFT == table_generation(t, word_port(word)) &&
	       (int32_t)(now - seen) <= (int32_t)t->ageing;
}

void table_init(struct table *t, uint64_t seed, uint32_t ageing)
{
	memset(t, 0, sizeof(*t));
	t->seed = seed;
	t->ageing = ageing;
}

void table_prefetch(const struct table *t, uint64_t mac)
{
	const struct table_bucket *b = &t->bucket[bucket_index(t, mac)];

	__builtin_prefetch(b->word);
	__builtin_prefetch(b->seen);
}

uint8_t table_generation(const struct table *t, unsigned port)
{
	return __atomic_load_n(&t->generation[port], __ATOMIC_ACQUIRE);
}

void table_forget(struct table *t, unsigned port)
{
	__atomic_add_fetch(&t->generation[port], 1, __ATOMIC_RELEASE);
}

/* The slot of an address, valid or not, or -1. */
static int slot_find(const struct table_bucket *b, uint64_t mac)
{
	for (unsigned i = 0; i < TABLE_WAYS; i++)
		if ((word_read(&b->word[i]) & MAC_MASK) == mac)
			return (int)i;
	return -1;
}

/* Where to put a new address of a port: a slot that isn't in use, else as table.h says. */
static unsigned slot_choose(
	const struct table *t, const struct table_bucket *b, unsigned port, uint32_t now)
{
	unsigned held[TABLE_PORTS] = {0}, victim = port, slot = 0;
	uint32_t oldest = 0;

	for (unsigned i = 0; i < TABLE_WAYS; i++) {
		if (!slot_valid(t, b, i, now))
			return i;
		held[word_port(word_read(&b->word[i]))]++;
	}
	for (unsigned p = 0; p < TABLE_PORTS; p++)
		if (held[p] > held[victim])
			victim = p;
	for (unsigned i = 0; i < TABLE_WAYS; i++) {
		uint32_t age = now - __atomic_load_n(&b->seen[i], __ATOMIC_RELAXED) + 1;

		if (word_port(word_read(&b->word[i])) == victim && age > oldest) {
			oldest = age;
			slot = i;
		}
	}
	return slot;
}

static void slot_write(struct table_bucket *b, unsigned i, uint64_t word, uint32_t now)
{
	__atomic_store_n(&b->seen[i], now, __ATOMIC_RELAXED);
	__atomic_store_n(&b->word[i], word, __ATOMIC_RELAXED);
}

enum table_learned table_learn(
	struct table *t, uint64_t mac, unsigned port, uint8_t generation, uint32_t now)
{
	struct table_bucket *b = &t->bucket[bucket_index(t, mac)];
	uint64_t word = word_make(mac, port, generation);
	int i = slot_find(b, mac);
	enum table_learned learned;

	if (i < 0) {
		slot_write(b, slot_choose(t, b, port, now), word, now);
		return TABLE_NEW;
	}
	if (word_read(&b->word[i]) == word) {
		/* seldom written, so that the line stays in every CPU's cache */
		if (__atomic_load_n(&b->seen[i], __ATOMIC_RELAXED) == now)
			return TABLE_KNOWN;
		learned = slot_valid(t, b, (unsigned)i, now) ? TABLE_KNOWN : TABLE_NEW;
	} else {
		learned = slot_valid(t, b, (unsigned)i, now) ? TABLE_MOVED : TABLE_NEW;
	}
	slot_write(b, (unsigned)i, word, now);
	return learned;
}

int table_find(const struct table *t, uint64_t mac, uint32_t now)
{
	const struct table_bucket *b = &t->bucket[bucket_index(t, mac)];
	int i = slot_find(b, mac);

	if (i < 0 || !slot_valid(t, b, (unsigned)i, now))
		return -ENOENT;
	return (int)word_port(word_read(&b->word[i]));
}

void table_sweep(struct table *t, uint32_t now)
{
	for (struct table_bucket *b = t->bucket; b < t->bucket + TABLE_BUCKETS; b++)
		for (unsigned i = 0; i < TABLE_WAYS; i++)
			if (word_read(&b->word[i]) != 0 && !slot_valid(t, b, i, now))
				__atomic_store_n(&b->word[i], 0, __ATOMIC_RELAXED);
}

void table_count(const struct table *t, uint32_t now, unsigned count[TABLE_PORTS])
{
	memset(count, 0, TABLE_PORTS * sizeof(*count));
	for (const struct table_bucket *b = t->bucket; b < t->bucket + TABLE_BUCKETS; b++)
		for (unsigned i = 0; i < TABLE_WAYS; i++)
			if (slot_valid(t, b, i, now))
				count[word_port(word_read(&b->word[i]))]++;
}
