#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# The gateway image between an emulated NIC, which has no TSO, and the kernel's vhost-net, by `cvio run` in a VM:
# gateway_guest.sh.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/vm.sh"
test_begin "$@"
vm_nic
vm_begin
vm_add_podman localhost/cvio/gateway
vm_add driverctl
vm_add sha256sum
vm_page page.sh '## The gateway' 'By default'
vm_page page-fallback.sh '## Without vhost-net' 'The interface is the same'
vm_run 480 "$top/tests/kernel/gateway_guest.sh"
grep '^kernel: ' "$dir/vm-output.log"
