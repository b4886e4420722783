#!/bin/bash
# `finder find` against find(1): random expressions on a random tree, each with
# the same seed every time. Order is not promised, so both are sorted; exit
# codes must be the same too.
set -u
export LC_ALL=C

finder=$PWD/$1
tree=$(mktemp -d "$TEST_TMPDIR/find.XXXXXX")
export FINDER_CACHE_DIR=$TEST_TMPDIR/find_cache
cd "$tree" || exit 1
RANDOM=20261

names=(a b A ab a.c .h b.c '*x' 'a b' '[q' 'a\b' a-b B.C)
words=('*' 'a*' '*.c' '?' '[ab]*' '[!a]*' '.*' '\*x' '*b' 'a\\b' '[[:upper:]]*'
  '[' '*[a-c]' '')
paths=('*a*' './a/*' '*/b/*' './?' '*/.h*' 'b*' '*/a' 'a/*c' '*/' '.')

pick() {  # pick WORD... sets $picked
  local -i n=RANDOM%$#
  shift $n
  picked=$1
}

make_tree() {
  local -a directories=(. a/b)
  local -i i
  mkdir -p a/b sealed/in
  : > a/b.c
  ln -s itself itself
  ln -s "a/b.c/below_a_file" over_a_file
  for ((i = 0; i < 90; ++i)); do
    pick "${directories[@]}"
    local parent=$picked
    pick "${names[@]}"
    local path=$parent/$picked
    [[ -e $path || -L $path ]] && continue
    case $((RANDOM % 8)) in
      0 | 1 | 2) mkdir "$path" && directories+=("$path") ;;
      3 | 4 | 5) : > "$path" ;;
      6)
        pick .. nowhere a ../a ../b
        ln -s "$picked" "$path"
        ;;
      7) mkfifo "$path" ;;
    esac
  done
  chmod 0 sealed
}

primary() {  # primary DEPTH
  case $((RANDOM % 12)) in
    0 | 1) pick "${words[@]}" && expression+=(-name "$picked") ;;
    2) pick "${words[@]}" && expression+=(-iname "$picked") ;;
    3 | 4) pick "${paths[@]}" && expression+=(-path "$picked") ;;
    5 | 6) pick f d l f,d d,l && expression+=(-type "$picked") ;;
    7) expression+=(-prune) ;;
    8)
      # Not in parentheses: see guard.
      pick -print -print0 -true
      (($1 == 2)) || picked=-true
      expression+=("$picked")
      ;;
    9) pick -true -false && expression+=("$picked") ;;
    10) pick -maxdepth -mindepth && expression+=("$picked" $((RANDOM % 4))) ;;
    11) pick "${paths[@]}" && expression+=(-ipath "$picked") ;;
  esac
}

term() {  # term DEPTH
  ((RANDOM % 4)) || { pick ! -not && expression+=("$picked"); }
  if (($1 > 0 && RANDOM % 3 == 0)); then
    expression+=('(')
    chain $(($1 - 1))
    expression+=(')')
  else
    primary "$1"
  fi
}

chain() {  # chain DEPTH
  local -i i count=RANDOM%4
  term "$1"
  for ((i = 0; i < count; ++i)); do
    case $((RANDOM % 7)) in
      0 | 1) expression+=(-o) ;;
      2) expression+=(-or) ;;
      3) expression+=(-a) ;;
      4) expression+=(-and) ;;
    esac
    term "$1"
  done
}

# find moves tests that cost nothing to the front, also past actions that stand
# in parentheses, which changes its answer. It leaves alternatives where they are.
guard() {  # guard ARGUMENT... sets guarded
  guarded=()
  while (($#)); do
    case $1 in
      -name | -iname | -path | -ipath | -maxdepth | -mindepth)
        guarded+=('(' "$1" "$2" -o -false ')')
        shift
        ;;
      -true | -false) guarded+=('(' "$1" -o -false ')') ;;
      *) guarded+=("$1") ;;
    esac
    shift
  done
}

failures=0
compare() {
  local theirs ours
  guard "$@"
  find "${guarded[@]}" > "$TEST_TMPDIR/theirs" 2> "$TEST_TMPDIR/their_errors"
  theirs=$?
  "$finder" find "$@" > "$TEST_TMPDIR/ours" 2> "$TEST_TMPDIR/errors"
  ours=$?
  for list in theirs ours; do
    tr '\0' '\n' < "$TEST_TMPDIR/$list" | sort > "$TEST_TMPDIR/$list.sorted"
  done
  if ((theirs != ours)) ||
    ! cmp -s "$TEST_TMPDIR/theirs.sorted" "$TEST_TMPDIR/ours.sorted"; then
    printf 'differs:'
    printf ' %q' "$@"
    printf '\nfind exits %d, finder find %d\n' $theirs $ours
    diff "$TEST_TMPDIR/theirs.sorted" "$TEST_TMPDIR/ours.sorted" | head -5
    head -3 "$TEST_TMPDIR/their_errors" "$TEST_TMPDIR/errors"
    ((++failures))
  fi
}

make_tree
trap 'chmod 700 "$tree/sealed"' EXIT

# Every way to write a starting point, alone and overlapping.
compare
for start in . ./ .. a a/ a// ./a a/b .//a/ "$tree" sealed nowhere ''; do
  compare "$start" -maxdepth 3
done
compare a a/b a -name b
compare . -name sealed -prune -o -print
compare -L .
compare -P . -type l
compare . -quit
compare . -type f -print , -name 'a*' -print
compare . -name b.c -o -quit

starts=(. . . ./ a a/ ./a sealed "$tree")
for ((round = 0; round < 150; ++round)); do
  expression=()
  chain 2
  pick "${starts[@]}"
  start=("$picked")
  ((RANDOM % 5)) || { pick "${starts[@]}" && start+=("$picked"); }
  links=()
  ((RANDOM % 4)) || links=(-L)
  compare "${links[@]}" "${start[@]}" "${expression[@]}"
  # What the cache knows goes out of date.
  ((round % 20)) || { : > "a/new$round"; mkdir "a/b/dir$round"; }
  ((failures < 5)) || break
done

# Patterns see the characters of the locale, and names of any bytes.
touch é É $'\xff' 'aé'
for LC_ALL in C C.UTF-8; do
  for pattern in '?' '[é]' '??' 'a?' 'É' '*' $'\xff'; do
    compare . -maxdepth 1 -name "$pattern"
    compare . -maxdepth 1 -iname "$pattern"
    compare . -maxdepth 1 -path "./$pattern"
  done
done
LC_ALL=C

# The first answer alone, whichever it is.
lines=$("$finder" find . -name 'b*' -print -quit | wc -l)
((lines == 1)) || { echo "-quit printed $lines"; ((++failures)); }

((failures == 0)) && echo "$round expressions agree"
exit $((failures > 0))
