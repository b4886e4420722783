#include "finder/explain/ignore_way.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "finder/text/abseil_view.h"
#include "finder/tree/directory_tree.h"

namespace finder {

IgnoreWay::IgnoreWay(FileSystem& files, const IgnoreSettings& settings,
                     const std::string& root, std::string absolute)
    : reader_(files, nullptr, settings),
      absolute_(std::move(absolute)),
      prefix_size_(PrintedPrefix(root).size()),
      scope_(reader_.EnterAbove(absolute_)) {}

void IgnoreWay::Enter(const std::string& path, const IgnoreSources& sources) {
  const std::string_view below = Below(path);
  const std::string absolute =
      below.empty()
          ? absolute_
          : absl::StrCat(Abseil(PrintedPrefix(absolute_)), Abseil(below));
  scope_ =
      reader_.Enter(scope_,
                    {absolute,
                     path,
                     {.skip = below.empty() ? 0 : below.size() + 1, .lead = {}},
                     nullptr},
                    sources);
}

std::optional<std::string> IgnoreWay::Hiding(const std::string& path,
                                             bool is_directory,
                                             std::string* shown_by) const {
  const IgnoreScope& scope = reader_.scopes().Get(scope_);
  if (reader_.scopes().IsGit(scope_, path.substr(path.rfind('/') + 1))) {
    return path + " belongs to git (--ignore-files)";
  }
  const IgnoreDecision decision = scope.Decide(Below(path), is_directory);
  if (decision.rule == nullptr) return std::nullopt;
  const std::string rule =
      absl::StrCat(decision.file->path, ":", decision.rule->line, ": ",
                   Abseil(decision.rule->text));
  if (!decision.rule->shows) {
    return absl::StrCat(path, " is ignored by ", rule, " (--ignore-files)");
  }
  if (shown_by != nullptr) *shown_by = rule;
  return std::nullopt;
}

}  // namespace finder
