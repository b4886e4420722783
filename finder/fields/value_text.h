// How values are read from text: numbers, lists, choices. Each function returns
// InvalidArgument with a message that is meant to follow the name of what is
// set ("--max-depth: 'x' is not a number").
//
// Pure; any thread.
#ifndef FINDER_FINDER_FIELDS_VALUE_TEXT_H_
#define FINDER_FINDER_FIELDS_VALUE_TEXT_H_

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
absl::Status AppendText(std::string_view value, std::vector<std::string>& to);

// Fail if one of the texts is no name or no extension. A '/' is in neither, and
// a glob is no extension.
absl::Status CheckNames(std::span<const std::string> texts);
absl::Status CheckExtensions(std::span<const std::string> texts);
// Fails for a glob that ends in '/', since it matches nothing.
absl::Status CheckGlob(std::string_view glob);

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

#endif  // FINDER_FINDER_FIELDS_VALUE_TEXT_H_
