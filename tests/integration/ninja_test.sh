#!/bin/bash
# doc/examples/ninja does what it says, with the real ninja.
source tests/integration/support.sh
need ninja
copy_example ninja
result=out/pack
build() { ninja -d explain; }

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
