#include "finder/view/path_regex.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "finder/text/abseil_view.h"
#include "finder/view/regex_literals.h"
#include "re2/re2.h"

namespace finder {
namespace {

RE2::Options OptionsFor(RE2::Options::Encoding encoding, CaseRule case_rule) {
  RE2::Options options;
  options.set_encoding(encoding);
  options.set_case_sensitive(case_rule == CaseRule::kSensitive);
  options.set_dot_nl(true);
  options.set_never_capture(true);
  options.set_log_errors(false);
  return options;
}

bool IsAscii(std::string_view text) {
  return std::none_of(text.begin(), text.end(),
                      [](char c) { return (c & 0x80) != 0; });
}

// A byte that stands for itself in an expression, escaped or not.
bool IsPlain(char c) {
  return IsAsciiLetter(c) || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

// The literal between the last special byte of an expression and the '$' at its
// end. Gives up ("") on whatever could make that literal not required: an
// alternative, flags, quoting, an escape that it may be part of.
std::string SuffixBeforeDollar(std::string_view pattern) {
  const auto has = [pattern](std::string_view part) {
    return pattern.find(part) != std::string_view::npos;
  };
  if (pattern.size() < 2 || pattern.back() != '$') return "";
  if (has("|") || has("(?") || has("\\Q")) return "";
  std::string reversed;
  size_t at = pattern.size() - 1;
  while (at > 0) {
    const char c = pattern[at - 1];
    // An odd number of backslashes in front makes it an escape.
    size_t slashes = 0;
    while (slashes + 1 < at && pattern[at - 2 - slashes] == '\\') ++slashes;
    const bool escaped = slashes % 2 == 1;
    if (escaped && (!IsAscii({&c, 1}) || IsPlain(c))) return "";
    if (!escaped && !IsPlain(c)) break;
    if (c == '/') break;
    reversed += c;
    at -= escaped ? 2 : 1;
  }
  if (at > 0 && pattern[at - 1] == '\\') return "";
  return std::string(reversed.rbegin(), reversed.rend());
}

std::string ErrorText(std::string_view pattern, const RE2& regex) {
  std::string text =
      absl::StrCat("regex \"", Abseil(pattern), "\": ", regex.error());
  const std::string& part = regex.error_arg();
  if (const size_t at = pattern.find(part);
      !part.empty() && at != std::string_view::npos) {
    absl::StrAppend(&text, " (position ", at + 1, ")");
  }
  return text;
}

// Whether `text` is valid UTF-8 throughout.
bool IsUtf8(std::string_view text) {
  const auto* p = reinterpret_cast<const unsigned char*>(text.data());
  const unsigned char* const end = p + text.size();
  while (p < end) {
    if (*p < 0x80) {
      ++p;
      continue;
    }
    int more = 0;
    unsigned char low = 0x80;
    unsigned char high = 0xbf;
    if (*p >= 0xc2 && *p <= 0xdf) {
      more = 1;
    } else if (*p >= 0xe0 && *p <= 0xef) {
      more = 2;
      if (*p == 0xe0) low = 0xa0;   // else overlong
      if (*p == 0xed) high = 0x9f;  // else a surrogate
    } else if (*p >= 0xf0 && *p <= 0xf4) {
      more = 3;
      if (*p == 0xf0) low = 0x90;   // else overlong
      if (*p == 0xf4) high = 0x8f;  // else beyond U+10FFFF
    } else {
      return false;
    }
    for (++p; more > 0; --more, ++p, low = 0x80, high = 0xbf) {
      if (p == end || *p < low || *p > high) return false;
    }
  }
  return true;
}

}  // namespace

struct PathRegex::Engines {
  Engines(std::string_view pattern, CaseRule case_rule)
      : characters(re2::StringPiece(pattern.data(), pattern.size()),
                   OptionsFor(RE2::Options::EncodingUTF8, case_rule)),
        bytes(re2::StringPiece(pattern.data(), pattern.size()),
              OptionsFor(RE2::Options::EncodingLatin1, case_rule)) {}

  RE2 characters;  // for paths that are UTF-8
  RE2 bytes;       // for others, and for a pattern that is not UTF-8 itself
};

// What is required whichever of the two matches.
std::vector<std::string> PathRegex::LiteralsOf(const Engines& engines,
                                               std::string_view pattern) {
  std::vector<std::string> literals;
  for (const RE2* engine : {&engines.characters, &engines.bytes}) {
    if (!engine->ok()) continue;
    const std::vector<std::string> of_one =
        RequiredLiterals(pattern, engine->options());
    if (of_one.empty()) return {};
    literals.insert(literals.end(), of_one.begin(), of_one.end());
  }
  std::sort(literals.begin(), literals.end());
  literals.erase(std::unique(literals.begin(), literals.end()), literals.end());
  return literals;
}

PathRegex::PathRegex(std::unique_ptr<const Engines> engines)
    : engines_(std::move(engines)) {}
PathRegex::PathRegex(PathRegex&&) noexcept = default;
PathRegex& PathRegex::operator=(PathRegex&&) noexcept = default;
PathRegex::~PathRegex() = default;

absl::StatusOr<PathRegex> PathRegex::Compile(std::string_view pattern,
                                             CaseRule case_rule) {
  auto engines = std::make_unique<const Engines>(pattern, case_rule);
  const bool usable = engines->characters.ok()
                          ? engines->bytes.ok()
                          : !IsUtf8(pattern) && engines->bytes.ok();
  if (!usable) {
    const RE2& failed = IsUtf8(pattern) && !engines->characters.ok()
                            ? engines->characters
                            : engines->bytes;
    return absl::InvalidArgumentError(ErrorText(pattern, failed));
  }
  PathRegex regex(std::move(engines));
  // Without regard to case, RE2 also takes letters beyond ASCII for 'k' or 's'.
  if (case_rule == CaseRule::kSensitive) {
    regex.required_suffix_ = SuffixBeforeDollar(pattern);
  }
  regex.required_literals_ = LiteralsOf(*regex.engines_, pattern);
  return regex;
}

bool PathRegex::Matches(std::string_view path) const {
  const re2::StringPiece text(path.data(), path.size());
  if (engines_->characters.ok()) {
    if (RE2::PartialMatch(text, engines_->characters)) return true;
    if (IsUtf8(path)) return false;
  }
  return RE2::PartialMatch(text, engines_->bytes);
}

}  // namespace finder
