#include "cmd/answer_list.h"

#include <algorithm>
#include <cstddef>

#include "cmd/answer_format.h"

namespace finder {

AnswerList::AnswerList(Finder& finder, const CompiledQuery& query,
                       PathStyle style, const std::string& working_directory) {
  finder.Answer(
      query,
      [&](const Match& match, std::string& out) {
        AppendPath(match, style, working_directory, out);
        out += '\0';
        out += static_cast<char>(match.type);
      },
      [this](std::string_view piece) {
        bytes_.insert(bytes_.end(), piece.begin(), piece.end());
        return true;
      });

  std::string_view rest(bytes_.data(), bytes_.size());
  while (!rest.empty()) {
    const size_t end = rest.find('\0');
    answers_.push_back(
        {rest.substr(0, end), static_cast<Match::Type>(rest[end + 1])});
    rest.remove_prefix(end + 2);
  }
  std::sort(answers_.begin(), answers_.end());
  answers_.erase(std::unique(answers_.begin(), answers_.end()), answers_.end());
}

}  // namespace finder
