// Debian builds Abseil with a string_view of its own, which neither becomes a
// std::string_view nor is made of one by itself.
#ifndef FINDER_FINDER_TEXT_ABSEIL_VIEW_H_
#define FINDER_FINDER_TEXT_ABSEIL_VIEW_H_

#include <string_view>

#include "absl/strings/string_view.h"

namespace finder {

// The same bytes, for a function of Abseil's.
constexpr absl::string_view Abseil(std::string_view text) {
  return absl::string_view(text.data(), text.size());
}

// The same bytes, from one.
constexpr std::string_view Std(absl::string_view text) {
  return std::string_view(text.data(), text.size());
}

}  // namespace finder

#endif  // FINDER_FINDER_TEXT_ABSEIL_VIEW_H_
