// Trees for tests of code that works on finished trees: a model of maps, which
// a naive oracle can walk, and the DirectoryTree built from it. One thread.
#ifndef FINDER_TESTS_SUPPORT_TREE_BUILDER_H_
#define FINDER_TESTS_SUPPORT_TREE_BUILDER_H_

#include <algorithm>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "finder/tree/child_links.h"
#include "finder/tree/directory_tree.h"
#include "finder/tree/listing.h"

namespace finder {

struct TreeModel {
  std::map<std::string, EntryKind> entries;
  std::map<std::string, TreeModel> children;
  Knowledge knowledge = Knowledge::kListed;
  bool excluded = false;
  bool pruned = false;
  bool foreign = false;
  bool via_link = false;

  bool visible() const { return !excluded && knowledge != Knowledge::kGone; }
  bool open() const {
    return !pruned && !foreign && knowledge == Knowledge::kListed;
  }

  // The directory "a/b" below this one, made if there is none.
  TreeModel& Directory(std::string_view path) {
    TreeModel* at = this;
    while (!path.empty()) {
      const size_t end = std::min(path.find('/'), path.size());
      at = &at->children[std::string(path.substr(0, end))];
      path.remove_prefix(std::min(end + 1, path.size()));
    }
    return *at;
  }
  // The entry "a/b/name" below this one, and the directories above it.
  void Add(std::string_view path, EntryKind kind = EntryKind::kFile) {
    const size_t slash = path.rfind('/');
    TreeModel& parent = slash == std::string_view::npos
                            ? *this
                            : Directory(path.substr(0, slash));
    parent.entries[std::string(path.substr(slash + 1))] = kind;
  }
};

// The tree of several roots: their printed paths and what is below them.
using Forest = std::vector<std::pair<std::string, TreeModel>>;

inline void CopyListing(const std::map<std::string, EntryKind>& entries,
                        Arena& arena, Directory& d) {
  ListingBuilder builder;
  for (const auto& [name, kind] : entries) {
    builder.Add(name, kind);
    if (kind != EntryKind::kFile) d.has_special = true;
  }
  const size_t size = builder.size_bytes();
  char* bytes = arena.AllocateBytes(size);
  builder.Write(bytes);
  d.set_listing({bytes, size});
}

inline Directory* BuildDirectory(std::string_view name, const TreeModel& model,
                                 Directory* parent, Arena& arena) {
  auto* d = arena.NewArray<Directory>(1);
  d->parent = parent;
  d->set_name(arena.Copy(name));
  d->knowledge = model.knowledge;
  d->verified = true;
  d->excluded = model.excluded;
  d->pruned = model.pruned;
  d->foreign = model.foreign;
  d->via_link = model.via_link;
  CopyListing(model.entries, arena, *d);
  // In the order of what is below the children: of name + '/'.
  std::map<std::string, const std::string*> order;
  for (const auto& child : model.children) {
    order[child.first + '/'] = &child.first;
  }
  ChildLinks links(*d);
  for (const auto& [key, child] : order) {
    links.Append(*BuildDirectory(*child, model.children.at(*child), d, arena));
  }
  return d;
}

inline DirectoryTree BuildTree(const Forest& forest) {
  DirectoryTree tree;
  Arena& arena = tree.NewArena();
  for (const auto& [path, model] : forest) {
    Directory* top = BuildDirectory("", model, nullptr, arena);
    top->view_root = true;
    tree.roots.push_back({path, path, top});
  }
  return tree;
}

}  // namespace finder

#endif  // FINDER_TESTS_SUPPORT_TREE_BUILDER_H_
