#!/bin/bash
# The completion for zsh offers what fits, in a zsh at a terminal.
source tests/install/support.sh
need zsh

mkdir "$work/functions"
"$write_manual" zsh >"$work/functions/_finder"
expect "syntax" "" "$(zsh -n "$work/functions/_finder" 2>&1)"
cd "$work"
mkdir directory && touch file

# Has zsh write the command line to $work/line after it completed it.
cat >"$work/complete.zsh" <<'END'
zmodload zsh/zpty || exit 77
work=$1
zpty shell "TERM=dumb zsh -f -i"
zpty -w shell "fpath=($work/functions \$fpath)"
zpty -w shell "autoload -Uz compinit && compinit -u -D"
zpty -w shell "cd $work"
zpty -w shell "complete_and_tell() { zle complete-word; \
  print -r -- \"\$BUFFER\" >$work/line; print FINI''SHED; }"
zpty -w shell "zle -N complete_and_tell; bindkey '^I' complete_and_tell"
# The marks are in pieces, as the terminal echoes these lines.
zpty -w shell "zle-line-init() { print -n REA''DY; }; zle -N zle-line-init"
zpty -r -m shell text '*READY*'
zpty -w -n shell "finder $2"$'\t'
zpty -r -m shell text '*FINISHED*'
zpty -d shell
END

# completed ARGUMENTS: these after a press of the tabulator key.
completed() {
  rm -f "$work/line"
  timeout 30 zsh -f "$work/complete.zsh" "$work" "$1" >/dev/null 2>&1 || true
  sed 's/^finder //; s/ $//' "$work/line" 2>/dev/null || echo "(no answer)"
}

expect "an option" "--exclude-dirs=" "$(completed --exclude-d)"
expect "a choice" "--db-format=native" "$(completed --db-format=n)"
expect "a list" "-t f,l," "$(completed '-t f,l')"
expect "a directory" "-C directory/" "$(completed '-C d')"
expect "a file" "-o file" "$(completed '-o fi')"
expect "a root" "directory/" "$(completed dir)"
expect "a subcommand" "doctor" "$(completed doct)"
expect "a word of find" "find . -quit" "$(completed 'find . -q')"
expect "the options of a subcommand" "doctor --help" \
  "$(completed 'doctor --h')"
while read -r option; do
  grep -qE -e "['*)]${option}[[+=]" "$work/functions/_finder" ||
    fail "$option is missing"
done < <(spellings)
finish
