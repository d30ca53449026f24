#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# vhost-kernel ports on the kernel's vhost-net, by `cvio run` with podman and runc in a VM, and by an OCI bundle with runc alone:
# launcher_guest.sh.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/vm.sh"
test_begin "$@"
vm_begin
vm_add_podman localhost/cvio/testpmd localhost/cvio/l2fwd
vm_add pgrep
vm_add setpriv
vm_page page.sh '## An application of your own' '`cvio run`'
vm_run 300 "$top/tests/kernel/launcher_guest.sh"
grep '^kernel: ' "$dir/vm-output.log"
