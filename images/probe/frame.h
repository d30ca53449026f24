/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The frames that the probe sends, and how it tells what came back. Pure: no DPDK, so that it can
 * be tested alone.
 *
 *     Ethernet header (14) | head: magic, run, phase, length (12) | pattern | tail: time, sequence,
 * stream, CRC (24)
 *
 * What differs from frame to frame stands last. So everything before it is written once into each
 * buffer, its share of the checksum is computed once a row, and a frame costs its sender 24 bytes
 * whatever its size. The checksum, CRC32C, covers all that follows the Ethernet header; the header
 * is left out because a forwarder may rewrite both addresses.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define FRAME_ETHERTYPE 0x88b5 /* IEEE 802 local experimental 1 */
#define FRAME_MAC_LEN 6        /* bytes */
#define FRAME_FCS_LEN 4        /* bytes that a frame has on a wire and not in a buffer */
#define FRAME_SIZE_MIN 64      /* bytes, FCS counted as in RFC 2544 */
#define FRAME_SIZE_MAX 9018    /* with 9000 bytes for IP, as jumbo frames usually have */
#define FRAME_LEN_MAX (FRAME_SIZE_MAX - FRAME_FCS_LEN) /* bytes in a buffer */

enum frame_verdict {
	FRAME_GOOD,
	FRAME_FOREIGN, /* not sent by this run of the probe */
	FRAME_LATE,    /* sent by this run, in an earlier phase */
	FRAME_DAMAGED, /* ours, but its length or content is not what was sent */
};

/* What all frames of a phase have in common. */
struct frame_template {
	uint32_t run;   /* tells this run of the probe from others on the same network */
	uint16_t phase; /* tells its phases from each other */
	uint16_t len;   /* bytes in a buffer */
	uint16_t tail;  /* offset of the first byte that differs from frame to frame */
	uint32_t
		crc; /* of what stands between the Ethernet header and the tail, not inverted yet */
	uint8_t bytes[FRAME_LEN_MAX];
};

/* What tells one frame from the next. */
struct frame_tag {
	uint64_t time;     /* in any unit: the sender's alone */
	uint64_t sequence; /* counts from 0 in each stream */
	uint32_t stream;
};

/** CRC32C (Castagnoli) of len bytes: pass ~0 as crc at first, invert the last result. */
uint32_t frame_crc32c(uint32_t crc, const void *data, size_t len);

/**
 * Prepare a phase.
 *
 * @param size  of a frame, FRAME_SIZE_MIN to FRAME_SIZE_MAX, FCS counted
 */
void frame_template_init(struct frame_template *t, uint32_t run, uint16_t phase, uint16_t size);

/** Write what is common to all frames of the phase into a buffer of at least t->len bytes. */
void frame_fill(const struct frame_template *t, void *data);

/** Set both addresses: a buffer may last have gone to another port. */
void frame_address(void *data, const uint8_t dst[FRAME_MAC_LEN], const uint8_t src[FRAME_MAC_LEN]);

/** Make the frame in a buffer, once filled, the one that tag says: tail and checksum. */
void frame_stamp(const struct frame_template *t, void *data, const struct frame_tag *tag);

/**
 * Judge a frame that came in.
 *
 * @param data  its first bytes
 * @param have  how many bytes of it stand at data
 * @param len   bytes of the whole frame, no FCS; at least have
 * @param tag   filled in if the frame is good, else left alone
 */
enum frame_verdict frame_check(const struct frame_template *t, const void *data, size_t have,
	size_t len, struct frame_tag *tag);
