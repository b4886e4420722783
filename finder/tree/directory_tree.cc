#include "finder/tree/directory_tree.h"

#include "finder/tree/tree_walk.h"

namespace finder {

void DirectoryTree::FreeUnusedDevices() {
  std::vector<bool> used(devices.size());
  for (const Root& top : known) {
    VisitTree(*top.directory, [&used](const Directory& d) {
      if (d.device < used.size()) used[d.device] = true;
      return Descent::kInside;
    });
  }
  for (size_t i = 0; i < devices.size(); ++i) {
    if (!used[i]) devices[i] = Device();
  }
}

Arena& DirectoryTree::NewArena() {
  arenas_.push_back(std::make_unique<Arena>());
  return *arenas_.back();
}

Arena& DirectoryTree::TakeArena() {
  if (spare_arenas_.empty()) return NewArena();
  Arena& arena = *spare_arenas_.back();
  spare_arenas_.pop_back();
  return arena;
}

uint64_t DirectoryTree::size_bytes() const {
  uint64_t bytes = 0;
  for (const auto& arena : arenas_) bytes += arena->size_bytes();
  return bytes;
}

std::string PrintedPrefix(std::string_view root_path) {
  if (root_path == ".") return "";
  std::string prefix(root_path);
  if (prefix.empty() || prefix.back() != '/') prefix += '/';
  return prefix;
}

}  // namespace finder
