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
  # What an inode says: sizes, times, modes, other names.
  local -a files
  mapfile -d '' files < <(find . -type f -print0 | sort -z)
  for path in "${files[@]}"; do
    pick 0 1 511 512 513 1024 5000 && truncate -s "$picked" "$path"
    pick 0600 0644 0755 0400 04755 0022 && chmod "$picked" "$path"
    pick 'now' '-10 minutes' '-5 hours' '-30 hours' '-3 days' '1999-01-01' &&
      touch -d "$picked" "$path"
    pick 'now' '-2 days' && touch -a -d "$picked" "$path"
    ((RANDOM % 6)) || ln "$path" "$path.hard"
  done
  touch -h -d '-2 days' over_a_file
  chmod 0 sealed
}

# Tests with their values, separated by newlines.
file_tests=($'-size\n1' $'-size\n+1' $'-size\n-2k' $'-size\n513c' $'-empty'
  $'-perm\n644' $'-perm\n-u=w' $'-perm\n/111' $'-perm\n-4000' $'-links\n2'
  $'-links\n+1' $'-newer\na/b.c' $'-anewer\na/b.c' $'-cnewer\na/b.c'
  $'-newermt\n2000-01-01' $'-newerac\na/b.c' $'-newermm\nover_a_file'
  $'-mtime\n0' $'-mtime\n+0' $'-mtime\n-3' $'-mtime\n3' $'-mmin\n-30'
  $'-mmin\n+300' $'-amin\n+60' $'-atime\n-1' $'-ctime\n0'
  $'-used\n1' $'-user\nroot' $'-uid\n0' $'-group\nroot' $'-gid\n+0' $'-nouser'
  $'-samefile\na/b.c' $'-samefile\nover_a_file' $'-type\np' $'-type\np,l'
  $'-lname\n*' $'-ilname\nA'
  $'-lname\n*/*' $'-readable' $'-writable' $'-executable' $'-fstype\nproc'
  $'-regex\n.*/[ab].*' $'-iregex\n.*B' $'-regex\n\\./\\(a\\|b\\)+')
# For find these are nothing at all, which no -o may follow.
settings=($'-regextype\nposix-extended' $'-regextype\nposix-basic' -depth
  -daystart -noleaf -ignore_readdir_race -mount)

primary() {  # primary DEPTH
  case $((RANDOM % 20)) in
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
    12)
      pick "${settings[@]}"
      local -a setting
      mapfile -t setting <<< "$picked"
      expression+=('(' "${setting[@]}" -true ')')
      ;;
    *)
      pick "${file_tests[@]}"
      local -a test_words
      mapfile -t test_words <<< "$picked"
      expression+=('(' "${test_words[@]}" -o -false ')')
      ;;
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
  guarded=("$@")
  [[ -v malformed ]] || guard "$@"
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
# find puts this test behind others, where it may not be asked.
for types in l f,d p; do
  compare . -xtype $types
  compare -L . -xtype $types
  compare -H a -xtype $types
done
compare . -quit
compare . -type f -print , -name 'a*' -print
compare . -name b.c -o -quit

starts=(. . . ./ a a/ ./a sealed "$tree")
for ((round = 0; round < 250; ++round)); do
  expression=()
  chain 2
  pick "${starts[@]}"
  start=("$picked")
  ((RANDOM % 5)) || { pick "${starts[@]}" && start+=("$picked"); }
  links=()
  ((RANDOM % 4)) || links=(-L)
  ((RANDOM % 6)) || links=(-H)
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

# Malformed expressions fail, and print nothing.
for bad in '-name' '(' ')' '-o' '-true -o' '( )' '-type x' '-type f,f' \
  '-size x' '-perm 8' '-perm +222' '-mtime x' '-newer nowhere' '-links x' \
  '-user no_such_user' '-regextype nonsense' '-regex \(' '-newerxy a' \
  '-maxdepth -1' '-true a' '-nonsense' '-newermt nonsense' '-exec' '-printf'; do
  read -ra expression <<< "$bad"
  malformed=1 compare . "${expression[@]}"
done

# The first answer alone, whichever it is.
lines=$("$finder" find . -name 'b*' -print -quit | wc -l)
((lines == 1)) || { echo "-quit printed $lines"; ((++failures)); }

((failures == 0)) && echo "$round expressions agree"
exit $((failures > 0))
