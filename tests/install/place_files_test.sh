#!/bin/bash
# tools/place_files lays everything out below DESTDIR and PREFIX.
source tests/install/support.sh

DESTDIR=$work/stage tools/place_files 2>/dev/null &&
  fail "a missing argument is no error"
DESTDIR=$work/stage tools/place_files "$finder" "$write_manual" /opt/a\ b \
  >"$work/said"
documents=$(documents | sed 's,^,644 share/doc/finder/,')
[[ $documents == */doc/plan.md* && $documents == */examples/make/Makefile* ]] ||
  fail "there are no documents: $documents"
expect "the tree" "$(sort <<<"644 share/bash-completion/completions/finder
644 share/doc/finder/CHANGELOG.md
644 share/doc/finder/CONTRIBUTING.md
644 share/doc/finder/LICENSE
644 share/doc/finder/README.md
644 share/finder/FinderGlob.cmake
644 share/finder/finder.mk
644 share/fish/vendor_completions.d/finder.fish
644 share/man/man1/finder.1
644 share/zsh/site-functions/_finder
755 bin/finder
$documents")" \
  "$(cd "$work/stage/opt/a b" && find . -type f -printf '%m %P\n' | sort)"
expect "what it says" "$(find "$work/stage" -type f | sort)" \
  "$(sort "$work/said")"
while read -r file; do
  [[ -s $file ]] || fail "$file is empty"
done <"$work/said"
expect "the program" "$("$finder" --version)" \
  "$("$work/stage/opt/a b/bin/finder" --version)"
expect "dead links" "" "$(dead_links "$work/stage/opt/a b/share/doc/finder")"
while read -r document; do
  [[ -e $work/stage/opt/a\ b/share/doc/finder/$document ]] ||
    fail "--help names $document, which is not installed"
done < <("$finder" --help | grep -oE 'doc/[a-z_]+\.md')
"$finder" --help | grep -q share/doc/finder ||
  fail "--help does not say where the documents are"
finish
