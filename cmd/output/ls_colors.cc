#include "cmd/output/ls_colors.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "cmd/output/terminal.h"

namespace finder {
namespace {

unsigned char LastByte(std::string_view bytes) {
  return static_cast<unsigned char>(bytes.back());
}

char Lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// Whether `name` ends with `suffix`, which is in lower case.
bool EndsWith(std::string_view name, std::string_view suffix) {
  return name.size() >= suffix.size() &&
         std::equal(suffix.rbegin(), suffix.rend(), name.rbegin(),
                    [](char s, char n) { return s == Lower(n); });
}

bool IsColor(std::string_view text) {
  return text.find_first_not_of("0123456789;") == std::string_view::npos;
}

// "0" and "00;0" are no colour.
std::string Plain(std::string_view color) {
  const bool none = color.find_first_not_of("0;") == std::string_view::npos;
  return none ? std::string() : std::string(color);
}

// Where `wanted` stands in `text` without a backslash before it; the size of
// `text` if nowhere.
size_t FindBare(char wanted, std::string_view text) {
  size_t at = 0;
  while (at < text.size() && text[at] != wanted) at += text[at] == '\\' ? 2 : 1;
  return std::min(at, text.size());
}

std::string WithoutBackslashes(std::string_view text) {
  std::string bytes;
  for (size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\\' && at + 1 < text.size()) ++at;
    bytes += text[at];
  }
  return bytes;
}

}  // namespace

LsColors::LsColors(std::string_view text) {
  while (!text.empty()) {
    const std::string_view entry = text.substr(0, FindBare(':', text));
    text.remove_prefix(std::min(entry.size() + 1, text.size()));
    const size_t equals = FindBare('=', entry);
    if (equals == entry.size()) continue;
    const std::string_view color = entry.substr(equals + 1);
    if (IsColor(color)) Set(WithoutBackslashes(entry.substr(0, equals)), color);
    // The colour of what it leads to would cost a stat.
    if (entry == "ln=target") symlink_.clear();
  }
}

void LsColors::Set(std::string_view key, std::string_view color) {
  if (key == "di") {
    directory_ = Plain(color);
  } else if (key == "ln") {
    symlink_ = Plain(color);
  } else if (key == "fi") {
    file_ = Plain(color);
  } else if (key == "no") {
    normal_ = Plain(color);
  } else if (key == "rs") {
    reset_ = color;
  } else if (key.size() > 1 && key[0] == '*') {
    Suffix suffix = {std::string(key.substr(1)), Plain(color)};
    std::transform(suffix.bytes.begin(), suffix.bytes.end(),
                   suffix.bytes.begin(), Lower);
    suffixes_[LastByte(suffix.bytes)].push_back(std::move(suffix));
  }
}

std::string_view LsColors::Of(EntryKind kind, std::string_view name) const {
  switch (kind) {
    case EntryKind::kDirectory:
      return directory_;
    case EntryKind::kSymlink:
    case EntryKind::kLinkToDirectory:
      return symlink_;
    case EntryKind::kOther:
      return normal_;
    case EntryKind::kFile:
      break;
  }
  const auto last = static_cast<unsigned char>(Lower(name.back()));
  const std::vector<Suffix>& suffixes = suffixes_[last];
  const auto found = std::find_if(
      suffixes.rbegin(), suffixes.rend(),
      [name](const Suffix& suffix) { return EndsWith(name, suffix.bytes); });
  if (found != suffixes.rend()) return found->color;
  return file_.has_value() ? *file_ : normal_;
}

void LsColors::Append(std::string_view color, std::string_view shown,
                      std::string& out) const {
  if (color.empty() || shown.empty()) {
    out += shown;
    return;
  }
  out += "\033[";
  out += color;
  out += 'm';
  out += shown;
  out += "\033[";
  out += reset_;
  out += 'm';
}

std::optional<LsColors> ChooseColors(When when, bool on_terminal,
                                     const Variables& variables) {
  const bool wanted = variables.no_color.value_or("").empty();
  const bool able = on_terminal && HasScreen(variables);
  if (when == When::kNever || (when == When::kAuto && !(wanted && able))) {
    return std::nullopt;
  }
  return LsColors(variables.ls_colors.value_or(""));
}

}  // namespace finder
