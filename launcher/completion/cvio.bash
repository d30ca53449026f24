# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=bash disable=SC2154 # _cvio_table stands in front

# Set kind to that of the value of: SUBCOMMAND OPTION|LETTER|first|rest
_cvio_kind() {
	local sub long short k _
	kind=-
	while read -r sub long short k _; do
		[[ $sub == "$1" && ($long == "$2" || $short == "$2") ]] && kind=$k && return
	done <<<"$_cvio_table"
}

# The options of a subcommand; of - those of cvio itself, and the subcommands
_cvio_options() {
	local sub long short _
	while read -r sub long short _; do
		[[ $sub == "$1" && $long != first && $long != rest ]] || continue
		echo "$long"
		[[ $short == - ]] || echo "$short"
	done <<<"$_cvio_table"
}

# The names that cvio knows of: COMMAND KEY
_cvio_ps() {
	"$1" ps --json 2>/dev/null | sed -n "s/^    \"$2\": \"\(.*\)\",\{0,1\}\$/\1/p" | sort -u
}

# Words for a value, each with what stands in front of it: COMMAND KIND VALUE
_cvio_words() {
	local list=
	case $2 in
	image | bundle) list=$(podman images --format '{{.Repository}}:{{.Tag}}' 2>/dev/null | grep -v '<none>') ;;
	container) list=$(_cvio_ps "$1" name) ;;
	chain) list=$(_cvio_ps "$1" chain) ;;
	port) list='vhost-user: vhost-backend:' ;;
	socket) list=unix: ;;
	one=*)
		list=${2#one=}
		list=${list//,/ }
		;;
	esac
	compgen -W "$list" -- "$3"
}

# Set COMPREPLY: COMMAND KIND VALUE HEAD, where HEAD stays as it is
_cvio_reply() {
	local kind=$2 value=$3 head=$4 list
	case $kind in
	port | socket)
		[[ $value == *:* ]] && head+=${value%%:*}: && value=${value#*:} && kind='file'
		[[ $kind == file ]] || compopt -o nospace 2>/dev/null
		;;
	list=*)
		[[ $value == *,* ]] && head+=${value%,*}, && value=${value##*,}
		compopt -o nospace 2>/dev/null
		kind=one=${kind#list=}
		;;
	esac
	case $kind in
	file | folder)
		compopt -o filenames 2>/dev/null
		[[ $kind == file ]] && list=-f || list=-d
		mapfile -t COMPREPLY < <(compgen "$list" -- "$value")
		;;
	*) mapfile -t COMPREPLY < <(_cvio_words "$1" "$kind" "$value") ;;
	esac
	COMPREPLY=("${COMPREPLY[@]/#/$head}")
}

# Where a word has : or = inside, bash replaces only what follows: WORD
_cvio_cut() {
	local c head=
	for c in : =; do
		[[ $COMP_WORDBREAKS == *$c* && $1 == *$c* ]] || continue
		c=${1%"${1##*"$c"}"}
		[[ ${#c} -gt ${#head} ]] && head=$c
	done
	COMPREPLY=("${COMPREPLY[@]#"$head"}")
}

_cvio() {
	local words=() i count cur cvio sub kind pending=- operands=0 verb=
	COMPREPLY=()
	# as typed, since COMP_WORDS has words cut in pieces; without -r, for blanks behind a backslash
	# shellcheck disable=SC2162
	read -a words <<<"${COMP_LINE:0:COMP_POINT}"
	[[ ${COMP_LINE:0:COMP_POINT} == *[[:blank:]] ]] && words+=('')
	while [[ ${words[0]} == *=* ]]; do words=("${words[@]:1}"); done
	count=${#words[@]} cur=${words[count - 1]} cvio=${words[0]} sub=${words[1]}
	if [[ $count -le 2 ]]; then
		mapfile -t COMPREPLY < <(compgen -W "$(_cvio_options -)" -- "$cur")
		[[ -n $cur ]] || mapfile -t COMPREPLY < <(printf '%s\n' "${COMPREPLY[@]}" | grep -v ^-)
		return
	fi
	for ((i = 2; i < count - 1; i++)); do
		if [[ $pending != - ]]; then
			pending=-
		elif [[ ${words[i]} == -- ]]; then
			return
		elif [[ ${words[i]} == -* ]]; then
			_cvio_kind "$sub" "${words[i]}"
			pending=$kind
		else
			verb=${verb:-${words[i]}}
			operands=$((operands + 1))
		fi
	done
	if [[ $pending != - ]]; then
		kind=$pending
		_cvio_reply "$cvio" "$kind" "$cur" ''
	elif [[ $cur == --*=* ]]; then
		_cvio_kind "$sub" "${cur%%=*}"
		_cvio_reply "$cvio" "$kind" "${cur#*=}" "${cur%%=*}="
	elif [[ $cur == -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W "$(_cvio_options "$sub")" -- "$cur")
	else
		_cvio_kind "$sub" "$([[ $operands == 0 ]] && echo first || echo rest)"
		[[ $kind == bundle && $verb != create ]] && kind='file'
		_cvio_reply "$cvio" "$kind" "$cur" ''
	fi
	_cvio_cut "$cur"
}

complete -F _cvio cvio
