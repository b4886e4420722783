#include "cmd/options/root_hint.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "cmd/options/edit_distance.h"
#include "cmd/options/subcommand_table.h"
#include "finder/view/view.h"
#include "fs/path.h"

namespace finder {
namespace {

bool Holds(std::string_view text, std::string_view bytes) {
  return text.find_first_of(bytes) != std::string_view::npos;
}

// The subcommand that `word` is a slip away from; empty if there is none.
std::string_view NearestSubcommand(std::string_view word) {
  for (const SubcommandSpec& spec : AllSubcommands()) {
    if (spec.available() && EditDistance(word, spec.word) == 1) {
      return spec.word;
    }
  }
  return {};
}

}  // namespace

std::string RootHint(std::string_view root, bool is_first) {
  // Nobody would type that.
  if (std::any_of(root.begin(), root.end(), absl::ascii_iscntrl)) return "";
  if (Holds(root, "*?[{")) {
    // Quoted for the shell, if that is simple.
    return Holds(root, "'")
               ? "to match names use -g GLOB"
               : "to match names use -g '" + std::string(root) + "'";
  }
  if (Holds(root, "/") || root == "." || root == "..") return "";
  if (is_first && root == "help") return "for help say finder --help";
  if (is_first && root == "version") return "did you mean '--version'?";
  const std::string_view word = is_first ? NearestSubcommand(root) : "";
  if (!word.empty()) {
    return "did you mean the subcommand '" + std::string(word) + "'?";
  }
  return "ROOT is where to search, -g NAME what for";
}

absl::Status WithRootHint(const absl::Status& status,
                          std::span<const std::string> roots) {
  if (!absl::IsNotFound(status)) return status;
  for (size_t i = 0; i < roots.size(); ++i) {
    if (!absl::StartsWith(status.message(), CleanPath(roots[i]) + ": ")) {
      continue;
    }
    const std::string hint = RootHint(roots[i], i == 0);
    if (hint.empty()) return status;
    return absl::NotFoundError(absl::StrCat(status.message(), "; ", hint));
  }
  return status;
}

}  // namespace finder
