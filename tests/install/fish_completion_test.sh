#!/bin/bash
# The completion for fish offers what fits.
source tests/install/support.sh
need fish

"$write_manual" fish >"$work/finder.fish"
cd "$work"
mkdir directory && touch file

# completions COMMANDLINE...: what is offered for each, a line a command line.
completions() {
  local line script="source '$work/finder.fish'"
  for line; do
    script+="; set offers (complete -C '$line' | string split -f1 \t)"
    script+="; printf '%s\n' \"\$(string join -- '|' \$offers)\""
  done
  fish --no-config -c "$script" </dev/null
}

expect "option, choice, list, directory, file, glob" \
  "--exclude-dirs
native|soong
f,d|f,f|f,l
directory/
file" \
  "$(completions 'finder --exclude-d' 'finder --db-format ' 'finder -t f,' \
    'finder -C d' 'finder -o fil' 'finder -g fil')"
expect "words of find" "-print|-print0|-printf" "$(completions 'finder find . -prin')"
expect "a subcommand, only as the first word, and its options" \
  "doctor

--help" \
  "$(completions 'finder doc' 'finder src doc' 'finder doctor --')"
offered=$(completions 'finder --')
while read -r option; do
  # Fish offers a short option together with those that can be joined to it.
  [[ $option == --* ]] || continue
  case "|$offered|" in
    *"|$option"[\|=]*) ;;
    *) fail "$option is not offered" ;;
  esac
done < <(spellings)
finish
