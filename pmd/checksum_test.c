/* SPDX-License-Identifier: BSD-3-Clause */
/* Tests of IPv4 header checksums: which headers are found, what is said of them, what is put in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include <rte_ip.h>
#include <rte_mbuf.h>

#include "pmd/checksum.h"

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))
#define GOOD RTE_MBUF_F_RX_IP_CKSUM_GOOD
#define BAD RTE_MBUF_F_RX_IP_CKSUM_BAD

#define ADDRESSES 2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2
/* the example of RFC 1071's literature: its checksum is b861 */
#define HEADER(version_ihl, sum)                                                                 \
	version_ihl, 0, 0, 0x73, 0, 0, 0x40, 0, 0x40, 0x11, (sum) >> 8, (sum) % 256, 0xc0, 0xa8, \
		0, 1, 0xc0, 0xa8, 0, 0xc7

static struct rte_mbuf mbuf_of(uint8_t *data, uint16_t len)
{
	return (struct rte_mbuf){.buf_addr = data, .data_len = len, .pkt_len = len, .nb_segs = 1};
}

static void test_received(void **state)
{
	static const struct {
		uint8_t data[64];
		uint16_t len;
		uint64_t flags;
	} table[] = {
		{{ADDRESSES, 8, 0, HEADER(0x45, 0xb861)}, 34, GOOD},
		{{ADDRESSES, 8, 0, HEADER(0x45, 0xb862)}, 34, BAD},
		/* with one tag, with two, with three, which is one too many */
		{{ADDRESSES, 0x81, 0, 0, 5, 8, 0, HEADER(0x45, 0xb861)}, 38, GOOD},
		{{ADDRESSES, 0x88, 0xa8, 0, 5, 0x81, 0, 0, 6, 8, 0, HEADER(0x45, 0xb861)}, 42,
			GOOD},
		{{ADDRESSES, 0x81, 0, 0, 5, 0x81, 0, 0, 6, 0x81, 0, 0, 7, 8, 0,
			 HEADER(0x45, 0xb861)},
			46, 0},
		/* options: 24 bytes, of which the last 4 are zeros, so the sum differs by the
		   length */
		{{ADDRESSES, 8, 0, HEADER(0x46, 0xb761)}, 38, GOOD},
		/* not whole, not IPv4, impossible */
		{{ADDRESSES, 8, 0, HEADER(0x45, 0xb861)}, 33, 0},
		{{ADDRESSES, 8, 0, HEADER(0x46, 0xb761)}, 37, 0},
		{{ADDRESSES, 8, 0, HEADER(0x65, 0xb861)}, 34, 0},
		{{ADDRESSES, 8, 0, HEADER(0x44, 0xb861)}, 34, 0},
		{{ADDRESSES, 0x86, 0xdd, HEADER(0x45, 0xb861)}, 34, 0},
		{{ADDRESSES, 8, 0}, 14, 0},
		{{ADDRESSES, 0x81, 0}, 14, 0},
		{{ADDRESSES}, 13, 0},
		{{0}, 0, 0},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		uint8_t data[64];
		struct rte_mbuf mbuf = mbuf_of(data, table[i].len), *frame = &mbuf;

		memcpy(data, table[i].data, sizeof(data));
		mbuf.ol_flags = RTE_MBUF_F_RX_VLAN;
		checksum_received(&frame, 1);
		assert_int_equal(mbuf.ol_flags, RTE_MBUF_F_RX_VLAN | table[i].flags);
		assert_memory_equal(data, table[i].data, sizeof(data));
	}
}

static void test_to_send(void **state)
{
	uint8_t asked[] = {ADDRESSES, 8, 0, HEADER(0x45, 0x1234)};
	uint8_t plain[] = {ADDRESSES, 8, 0, HEADER(0x45, 0x1234)};
	struct rte_mbuf mbufs[] = {
		mbuf_of(asked, sizeof(asked)),
		mbuf_of(plain, sizeof(plain)),
	};
	struct rte_mbuf *frames[] = {&mbufs[0], &mbufs[1]};

	(void)state;
	mbufs[0].l2_len = 14;
	mbufs[0].ol_flags = RTE_MBUF_F_TX_IP_CKSUM | RTE_MBUF_F_TX_IPV4;
	checksum_to_send(frames, 2);
	assert_int_equal(asked[24] << 8 | asked[25], 0xb861);
	assert_int_equal(mbufs[0].ol_flags, RTE_MBUF_F_TX_IPV4);
	assert_int_equal(plain[24] << 8 | plain[25], 0x1234);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_received),
		cmocka_unit_test(test_to_send),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
