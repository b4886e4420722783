#include "fs/path.h"

#include <algorithm>
#include <cstddef>

namespace finder {

std::string CleanPath(std::string_view path) {
  std::string clean;
  if (!path.empty() && path.front() == '/') clean = "/";
  size_t start = 0;
  while (start < path.size()) {
    const size_t end = std::min(path.find('/', start), path.size());
    const std::string_view component = path.substr(start, end - start);
    start = end + 1;
    if (component.empty() || component == ".") continue;
    if (!clean.empty() && clean.back() != '/') clean += '/';
    clean += component;
  }
  if (clean.empty()) clean = ".";
  return clean;
}

bool IsAtOrBelow(std::string_view path, std::string_view root) {
  if (root == ".") return !path.starts_with('/');
  if (root == "/") return path.starts_with('/');
  return path.starts_with(root) &&
         (path.size() == root.size() || path[root.size()] == '/');
}

std::string AbsolutePath(std::string_view path,
                         std::string_view working_directory) {
  if (!path.empty() && path.front() == '/') return CleanPath(path);
  std::string joined(working_directory);
  joined += '/';
  joined += path;
  return CleanPath(joined);
}

}  // namespace finder
