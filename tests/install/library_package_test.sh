#!/bin/bash
# tools/make_library_debs makes libfinder1 and libfinder-dev. $3 is the shared
# object, $4 the archive.
source tests/install/support.sh
for tool in dpkg-architecture dpkg-deb dpkg-gencontrol dpkg-shlibdeps strip; do
  need "$tool"
done
export SOURCE_DATE_EPOCH=1600000000
version=$("$finder" --version)
version=${version#finder }-1
architecture=$(dpkg --print-architecture)
libdir=usr/lib/$(dpkg-architecture -qDEB_HOST_MULTIARCH)

tools/make_library_debs 2>/dev/null && fail "a missing argument is no error"
made=$(tools/make_library_debs "$3" "$4" "$work/a b")
expect "the names" "$work/a b/libfinder1_${version}_$architecture.deb
$work/a b/libfinder-dev_${version}_$architecture.deb" "$made"
tools/make_library_debs "$3" "$4" "$work/again" >/dev/null
for package in libfinder1 libfinder-dev; do
  file=$work/a\ b/${package}_${version}_$architecture.deb
  cmp "$file" "$work/again/${file##*/}" ||
    fail "the same inputs make other bytes"
  expect "the package" "$package" "$(dpkg-deb -f "$file" Package)"
  mkdir -p "$work/root/var/lib/dpkg/"{info,updates,triggers}
  touch "$work/root/var/lib/dpkg/status"
  dpkg --root="$work/root" --log=/dev/null --force-not-root --force-depends \
    --force-bad-path --install "$file" >"$work/log" 2>&1 || cat "$work/log"
  expect "verified" "" "$(dpkg --root="$work/root" --verify "$package")"
  if command -v lintian >/dev/null; then
    expect "lintian" "" "$(lintian --allow-root --fail-on none "$file" 2>&1)"
  else
    echo "skipped: no lintian"
  fi
done
depends=$(dpkg-deb -f "$work/a b/libfinder1_${version}_$architecture.deb" Depends)
[[ $depends =~ (^|, )libc6' '.*libstdc\+\+6 ]] || fail "it depends on: $depends"
expect "of the other" "libfinder1 (= $version)" "$(dpkg-deb -f \
  "$work/a b/libfinder-dev_${version}_$architecture.deb" Depends)"
for file in "$libdir"/libfinder.{a,so,so.1} usr/include/finder/finder.h \
  "$libdir/pkgconfig/finder.pc" "$libdir/cmake/finder/finder-config.cmake" \
  usr/share/man/man3/finder.3.gz; do
  [[ -e $work/root/$file ]] || fail "$file is missing"
done
finish
