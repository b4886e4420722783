#!/bin/bash
# The completion for bash offers what fits.
source tests/install/support.sh

"$write_manual" bash >"$work/finder"
cd "$work"
mkdir 'a directory' another && touch 'a file'

# complete WORD...: what is offered for the last of the words.
completions() {
  bash --norc -c 'source "$0"
    COMP_WORDS=(finder "$@") COMP_CWORD=$#
    _finder
    ((${#COMPREPLY[@]} == 0)) || printf "%s\n" "${COMPREPLY[@]}"' \
    "$work/finder" "$@" | sort | paste -sd'|'
}

expect "the function is registered" "complete -F _finder finder" \
  "$(bash --norc -c 'source "$0" && complete -p finder' "$work/finder")"
expect "an option" "--exclude-dirs" "$(completions --exclude-d)"
expect "a choice" "native" "$(completions --db-format n)"
expect "a choice after =" "native|soong" "$(completions --db-format =)"
expect "a begun choice after =" "soong" "$(completions --db-format = s)"
expect "a list" "f,d|f,f|f,l" "$(completions -t f,)"
expect "an optional value" "json|table" "$(completions --stats =)"
expect "no optional value" "--verify" "$(completions --stats --verif)"
expect "a root" "a directory|another" "$(completions a)"
expect "a directory" "a directory|another" "$(completions -C a)"
expect "a file" "a directory|a file|another" "$(completions --db a)"
expect "nothing for a glob" "" "$(completions -g a)"
expect "roots after --" "" "$(completions -- --exc)"
expect "a subcommand" "doctor" "$(completions doc)"
expect "only as the first word" "" "$(completions src doc)"
expect "the options of a subcommand" "--help" "$(completions doctor --)"
expect "a word of find" "-print|-print0|-printf" "$(completions find . -prin)"
expect "no others" "" "$(completions why --js)"
expect "their values" "f,d|f,f|f,l" "$(completions why -t f,)"
while read -r option; do
  case "|$(completions "$option")|" in
    *"|$option|"*) ;;
    *) fail "$option is not offered" ;;
  esac
done < <(spellings)
finish
