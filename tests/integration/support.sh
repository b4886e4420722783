# What the tests of doc/examples share: a copy of an example to work in, and a
# finder that counts how often it runs. Read by bash; $1 is the finder.
# shellcheck shell=bash

set -euo pipefail

repository=$PWD
work=$(mktemp -d "${TEST_TMPDIR:-/tmp}/example.XXXXXX")
trap 'rm -rf "$work"' EXIT
mkdir "$work/bin" "$work/home"
runs=$work/runs
: >"$runs"
result= # the file that an example makes; set by the test
cp "$repository/$1" "$work/bin/real_finder"
# While the file "during" is there, finder is held up at the end of its scan,
# before it writes anything, until that has run: its standard error is a full
# pipe, in which a line about progress does not fit.
cat >"$work/bin/finder" <<END
#!/bin/bash
echo run >>"$runs"
[[ -e "$work/during" ]] || exec "$work/bin/real_finder" "\$@"
rm -f "$work/pipe"
mkfifo "$work/pipe"
exec 3<>"$work/pipe"
dd if=/dev/zero of="$work/pipe" oflag=nonblock bs=4096 2>/dev/null
"$work/bin/real_finder" -j 1 --progress=always "\$@" 2>&3 &
finder=\$!
until read -r _ fd _ <"/proc/\$finder/syscall" && [[ \$fd == 0x2 ]]; do
  [[ -e /proc/\$finder/syscall ]] || exit 99
done
bash "$work/during"
rm "$work/during"
cat <&3 >"$work/progress" &
reader=\$!
wait "\$finder"
status=\$?
kill "\$reader"
exit "\$status"
END
chmod +x "$work/bin/finder"
export PATH=$work/bin:/usr/local/bin:/usr/bin:/bin HOME=$work/home
export XDG_CACHE_HOME=$work/home/cache

# need TOOL: ends the test as passed where the tool is missing.
need() {
  command -v "$1" >/dev/null || { echo "skipped: no $1" && exit 0; }
}

# copy_example NAME: enters a writable copy.
copy_example() {
  cp -r "$repository/doc/examples/$1" "$work/tree"
  chmod -R u+w "$work/tree"
  cd "$work/tree"
  # A build tool cannot tell what happened within one tick of the clock.
  find . -exec touch -d '1 hour ago' {} +
}

fail() {
  echo "FAILED: $*" >&2
  exit 1
}

# expect WHAT FINDER_RUNS CONTENT: builds, and compares how often finder ran,
# what the result holds, and whether it was made ("made") or not ("kept").
expect() {
  local what=$1 wanted_runs=$2 wanted_state=$3 wanted_content=$4
  local before after state content
  : >"$runs"
  before=$(stat -c '%i %y' "$result" 2>/dev/null || true)
  build >"$work/log" 2>&1 || { cat "$work/log" && fail "$what: build failed"; }
  after=$(stat -c '%i %y' "$result")
  content=$(tr '\n' ' ' <"$result")
  state=kept
  [[ $before == "$after" ]] || state=made
  local finder_runs
  finder_runs=$(wc -l <"$runs")
  if [[ $finder_runs != "$wanted_runs" || $state != "$wanted_state" ||
    $content != "$wanted_content" ]]; then
    cat "$work/log"
    fail "$what: finder ran $finder_runs times (not $wanted_runs)," \
      "$result was $state (not $wanted_state): $content"
  fi
}

# check_history: what happens to the files of an example, and what its build is
# to make of it.
check_history() {
  local directory
  expect "the first build" 1 made "two one "
  expect "nothing changed" 0 kept "two one "
  echo three >src/more/zzz.txt
  expect "a matching file came" 1 made "two three one "
  expect "and then nothing" 0 kept "two three one "
  echo x >src/other.c
  expect "another file came" 1 kept "two three one "
  expect "and then nothing" 0 kept "two three one "
  echo more >>src/other.c
  expect "a file was written to" 0 kept "two three one "
  rm src/one.txt
  expect "a matching file went" 1 made "two three "
  # shellcheck disable=SC2016  # names with a dollar sign
  mkdir 'src/new $dir #1:x' && echo four >'src/new $dir #1:x/four.txt'
  mkdir 'src/new (2)' 'src/e$' 'src/~x' 'src/b\s' 'src/[id]' 'src/é' \
    'src/c:'
  expect "a directory came" 1 made "two three four "
  expect "and then nothing" 0 kept "two three four "
  for directory in src/new* src/e* src/~x src/b* src/\[* src/é src/c:; do
    echo y >"$directory/y.c"
    expect "another file came to $directory" 1 kept "two three four "
    expect "and then nothing" 0 kept "two three four "
  done
  rm -r src/more
  expect "a directory went" 1 made "four "
  expect "and then nothing" 0 kept "four "
  echo 'echo five >src/five.txt' >"$work/during"
  echo six >src/six.txt
  expect "a file came, another one during the run" 1 made "four six "
  expect "that one is seen by the next run" 1 made "five four six "
  expect "and then nothing" 0 kept "five four six "
  echo 'echo seven >src/seven.txt' >"$work/during"
  echo x >src/x.c
  expect "a file that does not match, one that does during the run" 1 kept \
    "five four six "
  expect "that one is seen by the next run" 1 made "five four seven six "
  expect "and then nothing" 0 kept "five four seven six "
}
