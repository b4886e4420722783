// Joins the directories of decoded blocks to trees, block by block.
//
// Each block knows its directories' parents within itself; what hangs above
// them is in an earlier block. Thread-compatible.
#ifndef FINDER_FINDER_DATABASE_TREE_JOINER_H_
#define FINDER_FINDER_DATABASE_TREE_JOINER_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "finder/database/database_format.h"
#include "finder/tree/directory_tree.h"

namespace finder {

class TreeJoiner {
 public:
  // `roots`: the absolute paths of the trees' tops. Both must outlive this.
  TreeJoiner(const std::vector<std::string>& roots, DirectoryTree& tree)
      : roots_(roots), tree_(tree) {}

  // Adds the next block in the order of the database. False if it does not
  // follow on what was added before; then the tree is of no use.
  bool Add(const DecodedBlock& block);

 private:
  bool AddTop(size_t root, Directory* directory, size_t depth);
  bool SpineIs(std::string_view parent_path) const;

  const std::vector<std::string>& roots_;
  DirectoryTree& tree_;
  size_t root_ = 0;                // of the spine
  std::vector<Directory*> spine_;  // the last directory at each depth
};

}  // namespace finder

#endif  // FINDER_FINDER_DATABASE_TREE_JOINER_H_
