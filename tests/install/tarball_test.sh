#!/bin/bash
# tools/make_tarball makes an archive that can be unpacked anywhere. With
# --config=static, its program runs where there is nothing else.
source tests/install/support.sh
for tool in dpkg-query g++ strip readelf; do
  need "$tool"
done
export SOURCE_DATE_EPOCH=1600000000
version=$("$finder" --version)
version=${version#finder }
name=finder-$version-linux-$(uname -m)

tools/make_tarball 2>/dev/null && fail "a missing argument is no error"
mkdir "$work/a b"
echo deb >"$work/a b/finder_$version-1_amd64.deb"
echo deb >"$work/a b/finder_9.9-1_amd64.deb"
archive=$(tools/make_tarball "$finder" "$write_manual" "$work/a b")
expect "the name" "$work/a b/$name.tar.gz" "$archive"
again=$(umask 077 && tools/make_tarball "$finder" "$write_manual" "$work/again")
cmp "$archive" "$again" || fail "the same inputs make other bytes"
expect "what has a sum" "$name.tar.gz|finder_$version-1_amd64.deb" \
  "$(cut -c67- "$work/a b/SHA256SUMS" | paste -sd'|')"
expect "the sums" "" \
  "$(cd "$work/a b" && sha256sum --quiet --check SHA256SUMS 2>&1)"

# What it holds.
documents=$(documents | sed 's,^,-rw-r--r-- share/doc/finder/,')
expect "the files" "$(LC_ALL=C sort <<<"-rw-r--r-- share/bash-completion/completions/finder
-rw-r--r-- share/doc/finder/CHANGELOG.md
-rw-r--r-- share/doc/finder/CONTRIBUTING.md
-rw-r--r-- share/doc/finder/LICENSE
-rw-r--r-- share/doc/finder/README.md
-rw-r--r-- share/finder/FinderGlob.cmake
-rw-r--r-- share/finder/finder.mk
-rw-r--r-- share/fish/vendor_completions.d/finder.fish
-rw-r--r-- share/man/man1/finder.1
-rw-r--r-- share/zsh/site-functions/_finder
-rwxr-xr-x bin/finder
$documents")" \
  "$(tar -tvzf "$archive" |
    awk -v top="$name/" '!/^d/ { sub("^" top, "", $6); print $1, $6 }' |
    grep -v ' share/doc/finder/third-party/' | LC_ALL=C sort)"
expect "owners and times" "root/root 2020-09-13" \
  "$(TZ=UTC tar -tvzf "$archive" | awk '{ print $2, $4 }' | sort -u)"
mkdir "$work/prefix"
tar -C "$work/prefix" --strip-components=1 -xzf "$archive"
program=$work/prefix/bin/finder
expect "the program" "$("$finder" --version)" "$("$program" --version)"
expect "the page" "$("$write_manual" man)" \
  "$(cat "$work/prefix/share/man/man1/finder.1")"
for shell in bash-completion/completions/finder=bash \
  zsh/site-functions/_finder=zsh fish/vendor_completions.d/finder.fish=fish; do
  expect "${shell#*=}" "$("$write_manual" "${shell#*=}")" \
    "$(cat "$work/prefix/share/${shell%=*}")"
done
expect "dead links" "" "$(dead_links "$work/prefix/share/doc/finder")"

# The licences: of every library, and every text that one of them names.
third_party=$work/prefix/share/doc/finder/third-party
for library in absl c6 cli11 fmt re2 simdjson 'stdc++-*' xxhash zstd; do
  # shellcheck disable=SC2086  # a pattern
  (cd "$third_party" && grep -qi 'licen[cs]e' lib$library-dev) ||
    fail "no licence of $library"
done
for library in "$third_party"/lib*; do
  row=$(grep -F "| [${library##*/}](${library##*/}) | " \
    "$third_party/README.md") || fail "the notice names no ${library##*/}"
  [[ $row =~ ' '[0-9][^' ']*' |'$ ]] || fail "no version in: $row"
done
texts=$(grep -ohE '/common-licenses/[A-Za-z0-9.-]*[A-Za-z0-9]' \
  "$third_party"/lib* | sort -u)
[[ $texts == */LGPL-2.1* ]] || fail "glibc's licence is missing: $texts"
for text in Apache-2.0 $texts; do
  [[ -s $third_party/licences/${text##*/} ]] || fail "no text of ${text##*/}"
done

# The source of what Debian has no archive of.
echo other >"$work/other"
tools/fetch_simdjson "$work/other" 2>"$work/said" &&
  fail "another source is taken for simdjson's"
grep -q "other: is not simdjson_" "$work/said" || fail "$(cat "$work/said")"

if readelf --program-headers "$program" | grep INTERP >/dev/null; then
  echo "skipped: this program has a loader; tools/check builds one without"
  finish
  exit
fi
expect "what it needs" "" "$(readelf --dynamic "$program" | grep NEEDED)"
readelf --notes "$program" | grep 'OS: Linux, ABI: 3\.' >/dev/null ||
  fail "it needs a kernel of another age"

# In a root directory with nothing in it: no loader, /proc, /dev or /etc.
mkdir -p "$work/root"/{home,tree/directory}
touch "$work/root/tree/directory/file"
cp "$program" "$work/root/"
chroot=$(PATH=$PATH:/usr/sbin:/sbin type -P chroot)
alone() {
  if ((EUID == 0)); then
    env -i HOME=/home "$chroot" "$work/root" /finder "$@"
  else
    env -i HOME=/home unshare --map-root-user --root="$work/root" /finder "$@"
  fi
}
if alone --version >/dev/null 2>&1; then
  for run in cold warm; do
    expect "alone, $run" tree/directory/file "$(alone tree 2>&1)"
  done
  expect "alone, as find" tree/directory "$(alone find tree -type d -name 'd*')"
  expect "alone, by expression" tree/directory/file \
    "$(alone --no-cache --regex '^tree/.*/f[a-z]*e$' tree)"
  alone cache verify >"$work/said" 2>&1 || fail "alone: $(cat "$work/said")"
else
  echo "skipped: neither root nor user namespaces, so no chroot"
fi

# A short run maps no library, and no memory for Abseil's graph of locks.
if strace -o "$work/trace" true 2>/dev/null; then
  strace -f -o "$work/trace" "$program" --no-cache "$work/root/tree" >/dev/null
  expect "memory that is mapped" "" "$(grep 'mmap(' "$work/trace")"
  calls=$(grep -c '(' "$work/trace")
  ((calls <= 80)) || fail "a short run makes $calls system calls"
fi

# With the system calls of Linux 4.15 only, of Ubuntu 18.04.
newer=clone3,close_range,epoll_pwait2,faccessat2,futex_waitv,io_uring_setup
newer+=,landlock_create_ruleset,mount_setattr,openat2,pidfd_getfd,pidfd_open
newer+=,pidfd_send_signal,process_madvise,rseq
old_kernel() {
  strace -f -o "$work/trace" -e "trace=$newer" -e "inject=$newer:error=ENOSYS" \
    "$program" "$@"
}
mkdir -p "$work/tree"/{1..40}/{1..10}
touch "$work/tree"/{1..40}/file
cd "$work"
if strace -o "$work/trace" true 2>/dev/null; then
  for run in cold warm; do
    expect "an old kernel, $run" "$(LC_ALL=C find tree -type f | LC_ALL=C sort)" \
      "$(old_kernel -j4 tree 2>&1)"
  done
  old_kernel cache gc >/dev/null 2>"$work/said" || fail "$(cat "$work/said")"
else
  echo "skipped: strace is missing, or may not trace"
fi

# Modules of the C library's that read characters are never loaded: where the
# machine's is of another version, that would abort.
locales=$work/locales
mkdir -p "$locales" "$work/names"
touch "$work/names/"$'\244\242'
if localedef -f EUC-JP -i ja_JP "$locales/ja_JP.eucjp" 2>/dev/null; then
  expect "bytes" "" "$(LOCPATH=$locales LC_ALL=ja_JP.eucjp \
    "$program" find names -name '?' -type f)"
else
  echo "skipped: no localedef, or no EUC-JP"
fi
finish
