#include "finder/library/answer_block.h"

#include <cstddef>

#include "fs/entry_kind.h"

namespace finder {
namespace {

finder_kind KindOf(EntryKind kind) {
  switch (kind) {
    case EntryKind::kFile:
      return FINDER_FILE;
    case EntryKind::kDirectory:
      return FINDER_DIRECTORY;
    case EntryKind::kSymlink:
    case EntryKind::kLinkToDirectory:
      return FINDER_SYMLINK;
    case EntryKind::kOther:
      break;
  }
  return FINDER_OTHER;
}

}  // namespace

void AppendAnswer(const Match& match, std::string& out) {
  out += static_cast<char>(KindOf(match.kind));
  out += match.directory;
  out += match.name;
  out += '\0';
}

bool VisitAnswers(std::string_view bytes,
                  absl::FunctionRef<bool(const finder_answer&)> take) {
  while (!bytes.empty()) {
    const size_t end = bytes.find('\0', 1);
    const finder_answer answer = {
        .size = sizeof(finder_answer),
        .path = bytes.data() + 1,
        .path_size = end - 1,
        .kind = static_cast<finder_kind>(bytes.front())};
    if (!take(answer)) return false;
    bytes.remove_prefix(end + 1);
  }
  return true;
}

}  // namespace finder
