#!/bin/bash
# What the shared cache costs a run in which nothing has changed: system calls
# on files and descriptors, next to those of the same run with --db FILE. It does
# not depend on the size of the tree or of the cache.
set -u

finder=$PWD/$1
# Opening the cache 4, looking for the entry 1, locking it 5, noting the use 2
# and what happened 4, whether upkeep is due 1; without the look at what --db
# names, and whether that is a database, 6. A default place is looked at once
# more: whose home is it?
most=11

if ! strace -o "$TEST_TMPDIR/probe" true 2>/dev/null; then
  echo "skipped: strace is missing, or may not trace"
  exit 0
fi

if grep -qE '__(asan|tsan)_init' "$finder"; then
  echo "skipped: a sanitizer makes calls of its own"
  exit 0
fi

work=$(mktemp -d "$TEST_TMPDIR/cost.XXXXXX")
cd "$work" || exit 1
mkdir -p tree/{a,b,c}/d
touch tree/{a,b,c}/d/file

# Until the stamps are old enough to be trusted, runs store what they see.
settle() {
  local -i run
  for ((run = 0; run < 5000; ++run)); do
    [[ $("$finder" "$@" --stats=json tree 2>&1 >/dev/null) \
      != *'"database_written":false'* ]] || return 0
  done
  echo "FAILED: $* is written on every run"
  exit 1
}

calls() {
  settle "$@"
  strace -f -e trace=%file,%desc -o "$work/all" \
    "$finder" -j1 "$@" tree >answer || exit 1
  [[ $(wc -l <answer) == 3 ]] || exit 1
  # Memory is asked for as the allocator likes.
  grep '(.* = ' "$work/all" | grep -v ' mmap(' >"$work/trace"
  wc -l <"$work/trace"
}

named=$(calls --db "$work/db") || exit 1
cached=$(calls --cache-dir "$work/cache") || exit 1
echo "$cached system calls through the cache, $named with --db"
if ((cached > named + most)); then
  echo "FAILED: more than $most apart"
  sed 's/^[0-9]* //' "$work/trace"
  exit 1
fi
