# SPDX-License-Identifier: GPL-2.0-or-later
# bash completion of wabe, vzctl and vzlist. Commands and options are asked from the program
# itself ("help --words"), so they are always those of the installed one.

_wabe_containers()
{
	local name
	"$1" list -aHo ctid 2>/dev/null | tr -d ' '
	while read -r name; do
		[ "$name" = - ] || printf '%q\n' "$name"
	done < <("$1" list -aHo name 2>/dev/null)
}

_wabe_templates()
{
	"$1" template list -H 2>/dev/null | cut -d' ' -f1
}

# Words that may stand for the value of the option before the cursor; fails when that is
# no option with a value we know.
_wabe_value()
{
	case $2 in
	--ostemplate) _wabe_templates "$1" ;;
	--config)
		local sample
		for sample in "${WABE_ROOT-}"/etc/vz/conf/ve-*.conf-sample; do
			sample=${sample##*/ve-}
			printf '%s\n' "${sample%.conf-sample}"
		done ;;
	--setmode) printf '%s\n' restart ignore ;;
	--layout) echo overlay ;;
	--disabled | --diskquota) printf '%s\n' yes no ;;
	-o | --output | -s | --sort) "$1" list -L 2>/dev/null | cut -d' ' -f1 ;;
	*) return 1 ;;
	esac
}

_wabe_words()
{
	local prog=$1 verb=$2 place=$3 cur=$4 prev=$5

	case $verb:$place in
	:*) "$prog" help --words; printf '%s\n' --quiet --verbose --version --help ;;
	help:1) "$prog" help --words ;;
	help:2) "$prog" help --words "$prev" ;;
	template:1) "$prog" help --words template ;;
	template:*)
		case $prev:$cur in
		*:-*) "$prog" help --words template "${words_after[1]}" ;;
		delete:*) _wabe_templates "$prog" ;;
		build:*) printf '%s\n' busybox debian-12 ;;
		esac ;;
	list:*)
		case $cur in
		-*) "$prog" help --words list ;;
		*) _wabe_containers "$prog" ;;
		esac ;;
	create:1 | exec*:[2-9]*) ;;
	version:*) "$prog" help --words version ;;
	*:1) _wabe_containers "$prog" ;;
	*) "$prog" help --words "$verb" ;;
	esac 2>/dev/null
}

_wabe()
{
	local prog=$1 cur=$2 prev=$3 verb='' i
	local -a words_after=()

	COMPREPLY=()
	case ${prog##*/} in
	vzlist)
		verb=list
		prog=wabe
		words_after=(list "${COMP_WORDS[@]:1:COMP_CWORD-1}") ;;
	*)
		for ((i = 1; i < COMP_CWORD; i++)); do
			if [[ $verb || ${COMP_WORDS[i]} != -* ]]; then
				verb=${verb:-${COMP_WORDS[i]}}
				words_after+=("${COMP_WORDS[i]}")
			fi
		done ;;
	esac
	local IFS=$'\n'
	local values
	if values=$(_wabe_value "$prog" "$prev"); then
		mapfile -t COMPREPLY < <(compgen -W "$values" -- "$cur")
		return
	fi
	values=$(_wabe_words "$prog" "$verb" "${#words_after[@]}" "$cur" "$prev")
	mapfile -t COMPREPLY < <(compgen -W "$values" -- "$cur")
}

complete -o default -F _wabe wabe vzctl vzlist
