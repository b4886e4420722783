// The command of an -exec and its like: words in which "{}" stands for a path.
// Pure; any thread.
#ifndef FINDER_CMD_ACTIONS_COMMAND_TEMPLATE_H_
#define FINDER_CMD_ACTIONS_COMMAND_TEMPLATE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace finder {

struct CommandTemplate {
  enum class Form : uint8_t {
    kEach,   // ends in ";": once for each path
    kBatch,  // ends in "{} +": for many paths at once
  };
  enum class Place : uint8_t {
    kHere,         // where the process is
    kInDirectory,  // in the directory that holds the entry
  };
  enum class Consent : uint8_t { kGiven, kAsked };

  Form form = Form::kEach;
  Place place = Place::kHere;
  Consent consent = Consent::kGiven;
  // Without the "{}" at the end of kBatch; may be empty then, and the first
  // path is the command.
  std::vector<std::string> words;

  // The words with `path` in place of each "{}".
  std::vector<std::string> Filled(std::string_view path) const;
};

struct ParsedCommand {
  CommandTemplate command;
  size_t words_taken = 0;  // with the one that ends it
};

// The command of `action`, one of -exec, -execdir, -ok and -okdir, at the
// beginning of `words`. Fails with InvalidArgument.
absl::StatusOr<ParsedCommand> ParseCommand(std::string_view action,
                                           std::span<const std::string> words);

// What makes `path` (the variable PATH) a danger to a command that starts in
// directories of other people: a relative directory in it. None if nothing.
std::optional<std::string> DangerOfPath(std::string_view path);

}  // namespace finder

#endif  // FINDER_CMD_ACTIONS_COMMAND_TEMPLATE_H_
