# SPDX-License-Identifier: BSD-3-Clause
# Types into an interactive shell as a user would: tab.zsh OUT SHELL… reads lines, types each with a TAB behind it, and
# prints what the line has become. The shell must write its line and a newline into OUT at a Ctrl-G.
zmodload zsh/zpty zsh/datetime
out=$1
shift
export TERM=dumb COLUMNS=200
: >$out
zpty -b shell "$@"

line_at() { # N: wait for that line of OUT, and read away what the shell prints, else it would block
	local end=$((EPOCHSECONDS + 20)) _
	until (( $(wc -l <$out) >= $1 )); do
		zpty -rt shell _ && continue
		(( EPOCHSECONDS < end )) || { print -u2 "tab.zsh: no answer to: $typed"; exit 1 }
		sleep 0.01
	done
	sed -n "${1}p" $out
}

n=0
typed=nothing
zpty -wn shell $'\C-g' # ready?
line_at $((++n)) >/dev/null
while read -r typed; do
	zpty -wn shell $'\C-u'"$typed"$'\t\C-g'
	line_at $((++n))
done
zpty -d shell
