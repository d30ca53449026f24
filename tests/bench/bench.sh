#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# All benchmarks: figures, side by side in one run; no limit is checked. RUNS=N for more runs of each.
set -eu
here=$(dirname "$0")
"$here/startup.sh" "$1"
"$here/launch.sh" "$1"
"$here/throughput.sh" "$1"
"$here/kernel.sh" "$1"
