#!/bin/bash
# tools/place_library lays libfinder out so that compilers, pkg-config, CMake and
# Python find it: the examples of doc/examples/library are built with it and run.
# $3 is the shared object, $4 the archive.
source tests/install/support.sh
library=$PWD/$3 archive=$PWD/$4
examples=$PWD/doc/examples/library
prefix=$work/a_prefix

tools/place_library 2>/dev/null && fail "a missing argument is no error"
tools/place_library "$library" "$archive" "$prefix" >"$work/said"
expect "the tree" "644 include/finder/finder.h
644 lib/cmake/finder/finder-config-version.cmake
644 lib/cmake/finder/finder-config.cmake
644 lib/libfinder.a
644 lib/libfinder.so.1
644 lib/pkgconfig/finder.pc
644 share/man/man3/finder.3
777 lib/libfinder.so" \
  "$(cd "$prefix" && find . ! -type d -printf '%m %P\n' | LC_ALL=C sort)"
expect "what it says" "$(find "$prefix" ! -type d | sort)" "$(sort "$work/said")"
expect "what is not filled in" "" \
  "$(grep -rlE '@[A-Z]+@' "$prefix" --include='*.pc' --include='*.cmake' \
    --include='*.3')"

# The page names every function of the header.
grep -oE 'finder_[a-z_]+\(' "$prefix/include/finder/finder.h" | sort -u |
  while IFS= read -r function; do
    grep -qF "$function" "$prefix/share/man/man3/finder.3" ||
      echo "$function"
  done >"$work/missing"
expect "functions without a page" "" "$(cat "$work/missing")"
if command -v mandoc >/dev/null; then
  expect "mandoc" "" "$(mandoc -Tlint -Wwarning "$prefix/share/man/man3/finder.3" \
    2>&1 | grep -v 'missing date')"
fi

mkdir -p "$work/tree/src/out" "$work/tree/src/lib"
cd "$work/tree"
touch src/main.c src/lib/one.h src/out/made.c
touch -d '1 hour ago' src/main.c
export LD_LIBRARY_PATH=$prefix/lib

# With pkg-config, as C99, as C++ and with the archive.
need pkg-config
export PKG_CONFIG_PATH=$prefix/lib/pkgconfig
expect "the version" "$("$finder" --version)" \
  "finder $(pkg-config --modversion finder)"
read -ra flags <<<"$(pkg-config --cflags --libs finder)"
gcc -std=c99 -pedantic -Wall -Wextra -Werror "$examples/c/list.c" \
  "${flags[@]}" -o "$work/list"
g++ -std=c++17 -Wall -Wextra -Werror "$examples/cpp/count.cc" "${flags[@]}" \
  -o "$work/count"
listed="src/lib/one.h
src/main.c"
for run in cold warm; do
  expect "the C example, $run" "$listed" "$("$work/list" src 2>&1)"
done
expect "a missing root" "list: missing: No such file or directory" \
  "$("$work/list" missing 2>&1)"
expect "the C++ example" "c 2 h 1" "$("$work/count" src c h | paste -sd' ')"
read -ra flags <<<"$(pkg-config --cflags finder) $prefix/lib/libfinder.a"
read -ra more <<<"$(pkg-config --static --libs-only-l finder |
  sed 's/-lfinder//')"
gcc "$examples/c/list.c" "${flags[@]}" "${more[@]}" -o "$work/static"
expect "the archive" "$listed" "$("$work/static" src)"
expect "what that needs of ours" "" \
  "$(readelf --dynamic "$work/static" | grep -E 'libfinder|absl')"

# The program and the library share a cache.
expect "the program's cache" warm \
  "$("$finder" --stats=json --exclude out -e c,h src 2>&1 >/dev/null |
    sed -nE 's/.*"cache":"([a-z]+)".*/\1/p')"

if command -v cmake >/dev/null; then
  cp -r "$examples" "$work/examples"
  if cmake -S "$work/examples/cmake" -B "$work/build" \
    -DCMAKE_PREFIX_PATH="$prefix" >"$work/log" 2>&1 &&
    cmake --build "$work/build" >>"$work/log" 2>&1; then
    expect "CMake, shared" "$listed" "$("$work/build/list" src)"
    expect "CMake, static" "c 2" "$("$work/build/count" src c)"
  else
    cat "$work/log"
    fail "CMake cannot use it"
  fi
else
  echo "skipped: no cmake"
fi

expect "the Python example" src/lib/one.h \
  "$(FINDER_LIBRARY=$library PYTHONDONTWRITEBYTECODE=1 \
    PYTHONPATH=$OLDPWD/finder/library/python \
    /usr/bin/python3 "$examples/python/newest.py" src)"

# What calls the program.
mkdir "$work/bin" && ln -s "$finder" "$work/bin/finder"
export PATH=$work/bin:$PATH
cp "$examples/make/Makefile" .
expect "make" "2" "$(make -s >/dev/null && cat summary.txt)"
before=$(stat -c %y summary.txt)
make -s
expect "make, the list is as it was" "$before" "$(stat -c %y summary.txt)"
if command -v meson >/dev/null; then
  cp "$examples/meson/meson.build" .
  echo 'int main(void) { return 0; }' >src/main.c
  rm -r src/out
  { meson setup meson-out && meson compile -C meson-out; } >"$work/log" 2>&1 ||
    { cat "$work/log" && fail "meson"; }
else
  echo "skipped: no meson"
fi
finish
