#!/bin/bash
# `finder --tracked` against `git ls-files`: each case makes a repository of some
# kind, and compares what both say of what is on the disk.
set -u
export LC_ALL=C HOME=$TEST_TMPDIR/home GIT_CONFIG_NOSYSTEM=1
export FINDER_CACHE_DIR=$TEST_TMPDIR/cache
finder=$PWD/$1
mkdir -p "$HOME"
git config --global user.name me
git config --global user.email me@here
git config --global init.defaultBranch main
git config --global protocol.file.allow always
git config --global advice.detachedHead false
failures=0

# tracked DIRECTORY...: the files and symlinks that the repositories there track.
tracked() {
  local top
  for top in "$@"; do
    git -C "$top" ls-files -z |
      (cd "$top" && while IFS= read -r -d '' path; do
        if [[ -f $path || -L $path ]] && [[ ! -d $path || -L $path ]]; then
          [[ $top == . ]] || printf '%s/' "$top"
          printf '%s\0' "$path"
        fi
      done)
  done | sort -zu
}

# same CASE TOP...: in the working directory.
same() {
  local name=$1
  shift
  tracked "$@" >"$TEST_TMPDIR/git"
  "$finder" --tracked -t f,l -0 >"$TEST_TMPDIR/dotted" || failures=$((failures + 1))
  sed -z 's|^\./||' "$TEST_TMPDIR/dotted" | sort -z >"$TEST_TMPDIR/own"
  if ! cmp -s "$TEST_TMPDIR/git" "$TEST_TMPDIR/own"; then
    echo "FAILED: $name"
    diff <(tr '\0' '\n' <"$TEST_TMPDIR/git") <(tr '\0' '\n' <"$TEST_TMPDIR/own")
    failures=$((failures + 1))
  fi
}

# fill: a tree in the working directory, of which some is tracked.
fill() {
  mkdir -p a/b 'c d' deep/er/still .hidden
  local path
  for path in x a/x a/b/x a/b/y a.c a-b 'c d/e f' deep/er/still/z .hidden/h; do
    echo "$path" >"$path"
  done
  printf '' >$'a/new\nline'
  ln -s x link
  ln -s a directory_link
  git add -A
  git commit -qm all
  echo >untracked
  echo >a/untracked
  echo >a/b/x.o
  rm a-b
}

begin() {  # begin CASE [GIT INIT OPTION...]
  local name=$1
  shift
  mkdir -p "$TEST_TMPDIR/$name" && cd "$TEST_TMPDIR/$name" || exit 1
  git init -q "$@" . || exit 1
}

begin plain
same no_index_yet .
fill
same plain .
git rm -q --cached x
same one_is_untracked_again .
(cd a && "$finder" --tracked -t f,l | sort >"$TEST_TMPDIR/own" &&
  git ls-files | while read -r path; do
    [[ ! -f $path ]] || echo "$path"
  done | sort >"$TEST_TMPDIR/git")
grep -v 'new' "$TEST_TMPDIR/git" | diff - <(grep -v '^new\|^line' "$TEST_TMPDIR/own") || {
  echo "FAILED: below the top"
  failures=$((failures + 1))
}
[[ $("$finder" --tracked -t d -E .git | tr '\n' ' ') == \
  '.hidden a a/b c d deep deep/er deep/er/still ' ]] || {
  echo "FAILED: directories"
  failures=$((failures + 1))
}
[[ $("$finder" --tracked --names x) == $'a/b/x\na/x' ]] || {
  echo "FAILED: with --names, which hide .git files"
  failures=$((failures + 1))
}

for version in 2 3 4; do
  begin "version$version"
  git config index.version "$version"
  fill
  git add -N untracked  # which version 2 cannot hold
  same "version $version" .
done

begin sha256 --object-format=sha256
fill
same sha256 .

begin split
fill
git update-index --split-index
git config splitIndex.maxPercentChange 100
echo >later && git add later
git rm -q --cached a/x a/b/y
echo changed >x && git add x
ls .git/sharedindex.* >/dev/null || echo "the index is not split"
same split .

begin sparse
fill
git sparse-checkout init --cone --sparse-index
git sparse-checkout set a
git add -A a 2>/dev/null
same sparse .

begin conflict
fill
git checkout -q -b other && echo other >x && git commit -qam other
git checkout -q main && echo main >x && git commit -qam main
git merge -q other >/dev/null 2>&1
same conflict .

begin nested
fill
git init -q a/nested && (cd a/nested && fill)
mkdir -p a/empty/.git  # a directory that is only called so
echo >a/empty/f && git add -f a/empty/f 2>/dev/null
same nested . a/nested

begin worktree
fill
git worktree add -q tree -b tree
echo >tree/own && git -C tree add own
same worktree . tree

begin submodule
fill
git init -q "$TEST_TMPDIR/library"
(cd "$TEST_TMPDIR/library" && fill)
git submodule --quiet add "$TEST_TMPDIR/library" sub/module 2>/dev/null
echo >sub/module/untracked2
same submodule . sub/module

# An index that is no index: said, and the answer is incomplete.
begin damaged
fill
echo nonsense >.git/index
"$finder" --tracked >"$TEST_TMPDIR/own" 2>"$TEST_TMPDIR/err"
[[ $? == 3 && ! -s $TEST_TMPDIR/own &&
  $(<"$TEST_TMPDIR/err") == 'finder: .git/index: not an index of git, or damaged' ]] || {
  echo "FAILED: damaged"
  cat "$TEST_TMPDIR/err"
  failures=$((failures + 1))
}

# Random trees, half of which is added, with the index in any form.
RANDOM=20264
for ((round = 0; round < 12; ++round)); do
  begin "random$round"
  git config index.version $((2 + RANDOM % 3))
  for ((i = 0; i < 80; ++i)); do
    directories=($((RANDOM % 4)) $((RANDOM % 4))/$((RANDOM % 4)) .)
    path=${directories[RANDOM % 3]}/$((RANDOM % 9))
    [[ -e $path ]] && continue
    mkdir -p "$(dirname "$path")" 2>/dev/null && echo "$i" >"$path" 2>/dev/null
    ((RANDOM % 2)) && git add "$path" 2>/dev/null
    ((RANDOM % 20 == 0)) && git update-index --split-index
  done
  same "random $round" .
done

((failures == 0)) && echo "all the same"
exit $((failures > 0))
