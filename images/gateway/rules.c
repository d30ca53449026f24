/* SPDX-License-Identifier: BSD-3-Clause */
#include "gateway/rules.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "pmd/grammar/error.h"

#define WORD_LEN 64 /* the longest rule is an IPv6 address of 45 bytes */

enum { ICMP = 1, TCP = 6, UDP = 17, ICMPV6 = 58 };

static bool number_read(const char *text, unsigned long max, uint16_t *number)
{
	char *end;
	unsigned long n;

	if (!isdigit((unsigned char)text[0]))
		return false;
	n = strtoul(text, &end, 10);
	*number = (uint16_t)n;
	return *end == '\0' && n <= max;
}

static bool address_read(const char *text, struct rule *rule)
{
	rule->version = 4;
	if (inet_pton(AF_INET, text, rule->address) == 1)
		return true;
	rule->version = 6;
	return inet_pton(AF_INET6, text, rule->address) == 1;
}

static bool rule_read(const char *word, struct rule *rule)
{
	static const struct {
		const char *name; /* with a colon: a value follows */
		enum rule_kind kind;
		unsigned long max;
	} known[] = {
		{"all", RULE_ALL, 0},
		{"arp", RULE_ARP, 0},
		{"icmp", RULE_ICMP, 0},
		{"tcp:", RULE_TCP, UINT16_MAX},
		{"udp:", RULE_UDP, UINT16_MAX},
		{"proto:", RULE_PROTO, UINT8_MAX},
		{"ip:", RULE_IP, 0},
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		size_t len = strlen(known[i].name);

		if (strncmp(word, known[i].name, len) != 0)
			continue;
		*rule = (struct rule){.kind = known[i].kind};
		if (rule->kind == RULE_IP)
			return address_read(word + len, rule);
		return known[i].max == 0 ? word[len] == '\0'
					 : number_read(word + len, known[i].max, &rule->number);
	}
	return false;
}

/* What is too long is cut, and no rule has signs that would steer a terminal. */
static void word_copy(char word[static WORD_LEN], const char *text, size_t len)
{
	if (len >= WORD_LEN)
		len = WORD_LEN - 1;
	for (size_t i = 0; i < len; i++)
		word[i] = iscntrl((unsigned char)text[i]) ? '?' : text[i];
	word[len] = '\0';
}

int rules_add(struct rules *rules, const char *text, struct cvio_error *err)
{
	for (const char *at = text, *next; at != NULL; at = next) {
		size_t len = strcspn(at, ",");
		char word[WORD_LEN];

		next = at[len] == ',' ? at + len + 1 : NULL;
		if (rules->count == RULES_MAX)
			return cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL,
				"--kernel: at most %d rules are possible; name fewer", RULES_MAX);
		word_copy(word, at, len);
		if (len >= WORD_LEN || !rule_read(word, &rules->list[rules->count]))
			return cvio_error_set(err, CVIO_EXIT_CONFIG, -EINVAL,
				"--kernel %s: no such rule; " RULES_TEXT " is wanted", word);
		rules->count++;
	}
	return 0;
}

static bool rule_fits(const struct rule *rule, const struct facts *f)
{
	bool port = f->has_ports && (f->from == rule->number || f->to == rule->number);

	switch (rule->kind) {
	case RULE_ALL:
		return true;
	case RULE_ARP:
		return f->arp;
	case RULE_ICMP:
		return (f->version == 4 && f->proto == ICMP) ||
		       (f->version == 6 && f->proto == ICMPV6);
	case RULE_TCP:
		return port && f->proto == TCP;
	case RULE_UDP:
		return port && f->proto == UDP;
	case RULE_PROTO:
		return f->version != 0 && f->proto == rule->number;
	case RULE_IP:
		return f->version == rule->version &&
		       memcmp(f->address, rule->address, f->version == 4 ? 4 : 16) == 0;
	}
	return false;
}

bool rules_fit(const struct rules *rules, const struct facts *facts)
{
	for (size_t i = 0; i < rules->count; i++)
		if (rule_fits(&rules->list[i], facts))
			return true;
	return rules->count == 0;
}
