# SPDX-License-Identifier: GPL-2.0-or-later
# bash completion of wabe, vzctl and vzlist. The program itself is asked what may stand for a
# word ("help --complete"), so it is always what the installed one knows.

# The word as bash has to read it back.
_wabe_quoted()
{
	if [[ $1 =~ ^[[:alnum:]_./,:=@%+-]*$ ]]; then
		printf '%s' "$1"
	else
		printf '%q' "$1"
	fi
}

_wabe()
{
	local prog=wabe word
	local -a words=("${COMP_WORDS[@]:1:COMP_CWORD}")

	[[ $1 != */* ]] || prog=${1%/*}/wabe
	COMPREPLY=()
	while IFS=$'\t' read -r word _; do
		if [ "$word" = :files ]; then
			compopt -o default 2>/dev/null
		else
			COMPREPLY+=("$(_wabe_quoted "$word")")
		fi
	done < <("$prog" help --complete -- "${1##*/}" "${words[@]//\\/}" 2>/dev/null)
}

complete -F _wabe wabe vzctl vzlist
