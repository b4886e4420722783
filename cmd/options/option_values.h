// How the values of options are read: numbers, lists, choices. Each function
// returns InvalidArgument with a message that is meant to follow the option's
// name ("--max-depth: 'x' is not a number").
//
// Pure; any thread.
#ifndef FINDER_CMD_OPTIONS_OPTION_VALUES_H_
#define FINDER_CMD_OPTIONS_OPTION_VALUES_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace finder {

// A decimal number from `min` to `max`.
absl::StatusOr<uint64_t> ParseNumber(std::string_view value, uint64_t min,
                                     uint64_t max);

// Appends the elements of a comma-separated list. No element may be empty.
absl::Status AppendList(std::string_view value, std::vector<std::string>& to);

// The same for globs: a comma within {} or [] or after a
// backslash belongs to the glob.
absl::Status AppendGlobList(std::string_view value,
                            std::vector<std::string>& to);

// Appends the value as it is; it may not be empty.
// The same for what no name can hold a '/' of.
absl::Status AppendNames(std::string_view value, std::vector<std::string>& to);
// The same for extensions. A glob is an error.
absl::Status AppendExtensions(std::string_view value,
                              std::vector<std::string>& to);
// Appends one glob. One that ends in '/' matches nothing and is an error.
absl::Status AppendGlob(std::string_view value, std::vector<std::string>& to);
absl::Status AppendText(std::string_view value, std::vector<std::string>& to);

// The choice that is called `value`; the failure lists all of them.
template <typename T>
absl::StatusOr<T> ParseChoice(
    std::string_view value,
    std::span<const std::pair<std::string_view, T>> choices);

// Failures that several readers share.
absl::Status EmptyValue();
absl::Status NotOneOf(std::string_view value, std::string_view choices);

template <typename T>
absl::StatusOr<T> ParseChoice(
    std::string_view value,
    std::span<const std::pair<std::string_view, T>> choices) {
  std::string all;
  for (const auto& [name, choice] : choices) {
    if (name == value) return choice;
    if (!all.empty()) all += ", ";
    all += name;
  }
  return NotOneOf(value, all);
}

}  // namespace finder

#endif  // FINDER_CMD_OPTIONS_OPTION_VALUES_H_
