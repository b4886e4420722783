#!/bin/bash
# The plan that Soong's build would ask, over a generated tree, gives what find
# gives. $1 is the finder.
set -euo pipefail
export LC_ALL=C
finder=$PWD/$1
plan=$PWD/testdata/plans/soong.json
work=$(mktemp -d "${TEST_TMPDIR:-/tmp}/soong.XXXXXX")
trap 'rm -rf "$work"' EXIT
cd "$work"

# A tree of a few hundred directories, the same in every run.
RANDOM=20
names=(Android.mk Android.bp CleanSpec.mk AndroidProducts.mk OWNERS
  TEST_MAPPING METADATA config.mk board.mk main.c)
hidden=(.git .repo out .out-dir .find-ignore)
grow() {
  local directory=$1 depth=$2 i name
  mkdir -p "$directory"
  for name in "${names[@]}"; do
    ((RANDOM % 4 > 0)) || : >"$directory/$name"
  done
  ((depth > 0)) || return 0
  case $((RANDOM % 12)) in
    0) : >"$directory/.out-dir" ;;
    1) : >"$directory/.find-ignore" ;;
  esac
  for ((i = 0; i < 4; ++i)); do
    name=d$i
    ((RANDOM % 8 > 0)) || name=${hidden[RANDOM % 3]}
    grow "$directory/$name" $((depth - 1))
  done
}
mkdir tree
cd tree
for top in art bionic build device product vendor; do grow "$top" 3; done
mkdir -p out
touch Android.bp OWNERS

# visible TEST...: what the view shows, by find.
visible() {
  find . -type d \( -name .git -o -name .repo -o -name out \
    -o -exec test -e {}/.out-dir \; -o -exec test -e {}/.find-ignore \; \) \
    -prune -o ! -type d "$@" -print | sed 's|^\./||' | sort
}
# first: drops what lies below the directory of another line.
first() {
  awk '{
    directory = $0; sub("/?[^/]*$", "", directory)
    has[directory] = 1; line[NR] = $0; at[NR] = directory
  } END {
    for (i = 1; i <= NR; ++i) {
      keep = 1; above = at[i]
      while (above != "") {
        if (above ~ "/") sub("/[^/]*$", "", above); else above = ""
        if (above in has) keep = 0
      }
      if (keep) print line[i]
    }
  }'
}

mkdir ../expected
visible -name Android.mk | first >../expected/Android.mk.list
visible -name CleanSpec.mk | first >../expected/CleanSpec.mk.list
for name in Android.bp OWNERS TEST_MAPPING METADATA; do
  visible -name $name >../expected/$name.list
done
visible -name '*.mk' ! -name Android.mk ! -name CleanSpec.mk \
  ! -name AndroidProducts.mk >../expected/configuration.list
visible -name AndroidProducts.mk | grep -E '^(device|vendor|product)/' \
  >../expected/AndroidProducts.mk.list

check() {
  "$finder" --plan "$plan" --db "$work/db" "$@"
  diff -r ../expected out
}
check -j 1
check -j 2
rm out/*.list
check
[[ $(wc -l <out/configuration.list) -gt 100 ]]
echo "$(cat out/*.list | wc -l) lines in $(find out -name '*.list' | wc -l) lists"
