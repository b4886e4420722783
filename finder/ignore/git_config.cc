#include "finder/ignore/git_config.h"

#include <cstddef>

#include "finder/view/ascii_case.h"

namespace finder {
namespace {

bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\r'; }
bool IsNameByte(char c) {
  return IsAsciiLetter(c) || (c >= '0' && c <= '9') || c == '-' || c == '.';
}

bool IsTrue(std::string_view value) {
  const std::string folded = FoldedCopy(value, CaseRule::kIgnore);
  return folded == "true" || folded == "yes" || folded == "on" ||
         (!folded.empty() &&
          folded.find_first_not_of("0123456789") == std::string::npos &&
          folded.find_first_not_of('0') != std::string::npos);
}

class ConfigReader {
 public:
  explicit ConfigReader(std::string_view text) : text_(text) {
    if (text_.starts_with("\xef\xbb\xbf")) text_.remove_prefix(3);
  }

  struct Setting {
    std::string key;  // "core.ignorecase", in small letters
    std::string value;
  };
  // The next setting; none at the end, or where the text makes no sense.
  std::optional<Setting> Next() {
    while (SkipToText()) {
      if (text_[at_] == '[') {
        if (!ReadSection()) return std::nullopt;
        continue;
      }
      Setting setting;
      const std::string name = ReadName();
      if (name.empty()) return std::nullopt;
      setting.key = section_ + '.' + name;
      SkipSpaces();
      // A name alone is a flag that is set.
      if (!More() || text_[at_] == '\n' || IsComment()) {
        setting.value = "true";
        return setting;
      }
      if (text_[at_++] != '=') return std::nullopt;
      std::optional<std::string> value = ReadValue();
      if (!value.has_value()) return std::nullopt;
      setting.value = *std::move(value);
      return setting;
    }
    return std::nullopt;
  }

 private:
  bool More() const { return at_ < text_.size(); }
  bool IsComment() const { return text_[at_] == '#' || text_[at_] == ';'; }
  void SkipSpaces() {
    while (More() && IsSpace(text_[at_])) ++at_;
  }
  void SkipLine() {
    while (More() && text_[at_] != '\n') ++at_;
  }

  // To the first byte that is neither space nor comment.
  bool SkipToText() {
    while (More()) {
      if (IsSpace(text_[at_]) || text_[at_] == '\n') {
        ++at_;
      } else if (IsComment()) {
        SkipLine();
      } else {
        return true;
      }
    }
    return false;
  }

  std::string ReadName() {
    const size_t begin = at_;
    while (More() && IsNameByte(text_[at_])) ++at_;
    return FoldedCopy(text_.substr(begin, at_ - begin), CaseRule::kIgnore);
  }

  // "[core]" or "[include "x"]"; a part in quotes makes another section.
  bool ReadSection() {
    ++at_;
    section_ = ReadName();
    SkipSpaces();
    if (More() && text_[at_] == '"') {
      section_ += " \"";
      for (++at_; More() && text_[at_] != '"' && text_[at_] != '\n'; ++at_) {
        if (text_[at_] == '\\') ++at_;
      }
      ++at_;
    }
    if (!More() || text_[at_] != ']') return false;
    ++at_;
    return true;
  }

  std::optional<std::string> ReadValue() {
    std::string value;
    size_t kept = 0;  // spaces behind this do not count
    bool quoted = false;
    SkipSpaces();
    for (; More() && text_[at_] != '\n'; ++at_) {
      char c = text_[at_];
      if (c == '"') {
        quoted = !quoted;
        kept = value.size();
        continue;
      }
      if (!quoted && IsComment()) {
        SkipLine();
        break;
      }
      if (c == '\\') {
        if (text_.substr(at_).starts_with("\\\r\n")) ++at_;
        if (++at_ == text_.size()) break;
        c = text_[at_];
        if (c == '\n') continue;
        if (c == 'n') c = '\n';
        if (c == 't') c = '\t';
        if (c == 'b') c = '\b';
      } else if (!quoted && IsSpace(c)) {
        value += c;
        continue;
      }
      value += c;
      kept = value.size();
    }
    if (quoted) return std::nullopt;
    value.resize(kept);
    return value;
  }

  std::string_view text_;
  size_t at_ = 0;
  std::string section_;
};

}  // namespace

void ReadGitConfig(std::string_view text, GitConfig& config,
                   absl::FunctionRef<void(const std::string& path)> include) {
  ConfigReader reader(text);
  while (const auto setting = reader.Next()) {
    if (setting->key == "core.excludesfile") {
      config.excludes_file = setting->value;
    } else if (setting->key == "core.ignorecase") {
      config.ignore_case = IsTrue(setting->value);
    } else if (setting->key == "include.path") {
      include(setting->value);
    }
  }
}

}  // namespace finder
