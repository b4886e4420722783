// A tree written anew into memory of its own, so that what was taken off it,
// and listings that were replaced, can be given back: arenas free nothing
// singly.
//
// Directories that follow one another in pre-order then lie side by side, as in
// a tree just loaded. All of them have other addresses.
//
// Thread-safety: as the tree's.
#ifndef FINDER_FINDER_TREE_TREE_REPACKING_H_
#define FINDER_FINDER_TREE_TREE_REPACKING_H_

#include <cstdint>
#include <vector>

#include "absl/functional/function_ref.h"
#include "finder/tree/directory_tree.h"

namespace finder {

struct RepackedTree {
  DirectoryTree tree;
  // All its directories, those of a top after those of another.
  std::vector<Piece> pieces;
  uint64_t directories = 0;
};

// What a repacked tree keeps beside names, stamps and listings.
enum class Repacking : uint8_t {
  // All, for going on with it: the roots too.
  kAsItIs,
  // The facts alone, as a database has them, for another scan: nothing is
  // verified, there are no roots, and what was gone or unreadable is known by
  // its name.
  kFactsAlone,
};

// `old` is left as it was. `moved` is called for each of its directories, with
// what became of it; null: it is not kept.
using MovedCallback =
    absl::FunctionRef<void(const Directory& from, const Directory* to)>;
RepackedTree Repack(const DirectoryTree& old, Repacking what,
                    MovedCallback moved);

}  // namespace finder

#endif  // FINDER_FINDER_TREE_TREE_REPACKING_H_
