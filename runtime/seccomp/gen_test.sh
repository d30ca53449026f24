#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# gen_test.sh GENERATOR BOOT_LIST: bad lists are refused, each at its line, and leave no profile; good ones give exactly
# the profile expected, and so does the list that images are built with.
set -eu
gen=$(realpath "$1")
boot_list=$(realpath "$2")
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
failures=0

fail() {
	echo "FAIL: $1"
	shift
	printf '    %s\n' "$@"
	failures=$((failures + 1))
}

# refused NAME LINE MESSAGE LIST: LIST (for printf) is refused at LINE with MESSAGE. An old profile stands in the way.
refused() {
	printf "$4" >list
	echo old >out
	status=0
	"$gen" list out >stdout 2>stderr || status=$?
	[ $status -eq 1 ] || fail "$1" "exit status $status"
	[ "$(cat stderr)" = "list:$2: $3" ] || fail "$1" "said: $(cat stderr)" "want: list:$2: $3"
	[ ! -e out ] || fail "$1" "a profile is left behind"
}

refused 'empty file' 0 'the list is empty' ''
refused 'only comments' 2 'the list is empty' '# one\n# two\n'
refused 'empty section' 1 '[process] ends without an entry' '[process]\n'
refused 'empty section before another' 2 '[process] ends without an entry' '[process]\n[engine]\nread # r\n'
refused 'empty last section' 4 '[engine] ends without an entry' '[process]\nread # r\n\n[engine]\n'
refused 'unknown section' 3 '[kernel]: unknown section; there are [process], [ordinary], [engine], [aarch64] and [forbidden]' \
	'[process]\nread # r\n[kernel]\n'
refused 'section twice' 3 '[process]: the section is there already' '[process]\nread # r\n[process]\nwrite # w\n'
refused 'entry without section' 1 "'read # r' stands before the first section" 'read # r\n'
refused 'unknown call' 3 'raed: no such system call on x86_64 or aarch64' '# head\n[process]\nraed # r\n'
refused 'call of other architectures only' 2 'socketcall: no such system call on x86_64 or aarch64' \
	'[process]\nsocketcall # s\n'
refused 'no name' 2 "'# a reason' names no system call" '[process]\n# a reason\nread # r\n'
refused 'no name but space' 2 "'  # a reason' names no system call" '[process]\n  # a reason\nread # r\n'
refused 'no reason' 2 "'read' is without its reason; write: name  # reason" '[process]\nread\n'
refused 'blank reason' 2 "'read #' is without its reason; write: name  # reason" '[process]\nread #  \n'
refused 'reason without mark' 2 "'read r' is without its reason; write: name  # reason" '[process]\nread r\n'
refused 'name with a sign' 2 "'read-v # r' is without its reason; write: name  # reason" '[process]\nread-v # r\n'
refused 'duplicate' 3 'read: is in line 2 already' '[process]\nread # r\nread # again\n'
refused 'duplicate across sections' 5 'read: is in line 2 already' \
	'[process]\nread # r\n\n[engine]\nread # again\n'
refused 'allowed and forbidden' 5 'read: is in line 2 already' \
	'[process]\nread # r\n\n[forbidden]\nread # again\n'
refused 'not sorted' 3 'read: comes before write; keep the section sorted' '[process]\nwrite # w\nread # r\n'

# Files that can't be read or written
status=0
"$gen" absent out 2>stderr || status=$?
[ $status -eq 1 ] && grep -q '^absent: No such file' stderr || fail 'absent list' "$status: $(cat stderr)"
printf '[process]\nread # r\n' >list
status=0
"$gen" list absent/out >stdout 2>stderr || status=$?
[ $status -eq 1 ] && grep -q '^absent/out: No such file' stderr || fail 'absent folder' "$status: $(cat stderr)"

# A disk that is full after 512 bytes: enough for the filter of these, not for their names
{
	echo '[process]'
	printf '%s # r\n' process_madvise process_mrelease process_vm_readv process_vm_writev remap_file_pages \
		rt_sigaction rt_sigpending rt_sigprocmask rt_sigqueueinfo rt_sigreturn rt_sigsuspend rt_sigtimedwait \
		rt_tgsigqueueinfo sched_get_priority_max sched_get_priority_min sched_getaffinity sched_getattr \
		sched_getparam sched_getscheduler sched_rr_get_interval sched_setaffinity sched_setattr
} >list
status=0
said=$(trap '' XFSZ && ulimit -f 1 && "$gen" list out 2>&1 >/dev/null) || status=$?
[ $status -eq 1 ] && [ "$said" = 'out: File too large' ] || fail 'full disk' "$status: $said"
[ ! -e out ] || fail 'full disk' 'half a profile is left behind'

# The profile of a good list; open(2) is a system call on one of the two architectures
printf '# head\n\n[engine]\nwrite\t# w # more \r\n[process]\n\nopen # o\nread # r' >list
"$gen" list out >stdout
want='{"defaultAction":"SCMP_ACT_ERRNO","defaultErrnoRet":38,'
want=$want'"architectures":["SCMP_ARCH_X86_64","SCMP_ARCH_AARCH64"],'
want=$want'"syscalls":[{"names":["write","open","read"],"action":"SCMP_ACT_ALLOW"}]}'
[ "$(cat out)" = "$want" ] || fail 'good list' "got:  $(cat out)" "want: $want"
[ "$(wc -l <out)" -eq 1 ] || fail 'good list' 'the profile is not one line'
grep -q '^x86_64: 3 system calls, [1-9][0-9]* BPF instructions$' stdout || fail 'x86_64' "$(cat stdout)"
grep -q '^aarch64: 2 system calls, [1-9][0-9]* BPF instructions$' stdout || fail 'aarch64' "$(cat stdout)"

# What is forbidden answers EPERM, and what is unknown ENOSYS
printf '[process]\nread # r\n[forbidden]\nbpf # b\nptrace # p\n' >list
"$gen" list out >stdout
want='"syscalls":[{"names":["read"],"action":"SCMP_ACT_ALLOW"},'
want=$want'{"names":["bpf","ptrace"],"action":"SCMP_ACT_ERRNO","errnoRet":1}]}'
grep -qF "$want" out || fail 'forbidden' "got:  $(cat out)" "want: $want"
grep -q '^x86_64: 1 system calls, ' stdout || fail 'forbidden: what is allowed is counted' "$(cat stdout)"

# The list of the images: as many names as it has entries
"$gen" "$boot_list" out >stdout
entries=$(grep -c '^[a-z]' "$boot_list")
names=$(grep -o '"names":\[[^]]*\]' out | sed 's/"names"://' | tr ',' '\n' | wc -l)
[ "$names" -eq "$entries" ] || fail 'boot list' "$entries entries, $names names"

[ $failures -eq 0 ] || exit 1
