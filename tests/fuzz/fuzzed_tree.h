// The tree that the databases of the fuzzers are about.
#ifndef FINDER_TESTS_FUZZ_FUZZED_TREE_H_
#define FINDER_TESTS_FUZZ_FUZZED_TREE_H_

#include "finder/query/query.h"
#include "finder/view/view.h"
#include "tests/support/finder_fixture.h"

namespace finder {

inline void MakeFuzzedTree(FinderFixture& machine) {
  machine.tree.AddTree(
      "f a.c\n"
      "f d/b.c\n"
      "f d/e/f/caf\xe9.c\n"
      "f d/e/gr\xc3\xbc\xc3\x9f.c\n"
      "l d/link -> e\n"
      "l d/loop -> .\n"
      "d empty\n"
      "f out/Android.bp\n",
      "/src");
  machine.Age();
}

// Whatever the database says: the run ends well, and so does one with what it
// wrote; with other rules too, which look at it in other ways.
inline void RunTwice(FinderFixture& machine, const View& view) {
  machine.Warm(view);
  View other = view;
  other.exclude_dirs = {"e"};
  other.prune_files = {"Android.bp"};
  other.roots = {"/src/d", "/src/out"};
  machine.Warm(other);
}

}  // namespace finder

#endif  // FINDER_TESTS_FUZZ_FUZZED_TREE_H_
