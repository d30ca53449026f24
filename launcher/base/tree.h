/* SPDX-License-Identifier: BSD-3-Clause */
/* Removing a folder with all that is in it. */
#pragma once

/**
 * Remove a folder and what is in it. Others may be able to write there: no symbolic link is
 * followed, and no mount entered, which then stays with the folders above it.
 *
 * @param path  of the folder; gone already is well
 * @return      0, or the negative errno of what could not be removed; the rest is
 */
int tree_remove(const char *path);
