/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Which frames of a fast port are the kernel's: a list of rules, of which one has to fit. Pure, for
 * its tests.
 *
 *     all | arp | icmp | tcp:PORT | udp:PORT | proto:NUMBER | ip:ADDRESS
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cvio_error;

#define RULES_MAX 64
#define RULES_TEXT "all, arp, icmp, tcp:PORT, udp:PORT, proto:NUMBER or ip:ADDRESS"

enum rule_kind { RULE_ALL, RULE_ARP, RULE_ICMP, RULE_TCP, RULE_UDP, RULE_PROTO, RULE_IP };

struct rule {
	enum rule_kind kind;
	uint16_t number;     /* a port or a protocol */
	uint8_t version;     /* of the address: 4 or 6 */
	uint8_t address[16]; /* the destination's */
};

/* None: all frames are the kernel's. */
struct rules {
	struct rule list[RULES_MAX];
	size_t count;
};

/* What rules look at in a frame. */
struct facts {
	bool arp;
	uint8_t version; /* of IP; 0: another frame */
	uint8_t proto;   /* IANA's number of the protocol in IP */
	bool has_ports;  /* of TCP or UDP; a later fragment has none */
	uint16_t from, to;
	uint8_t address[16]; /* the destination's */
};

/**
 * Add rules, separated by commas.
 *
 * @param err  on failure: CVIO_EXIT_CONFIG and a text that names the rule
 * @return     0, or -EINVAL
 */
int rules_add(struct rules *rules, const char *text, struct cvio_error *err);

bool rules_fit(const struct rules *rules, const struct facts *facts);
