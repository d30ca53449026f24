# SPDX-License-Identifier: BSD-3-Clause

_cvio_ps() { # KEY: the names that cvio knows of
	local -aU names=(${(f)"$($cvio ps --json 2>/dev/null | sed -n "s/^    \"$1\": \"\(.*\)\",\{0,1\}\$/\1/p")"})
	compadd -- $names
}

_cvio_value() { # KIND
	local kind=$1
	local -a images
	[[ $kind != bundle || $verb == create ]] || kind=file
	case $kind in
	image | bundle)
		images=(${(f)"$(podman images --format '{{.Repository}}:{{.Tag}}' 2>/dev/null)"})
		compadd -- ${images:#*<none>*}
		;;
	container) _cvio_ps name ;;
	chain) _cvio_ps chain ;;
	file) _files ;;
	folder) _files -/ ;;
	port)
		if compset -P '*:'; then _files; else compadd -S '' -- vhost-user: vhost-backend:; fi
		;;
	socket)
		if compset -P unix:; then _files; else compadd -S '' -- unix:; fi
		;;
	one=*) compadd -- ${(s:,:)kind#one=} ;;
	list=*)
		compset -P '*,'
		compadd -S '' -- ${(s:,:)kind#list=}
		;;
	*) _message 'a value' ;;
	esac
}

_cvio() {
	local row cvio=$words[1] sub=$words[2] verb=${words[(r)(create|verify|load)]} describe
	local -a field specs names # _arguments puts options in front of an action's words unless it begins with a blank
	(( ${words[(i)--]} >= CURRENT )) || return 1
	(( CURRENT > 2 )) || sub=-
	for row in ${(f)_cvio_table}; do
		field=(${(s: :)row})
		[[ $field[1] == $sub ]] || continue
		describe=${(j: :)field[5,-1]}
		if [[ $sub == - ]]; then
			names+=("$field[2]:$describe")
			continue
		fi
		describe="[${${describe//\[/\\[}//\]/\\]}]"
		case $field[2] in
		first) specs+=("1: : _cvio_value $field[4]") ;;
		rest) [[ $field[4] == - ]] || specs+=("*: : _cvio_value $field[4]") ;;
		*)
			local value= once="($field[2]${${field[3]:#-}:+ $field[3]})"
			[[ $field[4] == - ]] || value=": : _cvio_value $field[4]"
			[[ $field[2] != --port ]] || once='*'
			specs+=("$once$field[2]${value:+=}$describe$value")
			[[ $field[3] == - ]] || specs+=("$once$field[3]${value:++}$describe$value")
			;;
		esac
	done
	if [[ $sub == - ]]; then
		[[ $PREFIX == -* ]] && names=(${(M)names:#-*}) || names=(${names:#-*})
		_describe subcommand names
		return
	fi
	words=($words[1] $words[3,-1])
	(( CURRENT-- ))
	_arguments -s -S : $specs
}

# a file of $fpath runs when the first word is completed; else this was read by source
if [[ $funcstack[1] == _cvio ]]; then
	_cvio "$@"
else
	compdef _cvio cvio
fi
