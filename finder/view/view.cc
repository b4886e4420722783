#include "finder/view/view.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "finder/text/abseil_view.h"
#include "fs/path.h"

namespace finder {
namespace {

void SortAndDropRepetitions(std::vector<std::string>& list) {
  std::sort(list.begin(), list.end());
  list.erase(std::unique(list.begin(), list.end()), list.end());
}

NameSet KeptNames(const KeepRules& rules) {
  std::vector<NameTail> tails;
  for (const std::string& name : rules.names) {
    tails.push_back({name, NameTail::Form::kWhole});
  }
  for (const std::string& suffix : rules.suffixes) {
    tails.push_back({suffix, NameTail::Form::kSuffix});
  }
  return NameSet(std::move(tails), CaseRule::kSensitive);
}

absl::Status NoSingleName(absl::string_view what, absl::string_view value) {
  return absl::InvalidArgumentError(
      absl::StrCat(what, " \"", value, "\": a name cannot hold a '/'"));
}

// A rule by path as it is compared: "./" and all.
absl::StatusOr<std::string> PathRule(std::string_view text) {
  const auto fail = [text](absl::string_view reason) {
    return absl::InvalidArgumentError(
        absl::StrCat("excluded path \"", Abseil(text), "\": ", reason));
  };
  if (text.starts_with('/')) {
    return fail("it is one below a ROOT, and cannot begin with '/'");
  }
  std::string clean = CleanPath(text);
  if (absl::StrCat("/", clean, "/").find("/../") != std::string::npos) {
    return fail("it lies below a ROOT, and cannot hold '..'");
  }
  return "./" + clean;
}

}  // namespace

absl::StatusOr<Glob> CompileBelowRoot(std::string_view text) {
  absl::StatusOr<Glob> glob = Glob::Compile(text);
  if (!glob.ok() || !glob->is_path_pattern()) return glob;
  const absl::StatusOr<std::string> path = PathRule(text);
  if (!path.ok()) return path.status();
  return Glob::Compile(*path);
}

bool KeepRules::Covers(const KeepRules& other) const {
  if (keeps_all()) return true;
  if (other.keeps_all()) return false;
  const auto covers_suffix = [this](std::string_view text) {
    return std::any_of(
        suffixes.begin(), suffixes.end(), [text](const std::string& suffix) {
          return EndsWithFolded(text, suffix, CaseRule::kSensitive);
        });
  };
  const auto covers_name = [&](const std::string& name) {
    return covers_suffix(name) ||
           std::find(names.begin(), names.end(), name) != names.end();
  };
  return std::all_of(other.names.begin(), other.names.end(), covers_name) &&
         std::all_of(other.suffixes.begin(), other.suffixes.end(),
                     covers_suffix);
}

void KeepRules::Canonicalize() {
  SortAndDropRepetitions(names);
  SortAndDropRepetitions(suffixes);
}

KeepFilter::KeepFilter(const KeepRules& rules)
    : keeps_all_(rules.keeps_all()), names_(KeptNames(rules)) {}

bool KeepFilter::KeepsSlow(std::string_view name) const {
  return names_.Contains(name);
}

KeepRules View::StoredKeep() const {
  KeepRules stored = keep;
  if (!stored.keeps_all()) {
    stored.names.insert(stored.names.end(), prune_files.begin(),
                        prune_files.end());
    if (ignore_files == IgnoreFileUse::kApplied) {
      stored.names.insert(stored.names.end(),
                          {".git", ".gitignore", ".ignore"});
    }
  }
  stored.Canonicalize();
  return stored;
}

absl::StatusOr<ViewRules> ViewRules::Compile(const View& view) {
  ViewRules rules;
  std::vector<NameTail> names;
  for (std::string_view text : view.exclude_dirs) {
    while (text.size() > 1 && text.back() == '/') text.remove_suffix(1);
    if (text.empty()) continue;
    absl::StatusOr<Glob> glob = CompileBelowRoot(text);
    if (!glob.ok()) return glob.status();
    if (glob->is_path_pattern()) {
      rules.excluded_paths_.push_back(*std::move(glob));
      continue;
    }
    std::vector<NameTail> tails;
    if (glob->AppendTails(tails) == Glob::TailKnowledge::kExact) {
      std::move(tails.begin(), tails.end(), std::back_inserter(names));
    } else {
      rules.excluded_globs_.push_back(*std::move(glob));
    }
  }
  rules.excluded_names_ = NameSet(std::move(names), CaseRule::kSensitive);
  for (const std::string& name : view.prune_files) {
    if (name.find('/') != std::string::npos) {
      return NoSingleName("prune file", name);
    }
    if (!name.empty()) rules.prune_files_.push_back(name);
  }
  SortAndDropRepetitions(rules.prune_files_);
  return rules;
}

bool ViewRules::Excludes(std::string_view directory_name) const {
  if (excluded_names_.Contains(directory_name)) return true;
  return std::any_of(excluded_globs_.begin(), excluded_globs_.end(),
                     [directory_name](const Glob& glob) {
                       return glob.MatchesName(directory_name);
                     });
}

bool ViewRules::ExcludesPath(std::string_view path) const {
  return std::any_of(excluded_paths_.begin(), excluded_paths_.end(),
                     [path](const Glob& glob) { return glob.Matches(path); });
}

bool ViewRules::MayExcludeBelow(std::string_view path) const {
  return std::any_of(excluded_paths_.begin(), excluded_paths_.end(),
                     [path](const Glob& glob) {
                       if (glob.is_literal()) {
                         return glob.literal().size() > path.size() &&
                                IsAtOrBelow(glob.literal(), path);
                       }
                       const std::string& within = glob.literal_directory();
                       return within.empty() || IsAtOrBelow(path, within) ||
                              IsAtOrBelow(within, path);
                     });
}

bool ViewRules::IsPruneFileSlow(std::string_view name) const {
  return std::find(prune_files_.begin(), prune_files_.end(), name) !=
         prune_files_.end();
}

}  // namespace finder
