// Usage: match_paths RULES [--ignore-case]
//
// Reads paths from stdin, each ended by a NUL, and prints for each the rule of
// the file RULES that decides about it as `git check-ignore -v` does: "LINE
// TEXT", or nothing, and a NUL. What lies above the last component is a
// directory, and the path itself is a file.
#include <cstddef>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <string_view>

#include "finder/ignore/ignore_rules.h"

namespace {

const finder::IgnoreRule* Decide(const finder::IgnoreRules& rules,
                                 std::string_view path) {
  for (size_t end = path.find('/'); end != std::string_view::npos;
       end = path.find('/', end + 1)) {
    const finder::IgnoreRule* rule = rules.Match(path.substr(0, end), true);
    if (rule != nullptr && !rule->shows) return rule;
  }
  return rules.Match(path, false);
}

std::string ReadAll(std::istream& in) {
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  std::ifstream file(argv[1], std::ios::binary);
  const finder::IgnoreRules rules = finder::IgnoreRules::Parse(
      ReadAll(file),
      argc > 2 ? finder::CaseRule::kIgnore : finder::CaseRule::kSensitive);
  const std::string paths = ReadAll(std::cin);
  std::string out;
  for (size_t at = 0; at < paths.size();) {
    const size_t end = paths.find('\0', at);
    const auto* rule =
        Decide(rules, std::string_view(paths).substr(at, end - at));
    if (rule != nullptr) {
      out += std::to_string(rule->line) + ' ' + std::string(rule->text);
    }
    out += '\0';
    at = end + 1;
  }
  std::fwrite(out.data(), 1, out.size(), stdout);
  return 0;
}
