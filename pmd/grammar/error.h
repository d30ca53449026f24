/* SPDX-License-Identifier: BSD-3-Clause */
/* What went wrong: built where the failure is known, carried upward, printed once by the program's
 * main. */
#pragma once

/*
 * Exit codes of the image contract (docs/contract.md); their numbers are those of BSD's sysexits.
 */
enum cvio_exit {
	CVIO_EXIT_OK = 0,
	CVIO_EXIT_CONFIG = 64,      /* a value that the user gave is wrong */
	CVIO_EXIT_UNFIT = 65,       /* the image isn't for this CPU */
	CVIO_EXIT_UNAVAILABLE = 69, /* a backend or a device could not be reached */
	CVIO_EXIT_SOFTWARE = 70,    /* anything else */
	CVIO_EXIT_MEMORY = 71,      /* not enough memory */
};

struct cvio_error {
	int exit_code;  /* what the process is to end with */
	char text[512]; /* one line without its newline: the value, the place, the remedy */
};

/**
 * Fill in an error.
 *
 * @param err        where to; may be NULL, then only the return value is of use
 * @param exit_code  one of enum cvio_exit, or a program's own
 * @param result     what to return: a negative errno
 * @param fmt        printf format of the text; a text that is too long is cut
 * @return           result, so that a caller can write `return cvio_error_set(…)`
 */
int cvio_error_set(struct cvio_error *err, int exit_code, int result, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
