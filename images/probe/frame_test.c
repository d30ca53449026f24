/* SPDX-License-Identifier: BSD-3-Clause */
/* Frames: what is built is found good; whatever is changed in it is found. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "probe/frame.h"

#define RUN 0x12345678

static const uint16_t sizes[] = {64, 65, 71, 128, 256, 512, 1024, 1517, 1518, 9018};

static const uint8_t mac_a[FRAME_MAC_LEN] = {2, 0, 0, 0, 0, 1},
		     mac_b[FRAME_MAC_LEN] = {2, 0, 0, 0, 0, 2};

static const struct frame_tag sample = {.time = 0x1122334455667788, .sequence = 77, .stream = 3};

static void frame_make(struct frame_template *t, uint16_t phase, uint16_t size, uint8_t *data)
{
	frame_template_init(t, RUN, phase, size);
	frame_fill(t, data);
	frame_address(data, mac_a, mac_b);
	frame_stamp(t, data, &sample);
}

static void test_crc32c(void **state)
{
	(void)state;
	/* The check value of CRC-32/ISCSI, and RFC 3720 B.4. */
	uint8_t zeros[32] = {0};

	assert_int_equal(~frame_crc32c(~0U, "123456789", 9), 0xe3069283);
	assert_int_equal(~frame_crc32c(~0U, zeros, sizeof(zeros)), 0x8a9136aa);
}

static void test_round_trip(void **state)
{
	struct frame_template t;
	uint8_t data[FRAME_LEN_MAX];
	struct frame_tag tag;
	uint32_t crc;

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		frame_make(&t, 1, sizes[i], data);
		assert_int_equal(t.len, sizes[i] - FRAME_FCS_LEN);
		assert_int_equal(frame_check(&t, data, t.len, t.len, &tag), FRAME_GOOD);
		assert_int_equal(tag.time, sample.time);
		assert_int_equal(tag.sequence, sample.sequence);
		assert_int_equal(tag.stream, sample.stream);
		/* The checksum in the frame is that of all bytes after the Ethernet header,
		 * computed in one go. */
		memcpy(&crc, &data[t.len - 4], sizeof(crc));
		assert_int_equal(crc, ~frame_crc32c(~0U, &data[14], t.len - 14 - 4));
	}
}

static void test_addresses_may_change(void **state)
{
	struct frame_template t;
	uint8_t data[FRAME_LEN_MAX];
	struct frame_tag tag;

	(void)state;
	frame_make(&t, 1, 64, data);
	assert_memory_equal(data, mac_a, FRAME_MAC_LEN);
	assert_memory_equal(data + FRAME_MAC_LEN, mac_b, FRAME_MAC_LEN);
	frame_address(data, mac_b, mac_a);
	assert_int_equal(frame_check(&t, data, t.len, t.len, &tag), FRAME_GOOD);
}

/* Any single bit after the addresses: never good; after the head always damaged. */
static void test_every_bit_counts(void **state)
{
	struct frame_template t;
	uint8_t data[FRAME_LEN_MAX];
	struct frame_tag tag;

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		frame_make(&t, 1, sizes[i], data);
		for (size_t bit = 12 * 8; bit < t.len * 8U; bit++) {
			enum frame_verdict verdict;

			data[bit / 8] ^= 1 << bit % 8;
			verdict = frame_check(&t, data, t.len, t.len, &tag);
			data[bit / 8] ^= 1 << bit % 8;
			assert_int_not_equal(verdict, FRAME_GOOD);
			if (bit >= 26 * 8)
				assert_int_equal(verdict, FRAME_DAMAGED);
		}
	}
}

static void test_length(void **state)
{
	static const struct {
		int have, len;
		enum frame_verdict verdict;
	} cases[] = {
		{508, 508, FRAME_GOOD},
		{507, 507, FRAME_DAMAGED}, /* cut */
		{509, 509, FRAME_DAMAGED}, /* grown */
		{256, 508, FRAME_DAMAGED}, /* in segments */
		{26, 26, FRAME_DAMAGED},   /* the head alone */
		{25, 25, FRAME_FOREIGN},   /* too short to tell whose it is */
		{0, 0, FRAME_FOREIGN},
	};
	struct frame_template t;
	uint8_t data[FRAME_LEN_MAX];
	struct frame_tag tag;

	(void)state;
	frame_make(&t, 1, 512, data);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(
			frame_check(&t, data, cases[i].have, cases[i].len, &tag), cases[i].verdict);
}

static void test_not_of_this_phase(void **state)
{
	struct frame_template t, other;
	uint8_t data[FRAME_LEN_MAX];
	struct frame_tag tag;

	(void)state;
	frame_make(&t, 1, 64, data);
	frame_template_init(&other, RUN, 2, 64);
	assert_int_equal(frame_check(&other, data, t.len, t.len, &tag), FRAME_LATE);
	frame_template_init(&other, RUN + 1, 1, 64);
	assert_int_equal(frame_check(&other, data, t.len, t.len, &tag), FRAME_FOREIGN);
	memset(data, 0, sizeof(data));
	assert_int_equal(frame_check(&t, data, 60, 60, &tag), FRAME_FOREIGN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_crc32c),
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_addresses_may_change),
		cmocka_unit_test(test_every_bit_counts),
		cmocka_unit_test(test_length),
		cmocka_unit_test(test_not_of_this_phase),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
