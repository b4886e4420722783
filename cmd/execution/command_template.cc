#include "cmd/execution/command_template.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "finder/text/abseil_view.h"

namespace finder {
namespace {

constexpr std::pair<std::string_view, Placeholder> kPlaceholders[] = {
    {"{}", Placeholder::kPath},
    {"{/}", Placeholder::kName},
    {"{//}", Placeholder::kDirectory},
    {"{.}", Placeholder::kPathWithoutExtension},
    {"{/.}", Placeholder::kNameWithoutExtension},
};

std::string_view NameOf(std::string_view path) {
  if (path == "/") return path;
  return path.substr(path.rfind('/') + 1);
}

std::string_view DirectoryOf(std::string_view path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return ".";
  return path.substr(0, std::max<size_t>(slash, 1));
}

// A dot at the beginning starts no extension.
std::string_view WithoutExtension(std::string_view name) {
  if (name == "..") return name;
  const size_t dot = name.rfind('.');
  const bool has_one = dot != std::string_view::npos && dot > 0;
  return has_one ? name.substr(0, dot) : name;
}

// "./" goes, as in fd, but where an option would be left.
void AppendPathWithoutExtension(std::string_view path, std::string& out) {
  const std::string_view stem = WithoutExtension(NameOf(path));
  std::string_view directory = DirectoryOf(path);
  if (directory == "." || directory.starts_with("./")) {
    directory.remove_prefix(std::min<size_t>(directory.size(), 2));
    const std::string_view first = directory.empty() ? stem : directory;
    if (first.starts_with('-')) out += "./";
  }
  out += directory;
  if (!directory.empty() && !directory.ends_with('/')) out += '/';
  out += stem;
}

}  // namespace

void AppendPlaceholder(Placeholder placeholder, std::string_view path,
                       std::string& out) {
  switch (placeholder) {
    case Placeholder::kPath:
      out += path;
      return;
    case Placeholder::kName:
      out += NameOf(path);
      return;
    case Placeholder::kDirectory:
      out += DirectoryOf(path);
      return;
    case Placeholder::kPathWithoutExtension:
      return AppendPathWithoutExtension(path, out);
    case Placeholder::kNameWithoutExtension:
      out += WithoutExtension(NameOf(path));
      return;
  }
}

WordTemplate::WordTemplate(std::string_view text) : parts_(1) {
  for (size_t at = 0; at < text.size();) {
    const std::string_view rest = text.substr(at);
    const auto found = std::find_if(
        std::begin(kPlaceholders), std::end(kPlaceholders),
        [rest](const auto& one) { return rest.starts_with(one.first); });
    if (found == std::end(kPlaceholders)) {
      parts_.back().text += text[at++];
      continue;
    }
    parts_.back().placeholder = found->second;
    parts_.emplace_back();
    at += found->first.size();
  }
}

std::string WordTemplate::For(std::string_view path) const {
  std::string word;
  for (size_t i = 0; i < parts_.size(); ++i) {
    word += parts_[i].text;
    if (i + 1 < parts_.size()) {
      AppendPlaceholder(parts_[i].placeholder, path, word);
    }
  }
  return word;
}

CommandTemplate CommandTemplate::ForEach(const CommandWords& words) {
  CommandTemplate command;
  command.program_ = words.front();
  bool has_placeholder = false;
  for (const std::string& word : words) {
    command.words_.emplace_back(word);
    has_placeholder |= command.words_.back().has_placeholder();
  }
  if (!has_placeholder) command.words_.emplace_back("{}");
  return command;
}

absl::StatusOr<CommandTemplate> CommandTemplate::ForBatch(
    const CommandWords& words) {
  CommandTemplate command = ForEach(words);
  std::optional<size_t> place;
  for (size_t i = 0; i < command.words_.size(); ++i) {
    if (!command.words_[i].has_placeholder()) continue;
    if (i == 0) {
      return absl::InvalidArgumentError(
          absl::StrCat("--exec-batch: '", words[0],
                       "': the program must be the same for all answers"));
    }
    if (place.has_value()) {
      return absl::InvalidArgumentError(
          absl::StrCat("--exec-batch: '", words[i],
                       "': only one word may have a placeholder"));
    }
    place = i;
  }
  command.batch_word_ = *place;
  return command;
}

std::vector<std::string> CommandTemplate::For(std::string_view path) const {
  std::vector<std::string> words;
  words.reserve(words_.size());
  for (const WordTemplate& word : words_) words.push_back(word.For(path));
  return words;
}

std::string CommandTemplate::WordFor(std::string_view path) const {
  return words_[batch_word_].For(path);
}

std::vector<std::string> CommandTemplate::ForWords(
    const std::vector<std::string>& words, size_t begin, size_t end) const {
  std::vector<std::string> all;
  all.reserve(words_.size() + end - begin);
  for (size_t i = 0; i < words_.size(); ++i) {
    if (i == batch_word_) {
      all.insert(all.end(), words.begin() + static_cast<ptrdiff_t>(begin),
                 words.begin() + static_cast<ptrdiff_t>(end));
    } else {
      all.push_back(words_[i].For(""));
    }
  }
  return all;
}

}  // namespace finder
