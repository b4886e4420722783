#!/bin/bash
# The ABI of libfinder is the recorded one: symbols and their versions, struct
# layouts, values, soname. On purpose changed, it is recorded anew by
#   tests/finder/library/abi_test.sh LIBRARY PRINT_LAYOUT HEADER \
#     > testdata/libfinder/abi.txt
# Lines may be added; a line that changes or goes is another soname.
set -euo pipefail
export LC_ALL=C
library=$1 print_layout=$2 header=$3

abi() {
  readelf --dynamic "$library" | sed -nE 's/.*\(SONAME\).*\[(.*)\]/soname: \1/p'
  nm --dynamic --defined-only --with-symbol-versions "$library" |
    awk '$2 != "A" { print $2, $3 }' | sort
  "$print_layout"
}

if [[ ! -v TEST_TMPDIR ]]; then
  abi
  exit
fi
abi >"$TEST_TMPDIR/abi.txt"
diff testdata/libfinder/abi.txt "$TEST_TMPDIR/abi.txt"
# Every function that the header declares is there, and no other.
diff <(grep -oE 'finder_[a-z_]+\(' "$header" | tr -d '(' | sort -u) \
  <(awk '/^T / { sub("@.*", "", $2); print $2 }' "$TEST_TMPDIR/abi.txt")
# It needs what Debian has as shared objects, and nothing else.
readelf --dynamic "$library" | sed -nE 's/.*\(NEEDED\).*\[(.*)\]/\1/p' |
  grep -vE '^(lib(absl_[a-z_]+|re2|simdjson|xxhash|zstd)|libstdc\+\+|libm|libgcc_s|libc|ld-linux[^ ]*)\.so' &&
  exit 1
echo passed
