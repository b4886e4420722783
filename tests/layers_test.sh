#!/bin/bash
# The sources keep to tools/layers.txt, and tools/layers notices when not.

set -uo pipefail

# The real tree, behind the links Bazel puts into a test's folder.
root=$(dirname "$(readlink -f WORKSPACE)")
failures=0

fail() {
  echo "FAILED: $1"
  failures=$((failures + 1))
}

# expect NAME PATTERN FILE LINE: a tree with LINE in FILE draws a complaint.
expect() {
  local tree
  tree=$(mktemp -d "$TEST_TMPDIR/tree.XXXXXX")
  mkdir -p "$tree/$(dirname "$3")"
  echo "$4" >"$tree/$3"
  local said status=0
  said=$("$root/tools/layers" "$tree") || status=$?
  if ((status != 1)) || [[ $said != *$2* ]]; then
    fail "$1: status $status, said: $said"
  fi
}

"$root/tools/layers" "$root" || fail "the tree breaks the layers"

expect "an include that points upward" "is not below" \
  fs/clock.h '#include "finder/view/view.h"'
expect "an include of a neighbour" "is not below" \
  finder/database/database.cc '#include "finder/query/query.h"'
expect "a library in the wrong module" "belongs to cmd/" \
  finder/view/view.cc '#include <CLI/CLI.hpp>'
expect "the operating system outside of fs" "belongs to fs/" \
  finder/scanner/scanner.cc '  #  include <sys/stat.h>'
expect "a thread outside of the pool" "belongs to fs/ and finder/threads/thread_pool" \
  finder/query/query.cc '#include <thread>'
expect "a test in the program" "is not part of the program" \
  cmd/main.cc '#include "tests/support/trees.h"'
expect "a module without a layer" "has no line" \
  finder/helpers.h ''

exit "$((failures > 0))"
