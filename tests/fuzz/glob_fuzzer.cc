// The first line is a pattern, the rest a text to be matched.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "finder/view/glob.h"

namespace finder {
namespace {

bool Fits(const NameTail& tail, std::string_view name) {
  switch (tail.form) {
    case NameTail::Form::kWhole:
      return name == tail.text;
    case NameTail::Form::kSuffix:
      return name.ends_with(tail.text);
    case NameTail::Form::kExtension:
      return name.ends_with(tail.text) && name.size() > tail.text.size();
  }
  return false;
}

// What the fast paths believe of a pattern agrees with the pattern.
void CheckKnowledge(const Glob& glob, std::string_view text) {
  const bool matches = glob.Matches(text);
  if (glob.is_literal() && matches != (text == glob.literal())) abort();
  std::vector<NameTail> tails;
  const Glob::TailKnowledge knowledge = glob.AppendTails(tails);
  if (knowledge == Glob::TailKnowledge::kNone) return;
  const std::string_view name = text.substr(text.rfind('/') + 1);
  const bool fits =
      std::any_of(tails.begin(), tails.end(),
                  [name](const NameTail& tail) { return Fits(tail, name); });
  if (matches && !fits) abort();
}

}  // namespace
}  // namespace finder

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view all(reinterpret_cast<const char*>(data), size);
  const size_t end = std::min(all.find('\n'), all.size());
  const std::string_view text = all.substr(std::min(end + 1, all.size()));
  // A text without a name in it, or with an empty one, is no path.
  if (text.empty() || text.find('\0') != std::string_view::npos) return 0;
  const auto glob = finder::Glob::Compile(all.substr(0, end));
  if (glob.ok()) finder::CheckKnowledge(*glob, text);
  const auto folded =
      finder::Glob::Compile(all.substr(0, end), finder::CaseRule::kIgnore);
  if (glob.ok() != folded.ok()) abort();
  // Without case a set holds more, and so its complement less.
  if (all.substr(0, end).find('[') != std::string_view::npos) return 0;
  if (folded.ok() && glob->Matches(text) && !folded->Matches(text)) abort();
  return 0;
}
