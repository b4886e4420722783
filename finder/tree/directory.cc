#include "finder/tree/directory.h"

#include <algorithm>
#include <cstring>

namespace finder {
namespace {

// Compares `a` with `b`, each followed by its terminator byte if it has one.
int CompareTerminated(std::string_view a, bool a_slash, std::string_view b) {
  const size_t common = std::min(a.size(), b.size());
  if (const int order = std::memcmp(a.data(), b.data(), common); order != 0) {
    return order;
  }
  const auto byte_at = [common](std::string_view s, bool slash) {
    if (s.size() > common)
      return static_cast<int>(static_cast<unsigned char>(s[common]));
    return slash ? static_cast<int>('/') : -1;
  };
  return byte_at(a, a_slash) - byte_at(b, true);
}

size_t DepthOf(const Directory& d) {
  size_t depth = 0;
  for (const Directory* at = d.parent; at != nullptr; at = at->parent) ++depth;
  return depth;
}

const Directory* AncestorAbove(const Directory& d, size_t levels) {
  const Directory* at = &d;
  while (levels-- > 0) at = at->parent;
  return at;
}

}  // namespace

bool ChildBefore(std::string_view a, std::string_view b) {
  return CompareTerminated(a, true, b) < 0;
}

bool EntryBeforeChild(std::string_view entry, std::string_view directory) {
  return CompareTerminated(entry, false, directory) < 0;
}

bool PreorderBefore(const Directory& a, const Directory& b) {
  const size_t a_depth = DepthOf(a);
  const size_t b_depth = DepthOf(b);
  const size_t common = std::min(a_depth, b_depth);
  const Directory* left = AncestorAbove(a, a_depth - common);
  const Directory* right = AncestorAbove(b, b_depth - common);
  if (left == right) return a_depth < b_depth;
  while (left->parent != right->parent) {
    left = left->parent;
    right = right->parent;
  }
  return ChildBefore(left->name(), right->name());
}

void AppendRelativePath(const Directory& d, std::string& out) {
  size_t size = 0;
  for (const Directory* at = &d; !at->view_root && at->parent != nullptr;
       at = at->parent) {
    size += at->name_size + 1;
  }
  if (size == 0) return;
  --size;
  const size_t start = out.size();
  out.resize(start + size);
  char* end = out.data() + out.size();
  for (const Directory* at = &d; !at->view_root && at->parent != nullptr;
       at = at->parent) {
    end -= at->name_size;
    std::memcpy(end, at->name_bytes, at->name_size);
    if (end != out.data() + start) *--end = '/';
  }
}

std::string RelativePath(const Directory& d) {
  std::string path;
  AppendRelativePath(d, path);
  return path;
}

}  // namespace finder
