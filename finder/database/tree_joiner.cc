#include "finder/database/tree_joiner.h"

#include <cstddef>
#include <string_view>
#include <utility>
#include <vector>

#include "finder/tree/child_links.h"

namespace finder {

bool TreeJoiner::SpineIs(std::string_view parent_path) const {
  size_t at = 0;
  for (size_t depth = 1; depth < spine_.size(); ++depth) {
    const std::string_view name = spine_[depth]->name();
    if (depth > 1) {
      if (at >= parent_path.size() || parent_path[at] != '/') return false;
      ++at;
    }
    if (parent_path.substr(at, name.size()) != name) return false;
    at += name.size();
  }
  return at == parent_path.size();
}

bool TreeJoiner::AddTop(size_t root, Directory* directory, size_t depth) {
  if (depth == 0) {
    // Tops of trees come in the order of the header's roots, each once.
    if (root != tree_.known.size()) return false;
    tree_.known.push_back({"", roots_[root], directory});
    root_ = root;
    spine_.assign(1, directory);
    return true;
  }
  if (spine_.empty() || root != root_ || depth > spine_.size()) return false;
  Directory* const before = depth < spine_.size() ? spine_[depth] : nullptr;
  ChildLinks::Add(*spine_[depth - 1], before, *directory);
  spine_.resize(depth);
  spine_.push_back(directory);
  return true;
}

bool TreeJoiner::Add(const DecodedBlock& block) {
  if (block.root >= roots_.size()) return false;
  const DecodedBlock::Top& first = block.tops.front();
  if (first.depth > 0) {
    std::vector<Directory*> whole = spine_;
    if (first.depth > whole.size()) return false;
    spine_.resize(first.depth);
    const bool same = SpineIs(block.parent_path);
    spine_ = std::move(whole);
    if (!same) return false;
  }
  for (const DecodedBlock::Top& top : block.tops) {
    if (!AddTop(block.root, top.directory, top.depth)) return false;
  }
  // The spine goes on to the block's last directory.
  std::vector<Directory*> below;
  const Directory* last_top = block.tops.back().directory;
  for (Directory* d = &block.directories[block.count - 1]; d != last_top;
       d = d->parent) {
    below.push_back(d);
  }
  spine_.insert(spine_.end(), below.rbegin(), below.rend());
  return true;
}

}  // namespace finder
