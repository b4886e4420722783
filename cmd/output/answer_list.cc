#include "cmd/output/answer_list.h"

#include <algorithm>
#include <cstddef>

#include "cmd/output/answer_format.h"

namespace finder {

AnswerList::AnswerList(Finder& finder, const CompiledQuery& query,
                       PathStyle style, const std::string& working_directory) {
  finder.Answer(
      query,
      [&](const Match& match, std::string& out) {
        AppendPath(match, style, working_directory, out);
        out += '\0';
        out += static_cast<char>(match.kind);
      },
      [this](std::string_view piece) {
        bytes_.insert(bytes_.end(), piece.begin(), piece.end());
        return true;
      });

  std::string_view rest(bytes_.data(), bytes_.size());
  while (!rest.empty()) {
    const size_t end = rest.find('\0');
    answers_.push_back(
        {rest.substr(0, end), static_cast<EntryKind>(rest[end + 1])});
    rest.remove_prefix(end + 2);
  }
  std::sort(answers_.begin(), answers_.end());
  answers_.erase(std::unique(answers_.begin(), answers_.end()), answers_.end());
}

bool NeedsSorting(const CommandLine& command) {
  const std::vector<std::string>& roots = command.view.roots;
  switch (command.output.path_style) {
    case PathStyle::kAsGiven:
      return false;
    case PathStyle::kAbsolute:
      return roots.size() > 1;
    case PathStyle::kWithDot:
      break;
  }
  // What begins all paths changes no order.
  return std::any_of(roots.begin(), roots.end(),
                     [](const std::string& root) { return !TakesDot(root); });
}

}  // namespace finder
