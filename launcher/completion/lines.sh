#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# A shell's script as an array of its lines in C: completion.sh bash|zsh FILE
set -eu
echo '#include "completion/completion.h"'
echo "const char *const completion_$1[] = {"
sed -e 's/[\\"]/\\&/g' -e 's/\t/\\t/g' -e 's/.*/"&",/' "$2"
echo '0};'
