#include "cmd/actions/command_template.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "finder/text/abseil_view.h"

namespace finder {
namespace {

constexpr std::string_view kPath = "{}";

using Form = CommandTemplate::Form;
using Place = CommandTemplate::Place;
using Consent = CommandTemplate::Consent;

bool HasPath(std::string_view word) {
  return word.find(kPath) != std::string_view::npos;
}

absl::Status Invalid(std::string_view action, std::string_view what) {
  return absl::InvalidArgumentError(
      absl::StrCat(Abseil(action), " ", Abseil(what)));
}

// "{} +" may not hold another "{}".
absl::Status CheckBatch(std::string_view action,
                        const std::vector<std::string>& words) {
  if (words.back() != kPath) {
    return Invalid(action,
                   absl::StrCat("... {} +: the {} must stand alone, not '",
                                words.back(), "'"));
  }
  if (std::any_of(words.begin(), words.end() - 1, HasPath)) {
    return Invalid(action, "... {} +: only one {} is possible");
  }
  return absl::OkStatus();
}

}  // namespace

std::vector<std::string> CommandTemplate::Filled(std::string_view path) const {
  std::vector<std::string> filled;
  filled.reserve(words.size());
  for (const std::string& word : words) {
    std::string& to = filled.emplace_back();
    std::string_view rest = word;
    for (size_t at = rest.find(kPath); at != std::string_view::npos;
         at = rest.find(kPath)) {
      to.append(rest.substr(0, at)).append(path);
      rest.remove_prefix(at + kPath.size());
    }
    to += rest;
  }
  return filled;
}

absl::StatusOr<ParsedCommand> ParseCommand(std::string_view action,
                                           std::span<const std::string> words) {
  ParsedCommand parsed;
  CommandTemplate& command = parsed.command;
  if (action.ends_with("dir")) command.place = Place::kInDirectory;
  if (action.starts_with("-ok")) command.consent = Consent::kAsked;
  for (const std::string& word : words) {
    ++parsed.words_taken;
    if (word == ";") {
      if (command.words.empty()) return Invalid(action, "has no command");
      return parsed;
    }
    // Any other '+' is a word like others.
    if (word == "+" && command.consent == Consent::kGiven &&
        !command.words.empty() && HasPath(command.words.back())) {
      const absl::Status valid = CheckBatch(action, command.words);
      if (!valid.ok()) return valid;
      command.form = Form::kBatch;
      command.words.pop_back();
      return parsed;
    }
    command.words.push_back(word);
  }
  return Invalid(action, command.consent == Consent::kGiven
                             ? "has no end: ';' or '{} +' is missing"
                             : "has no end: ';' is missing");
}

std::optional<std::string> DangerOfPath(std::string_view path) {
  for (size_t at = 0; at <= path.size();) {
    const size_t end = std::min(path.find(':', at), path.size());
    const std::string_view directory = path.substr(at, end - at);
    at = end + 1;
    if (directory.empty() || directory == ".") {
      return "the current directory is in $PATH, so that a file of somebody "
             "else could be run; remove \".\" and empty parts from it";
    }
    if (directory[0] != '/') {
      return absl::StrCat(
          "the relative path '", Abseil(directory),
          "' is in $PATH, so that a file of somebody else could "
          "be run; remove it");
    }
  }
  return std::nullopt;
}

}  // namespace finder
