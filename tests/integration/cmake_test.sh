#!/bin/bash
# doc/examples/cmake does what it says, with the real CMake: with ninja and with
# make, and with the build directory inside of what is looked into.
source tests/integration/support.sh
need cmake
need ninja
need make
copy_example cmake
sed -i "s|/usr/local/share/finder|$repository/tools/share|" CMakeLists.txt

check_generator() {
  local directory=$1 generator=$2
  result=$directory/pack
  build() { cmake --build "$directory"; }
  cmake -S . -B "$directory" -G "$generator" >"$work/log" 2>&1 ||
    { cat "$work/log" && fail "cmake failed"; }
  # Two runs: one for the files, one for the directories to watch.
  expect "$generator: the first build" 0 made "two one "
  expect "$generator: nothing changed" 0 kept "two one "
  echo three >src/more/zzz.txt
  expect "$generator: a matching file came" 2 made "two three one "
  expect "$generator: and then nothing" 0 kept "two three one "
  echo x >src/more/other.c
  expect "$generator: another file came" 2 kept "two three one "
  expect "$generator: and then nothing" 0 kept "two three one "
  echo x >>src/more/other.c
  expect "$generator: a file was written to" 0 kept "two three one "
  mkdir src/new
  expect "$generator: a directory came" 2 kept "two three one "
  echo four >src/new/four.txt
  expect "$generator: a file came to it" 2 made "two three four one "
  rm -r src/new
  expect "$generator: a directory went" 2 made "two three one "
  rm src/more/zzz.txt src/more/other.c
  expect "$generator: files went" 2 made "two one "
  expect "$generator: and then nothing" 0 kept "two one "
  echo 'echo five >src/more/five.txt' >"$work/during"
  echo six >src/six.txt
  expect "$generator: a file came, another one during the run" 2 made \
    "two one six "
  expect "$generator: that one is seen by the next build" 2 made \
    "five two one six "
  expect "$generator: and then nothing" 0 kept "five two one six "
  rm src/more/five.txt src/six.txt
  expect "$generator: files went" 2 made "two one "
}

check_generator "$work/ninja" Ninja
check_generator "$work/make" "Unix Makefiles"
sed -i 's/ROOTS src GLOBS .*)/GLOBS one.* zzz.* two.* four.* five.* six.*)/' CMakeLists.txt
check_generator build Ninja
