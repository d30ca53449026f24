#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Completion: its table, the help texts and the man pages have the same options; what it offers is what the parsers take;
# real bash and zsh, in which somebody types and presses TAB, complete by the files that are installed, and by source.
PAGES_WANTED=0
. "$(dirname "$0")/../lib.sh"

test_begin "$@"
export PATH=$build/launcher:$PATH
cd "$dir" || exit
cvio completion bash >bash.sh
cvio completion zsh >zsh.sh
zsh -n zsh.sh
grep -E '^[a-z-]+ [^ ]+ [^ ]+ [^ ]+ ' bash.sh | sed "s/^_cvio_table='//" >table
rows() { # SUBCOMMAND: its options, as --name or --name,-l
	awk -v sub_="$1" '$1 == sub_ && $2 ~ /^--/ { print $2 ($3 == "-" ? "" : "," $3) }' table | sort
}

# --- the table, the help and the man pages: lines that begin with an option
help_options() {
	cvio help "$1" | sed -nE 's/^  (-.), (--[^ ]+).*/\2,\1/p; s/^  (--[^ ]+).*/\1/p' | sort
}
man_options() { # PAGE
	sed -n '/^# OPTIONS/,/^# [^O]/p' "$1" |
		sed -nE 's/^\*(-.)\*( _[^_]+_)?, \*(--[a-z-]+)\*.*/\3,\1/p; s/^\*(--[a-z-]+)\*.*/\1/p' | sort
}
same() { # WHAT FILE FILE
	diff "$2" "$3" >&2 || fail "$1: the options differ: the table is <, the other is >"
}

! grep -F ' ? ' table >&2 || fail "these options have no kind of value in completion.c"
subcommands=$(awk '$1 == "-" && $2 !~ /^-/ { print $2 }' table)
[ "$(xargs <<<"$subcommands")" = "$(cvio help | sed -n 's/^  \([a-z]*\)  *.*/\1/p' | xargs)" ] ||
	fail "the table's subcommands aren't those of \`cvio help\`: $subcommands"
for sub in $subcommands; do
	case $sub in
	check | generate) more=run ;; # they take those of run as well, and say so
	*) more= ;;
	esac
	case $sub in
	completion | help | version) page= ;; # no options
	down) page= ;; # in that of up, which has one option more
	*) page=$top/docs/cvio-$sub.1.scd ;;
	esac
	rows "$sub" >rows
	{ help_options "$sub"; [ -z "$more" ] || help_options $more; } | sort -u >other
	same "cvio help $sub" rows other
	[ -n "$page" ] || continue
	{ man_options "$page"; [ -z "$more" ] || man_options "$top/docs/cvio-$more.1.scd"; } | sort -u >other
	same "$page" rows other
done
[ "$(wc -l <table)" -gt 80 ] || fail "the table has $(wc -l <table) rows only"

# --- a letter of the table is one of the parser's
while read -r sub letter; do
	form=$([ "$sub" != generate ] || echo podman)
	out=$(timeout 20 cvio "$sub" ${form:+"$form"} "$letter" 2>&1) || true
	! grep -q 'no such option' <<<"$out" || fail "$sub $letter: $out"
done < <(awk '$1 != "-" && $3 ~ /^-./ { print $1, $3 }' table)

# --- the values that it offers are those that the parsers take
expect 64 "is wanted" cvio build --cpu none no-such-folder
for cpu in $(sed -n 's/^build --cpu - list=\([^ ]*\) .*/\1/p' table | tr , ' '); do
	expect 66 "no-such-folder" cvio build --cpu "$cpu" no-such-folder
done
expect 64 "is wanted" cvio sbom --format none
for format in $(sed -n 's/^sbom --format - one=\([^ ]*\) .*/\1/p' table | tr , ' '); do
	expect 64 "exactly one is wanted" cvio sbom --format "$format"
done
memory_known() { # KIND: whether there are enough pages is another question
	cvio run --dry-run --memory "$1" --port "vhost-user:$sockets/p" localhost/cvio/l2fwd >memory.log 2>&1 ||
		! grep -q 'unknown kind' memory.log
}
! memory_known none || fail "run --memory none: is taken: $(cat memory.log)"
for kind in $(sed -n 's/^run --memory - one=\([^ ]*\) .*/\1/p' table | tr , ' '); do
	memory_known "$kind" || fail "run --memory $kind: $(cat memory.log)"
done
expect 64 "bash or zsh is wanted" cvio completion fish
expect 64 "SHELL: bash or zsh is wanted" cvio completion

# --- what there is to complete
podman create --name "${prefix}one" --label io.cvio.run=1 --label io.cvio.chain="${prefix}chain" localhost/cvio/l2fwd >/dev/null
mkdir -p "$dir/files/a folder"
touch files/port.sock files/bundle.key
(DESTDIR=$dir/root meson install -C "$build" --no-rebuild --tags cvio) >install.log
share=$(dirname "$(find root -name site-functions)")
share=$dir/${share%/zsh}

# TYPED|WHAT IT BECOMES: both shells alike
cat >cases <<END
cvio gen|cvio generate 
cvio --ver|cvio --version 
cvio run --po|cvio run --po
cvio run --por|cvio run --port 
cvio run --port vhost-u|cvio run --port vhost-user:
cvio run --port vhost-b|cvio run --port vhost-backend:
cvio run --port vhost-user:$dir/files/po|cvio run --port vhost-user:$dir/files/port.sock 
cvio run --port=vhost-user:$dir/files/po|cvio run --port=vhost-user:$dir/files/port.sock 
cvio run --memory mem|cvio run --memory memfd 
cvio run --memory=sm|cvio run --memory=small 
cvio run -d localhost/cvio/l2fwd:la|cvio run -d localhost/cvio/l2fwd:latest 
cvio run localhost/cvio/l2fwd -- --por|cvio run localhost/cvio/l2fwd -- --por
cvio build --cpu x86-64-v2,aa|cvio build --cpu x86-64-v2,aarch64
cvio build --sbom $dir/fi|cvio build --sbom $dir/files/
cvio build $dir/files/a|cvio build $dir/files/a\\ folder/
cvio up -f $dir/files/bu|cvio up -f $dir/files/bundle.key 
cvio down ${prefix}c|cvio down ${prefix}chain 
cvio stats ${prefix}o|cvio stats ${prefix}one 
cvio top --he|cvio top --help 
cvio metrics --listen un|cvio metrics --listen unix:
cvio metrics --listen unix:$dir/files/po|cvio metrics --listen unix:$dir/files/port.sock 
cvio generate podman-|cvio generate podman-kube 
cvio generate kube --user|cvio generate kube --userspace-cni 
cvio generate kube localhost/cvio/l3fwd:la|cvio generate kube localhost/cvio/l3fwd:latest 
cvio check localhost/cvio/l2fwd --cp|cvio check localhost/cvio/l2fwd --cpus 
cvio sbom --format c|cvio sbom --format cyclonedx 
cvio bundle v|cvio bundle verify 
cvio bundle verify --key $dir/files/b|cvio bundle verify --key $dir/files/bundle.key 
cvio bundle create -o x localhost/cvio/l3fwd:la|cvio bundle create -o x localhost/cvio/l3fwd:latest 
cvio completion z|cvio completion zsh 
cvio help insp|cvio help inspect 
END
sed 's/|.*//' cases >typed

tab() { # NAME SHELL…: the cases in a shell; zsh puts = behind an option with a value, which a blank replaces
	local name=$1
	shift
	timeout 100 zsh -f "$top/tests/launcher/tab.zsh" "$dir/$name.lines" "$@" <typed >"$name.became" || fail "$name: no answer"
	sed -i -E '/--[a-z-]+=$/s/=$/ /' "$name.became"
	sed 's/.*|//' cases | diff - "$name.became" >&2 || fail "$name: < was wanted, > came"
}

# --- bash: with the package bash-completion, which loads the file; and by source, with nothing else
cat >bashrc <<END
bind -x '"\C-g": printf "%s\\n" "\$READLINE_LINE" >>$dir/\$NAME.lines'
bind 'set bell-style none'
bind 'set completion-query-items 0'
bind 'set page-completions off'
END
cat - bashrc >loaded.rc <<END
NAME=bash-loaded
export XDG_DATA_DIRS=${share}
. /usr/share/bash-completion/bash_completion
END
cat - bashrc >sourced.rc <<END
NAME=bash-sourced
. <(cvio completion bash)
END
tab bash-loaded bash --noprofile --rcfile "$dir/loaded.rc" -i
tab bash-sourced bash --noprofile --rcfile "$dir/sourced.rc" -i

# --- zsh: by its folder of functions, and by source
mkdir loaded sourced
cat >zshrc <<END
line() { print -r -- "\$BUFFER" >>$dir/\$NAME.lines; }
zle -N line
bindkey '^G' line
setopt no_beep no_auto_menu
LISTMAX=1000
END
cat - zshrc >loaded/.zshrc <<END
NAME=zsh-loaded
fpath=($share/zsh/site-functions \$fpath)
autoload -Uz compinit && compinit -u -D
END
cat - zshrc >sourced/.zshrc <<END
NAME=zsh-sourced
autoload -Uz compinit && compinit -u -D
source <(cvio completion zsh)
END
tab zsh-loaded env ZDOTDIR="$dir/loaded" zsh -d -i
tab zsh-sourced env ZDOTDIR="$dir/sourced" zsh -d -i
podman rm "${prefix}one" >/dev/null
echo "in bash and zsh, $(wc -l <cases) words are completed each way; $(grep -c ' --' table) options are in the table, the help and the man pages"
