#!/bin/bash
# tools/make_deb makes a package that lintian and dpkg take.
source tests/install/support.sh
for tool in dpkg-deb dpkg-gencontrol dpkg-shlibdeps strip; do
  need "$tool"
done
export SOURCE_DATE_EPOCH=1600000000
version=$("$finder" --version)
version=${version#finder }-1
architecture=$(dpkg --print-architecture)

tools/make_deb 2>/dev/null && fail "a missing argument is no error"
package=$(tools/make_deb "$finder" "$write_manual" "$work/a b")
expect "the name" "$work/a b/finder_${version}_$architecture.deb" "$package"
again=$(tools/make_deb "$finder" "$write_manual" "$work/again")
cmp "$package" "$again" || fail "the same inputs make other bytes"

# What it says of itself.
field() {
  dpkg-deb -f "$package" "$1"
}
expect "the package" finder "$(field Package)"
expect "the version" "$version" "$(field Version)"
expect "the architecture" "$architecture" "$(field Architecture)"
[[ $(field Depends) =~ (^|, )libc6' '\(\>=.*libstdc\+\+6 ]] ||
  fail "it depends on: $(field Depends)"

# What it holds.
libraries=usr/share/doc/finder/third-party/
documents=$(documents | sed 's,^,-rw-r--r-- usr/share/doc/finder/,')
expect "the files" "$(LC_ALL=C sort <<<"-rw-r--r-- usr/share/bash-completion/completions/finder
-rw-r--r-- usr/share/doc/finder/CONTRIBUTING.md
-rw-r--r-- usr/share/doc/finder/README.md
-rw-r--r-- usr/share/doc/finder/changelog.Debian.gz
-rw-r--r-- usr/share/doc/finder/changelog.gz
-rw-r--r-- usr/share/doc/finder/copyright
-rw-r--r-- usr/share/finder/FinderGlob.cmake
-rw-r--r-- usr/share/finder/finder.mk
-rw-r--r-- usr/share/fish/vendor_completions.d/finder.fish
-rw-r--r-- usr/share/lintian/overrides/finder
-rw-r--r-- usr/share/man/man1/finder.1.gz
-rw-r--r-- usr/share/zsh/vendor-completions/_finder
-rwxr-xr-x usr/bin/finder
$documents")" \
  "$(dpkg-deb --fsys-tarfile "$package" | tar tv |
    awk '!/^d/ { sub("^./", "", $6); print $1, $6 }' |
    grep -v " $libraries" | LC_ALL=C sort)"
expect "owners" root/root \
  "$(dpkg-deb --fsys-tarfile "$package" | tar tv | awk '{ print $2 }' | sort -u)"
dpkg-deb -R "$package" "$work/unpacked"
expect "dead links" "" "$(dead_links "$work/unpacked/usr/share/doc/finder")"
expect "sums" "" \
  "$(cd "$work/unpacked" && md5sum --quiet -c DEBIAN/md5sums 2>&1)"
expect "files without a sum" "" \
  "$(cd "$work/unpacked" && find usr -type f | sort |
    comm -23 - <(cut -c35- DEBIAN/md5sums | sort))"
expect "the program" "$("$finder" --version)" \
  "$("$work/unpacked/usr/bin/finder" --version)"
expect "the page" "$("$write_manual" man)" \
  "$(zcat "$work/unpacked/usr/share/man/man1/finder.1.gz")"

# dpkg, with a root directory of its own.
mkdir -p "$work/root/var/lib/dpkg/"{info,updates,triggers}
touch "$work/root/var/lib/dpkg/status"
dpkg_there() {
  # Its dependencies are not there, and it has no scripts.
  dpkg --root="$work/root" --log=/dev/null --force-not-root --force-depends \
    --force-bad-path "$@" >"$work/dpkg.log" 2>&1 || {
    fail "dpkg $1"
    cat "$work/dpkg.log"
  }
}
dpkg_there --install "$package"
expect "installed" "$("$finder" --version)" \
  "$("$work/root/usr/bin/finder" --version)"
expect "verified" "" "$(dpkg --root="$work/root" --verify finder)"
dpkg_there --purge finder
expect "what is left" "" \
  "$(cd "$work/root" && find . -mindepth 1 -path ./var -prune -o -print)"
grep -q 'Package: finder' "$work/root/var/lib/dpkg/status" &&
  fail "dpkg still knows it"

if command -v lintian >/dev/null; then
  expect "lintian" "" "$(lintian --allow-root --fail-on none "$package" 2>&1)"
else
  echo "skipped: no lintian"
fi
finish
