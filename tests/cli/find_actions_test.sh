#!/bin/bash
# The actions of `finder find` against those of find(1): random formats, lines of
# -ls, commands, deletions and files that are written. Each command line runs in
# a tree of its own; what is printed, the exit code and what is left must be the
# same. Order is not promised, so lines are sorted.
set -u
export LC_ALL=C TZ=America/New_York

finder=$PWD/$1
work=$(mktemp -d "$TEST_TMPDIR/actions.XXXXXX")
export FINDER_CACHE_DIR=$TEST_TMPDIR/actions_cache
cd "$work" || exit 1
RANDOM=4711
declare -i failed=0

pick() {  # pick WORD... sets $picked
  local -i n=RANDOM%$#
  shift $n
  picked=$1
}

make_tree() {
  chmod -R u+rwx t 2>/dev/null
  rm -rf t out1 out2
  mkdir -p t/d/e 't/x y' t/sealed/in
  printf 12345 > t/d/b.c
  printf x > $'t/x y/odd\n\x01\xff"\\'
  : > t/d/-n
  : > t/d/e/f
  ln -s d/b.c t/link
  ln -s nowhere t/dangling
  ln -s loop t/loop
  ln -s d/b.c/x t/over
  mkfifo t/pipe
  truncate -s 1000000 t/holes
  touch -d '1960-01-02 03:04:05.123456789' t/d/b.c
  touch -d '2400-06-07 08:09:10.5' t/d/e/f
  touch -d @1000000000.000000001 t/d/e t/d t/holes
  chmod 7755 t/d/e/f
  chmod 1644 t/holes
  chmod 0 t/sealed
}

# What is left, and what was written.
show_tree() {
  find t -printf '%y %m %p\n' 2>/dev/null | sort
  local file
  for file in out1 out2; do
    [[ -e $file ]] && { echo "== $file"; tr '\0' '\n' < "$file" | sort; }
  done
}

compare() {  # compare WORD...: the same answers and the same tree in the end
  "${fresh[@]}"
  find "$@" < /dev/null > "$TEST_TMPDIR/expected" 2> "$TEST_TMPDIR/find_err"
  local -i code=$?
  show_tree > "$TEST_TMPDIR/expected_tree"
  "${fresh[@]}"
  "$finder" find "$@" < /dev/null > "$TEST_TMPDIR/actual" 2> "$TEST_TMPDIR/err"
  local -i own=$?
  show_tree > "$TEST_TMPDIR/actual_tree"
  if ((code != own)) || [[ -s $TEST_TMPDIR/find_err && ! -s $TEST_TMPDIR/err ]] ||
    ! cmp -s <(sort "$TEST_TMPDIR/expected") <(sort "$TEST_TMPDIR/actual") ||
    ! cmp -s "$TEST_TMPDIR/expected_tree" "$TEST_TMPDIR/actual_tree"; then
    failed+=1
    printf 'differs (%d, %d):' $code $own
    printf ' %q' "$@"
    echo
    diff <(sort "$TEST_TMPDIR/expected") <(sort "$TEST_TMPDIR/actual") | head -5
    diff "$TEST_TMPDIR/expected_tree" "$TEST_TMPDIR/actual_tree" | head -5
    head -3 "$TEST_TMPDIR/find_err" "$TEST_TMPDIR/err"
  fi
}

random_format() {  # sets $format
  local -i i
  format=
  for ((i = RANDOM % 6; i >= 0; --i)); do
    pick 'text' ' ' '%%' '\t' '\\' '\101' '\q' '%z' '%' '' '' '' '' '' ''
    [[ $picked == % ]] && picked='%5%'
    format+=$picked
    pick '' '' '' '' - + '#' ' ' 0 5 -20 30 .3 12.2 -.0 +08
    local flags=$picked
    pick a b c d D f F g G h H i k l m M n p P s S t u U y Y p P \
      T@ T+ Tc TX Tx TS TT TY Ts Tk Tl Tj TZ Tz Te Tp Tr A@ A+ C@ C+ TE TQ
    format+=%$flags$picked
  done
}

nothing() { :; }
make_tree
# So that reading it again moves no time of access.
find t -exec ls {} + > /dev/null 2>&1

fresh=(nothing)
for ((round = 0; round < 200; ++round)); do
  random_format
  pick t ./t t/ t// "$work/t" t/d/b.c
  operand=$picked
  pick -P -H -L
  compare $picked "$operand" -printf "$format"'\1\n'
done
compare t -ls
compare t -printf '%p\n\c%f'
compare t -printf 'a%'
compare t -printf '%{x}'
compare t -printf

fresh=(make_tree)
compare t -fprint out1
compare t -false -fprint out1
compare t -fprint0 out1 -fprintf out2 '%p %s\n'
compare t -fprint out1 -fprint ./out1
compare t -name b.c -fprint /dev/stdout
compare t -fprint no/such
compare t -fprint /dev/full
compare t -fprintf out1
compare t -fls
compare t/d -exec echo 'a{}b{}' \;
compare t/d -exec sh -c 'test -f "$1"' _ {} \; -print
compare t -exec nosuch {} \; -print
compare t ! -exec nosuch {} \; -print
compare t -exec nosuch {} +
compare t -exec false {} +
compare t -exec true {} + -name d -print
compare t -type f -exec sh -c 'printf "%s\n" "$@"' _ {} +
compare t -exec sh -c 'kill -9 $$' \; -print
compare t -exec sh -c 'kill -9 $$' _ {} +
compare t -execdir sh -c 'echo "$1 in $PWD"' _ {} \;
compare t -type f -execdir sh -c 'printf "%s\n" "$@"' _ {} +
compare t/ . -maxdepth 0 -execdir sh -c 'echo "$1 in $PWD"' _ {} \;
compare t -ok echo {} \; -print
compare t -exec echo
compare t -exec
compare t -exec \;
compare t -exec echo {} {} +
compare t -exec echo 'a{}' +
compare t -ok echo {} +
compare t -name b.c -delete
compare t -delete
compare t/d -delete -print
compare t/d -name '*.c' -delete -o -type d -print
compare t -name d -delete
compare t -name e -prune -delete
compare t/d -name e -exec rm -r {} \; -prune -o -print
compare t/d -exec rm -rf {} +
compare t -ignore_readdir_race -name b.c -exec rm {} \; -delete
PATH=$PATH:. compare t -execdir true \;
PATH=$PATH:a/b compare t -okdir true \;

# Signals that finder ignores are not ignored by what it starts. Beyond the 31
# first there are the C library's own.
ignored() {
  local line
  line=$("$@" t -maxdepth 0 -exec sh -c 'grep SigIgn /proc/self/status' \;)
  echo $((16#${line: -8} & 0x7fffffff))
}
[[ $(ignored find) == $(ignored "$finder" find) ]] || {
  echo 'the signals differ'
  failed+=1
}
# What the shell has opened for them is theirs.
"$finder" find t -maxdepth 0 -exec sh -c 'echo 7 >&7' \; 7> out1
[[ $(< out1) == 7 ]] || { echo 'descriptor 7 is lost'; failed+=1; }
# An answer for -ok.
[[ $(printf 'n\ny\n' | "$finder" find t/d/e -ok echo {} \; 2>/dev/null) == \
  t/d/e/f ]] || { echo '-ok takes another answer'; failed+=1; }

chmod -R u+rwx t
if ((failed > 0)); then
  echo "$failed command lines differ from find"
  exit 1
fi
