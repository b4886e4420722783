#include "cmd/actions/action_target.h"

namespace finder {

std::string HoldingDirectory(std::string_view path) {
  const size_t last = path.find_last_not_of('/');
  if (last == std::string_view::npos) return path.empty() ? "." : "/";
  const size_t slash = path.rfind('/', last);
  if (slash == std::string_view::npos) return ".";
  const size_t end = path.find_last_not_of('/', slash);
  return end == std::string_view::npos ? "/"
                                       : std::string(path.substr(0, end + 1));
}

std::string NameWithin(std::string_view path) {
  const size_t last = path.find_last_not_of('/');
  if (last == std::string_view::npos) return std::string(path.substr(0, 1));
  const size_t slash = path.rfind('/', last);
  const size_t begin = slash == std::string_view::npos ? 0 : slash + 1;
  return std::string(path.substr(begin, last + 2 - begin));
}

}  // namespace finder
