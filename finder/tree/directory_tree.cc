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

std::string PrintedPrefix(std::string_view root_path) {
  if (root_path == ".") return "";
  std::string prefix(root_path);
  if (prefix.empty() || prefix.back() != '/') prefix += '/';
  return prefix;
}

}  // namespace finder
