#include "cmd/search/verify.h"

#include <string_view>

#include "cmd/output/printed_path.h"

namespace finder {

uint64_t AppendDifferences(const std::vector<AnswerList::Answer>& answered,
                           const std::vector<AnswerList::Answer>& walked,
                           Reader reader, std::string& out) {
  uint64_t count = 0;
  const auto append = [&](std::string_view sign, std::string_view path) {
    out += sign;
    if (reader == Reader::kTerminal) {
      AppendForTerminal(path, out);
    } else {
      out += path;
    }
    out += '\n';
    ++count;
  };
  auto a = answered.begin();
  auto w = walked.begin();
  while (a != answered.end() || w != walked.end()) {
    if (w == walked.end() || (a != answered.end() && *a < *w)) {
      append("- ", (a++)->path);
    } else if (a == answered.end() || *w < *a) {
      append("+ ", (w++)->path);
    } else {
      ++a;
      ++w;
    }
  }
  return count;
}

}  // namespace finder
