#include "finder/query/matcher.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "fs/path.h"

namespace finder {
namespace {

std::vector<NameTail> Tails(const std::vector<std::string>& texts,
                            NameTail::Form form) {
  std::vector<NameTail> tails;
  tails.reserve(texts.size());
  for (const std::string& text : texts) tails.push_back({text, form});
  return tails;
}

// "c" and ".c" are the same extension.
std::vector<NameTail> ExtensionTails(const std::vector<std::string>& texts) {
  std::vector<NameTail> tails;
  for (const std::string& text : texts) {
    const bool has_dot = !text.empty() && text.front() == '.';
    tails.push_back({has_dot ? text : "." + text, NameTail::Form::kExtension});
  }
  return tails;
}

}  // namespace

absl::StatusOr<Matcher> Matcher::Compile(const Query& query, const View& view) {
  Matcher matcher;
  matcher.SetKinds(query.types, view.links);
  matcher.AddNames(query, view);
  if (absl::Status s = matcher.AddGlobs(query); !s.ok()) return s;
  if (absl::Status s = matcher.AddRegexes(query); !s.ok()) return s;
  if (absl::Status s = matcher.AddExcludes(query); !s.ok()) return s;
  matcher.accepts_all_names_ = matcher.name_filters_.empty() &&
                               matcher.excluded_names_.tails().empty() &&
                               query.exclude_globs.empty();
  matcher.has_path_filters_ = !matcher.path_globs_.empty() ||
                              !matcher.regexes_.empty() ||
                              !matcher.excluded_paths_.empty();
  return matcher;
}

std::optional<Matcher> Matcher::Shared(
    std::span<const Matcher* const> matchers) {
  Matcher shared;
  shared.kinds_ = matchers.front()->kinds_;
  std::vector<NameTail> tails;
  for (const Matcher* matcher : matchers) {
    if (matcher->required_tails_.empty() || matcher->has_path_filters_ ||
        matcher->wants_directories_ || matcher->kinds_ != shared.kinds_) {
      return std::nullopt;
    }
    tails.insert(tails.end(), matcher->required_tails_.begin(),
                 matcher->required_tails_.end());
  }
  shared.finder_ = EntryFinder(tails, CaseRule::kSensitive);
  if (shared.finder_.cost() > EntryFinder::kMaxAnchors) return std::nullopt;
  return shared;
}

void Matcher::SetKinds(const TypeSet& types, LinkPolicy links) {
  const uint32_t files = KindBit(EntryKind::kFile);
  const uint32_t links_to_files = KindBit(EntryKind::kSymlink);
  const uint32_t all_links =
      links_to_files | KindBit(EntryKind::kLinkToDirectory);
  wants_directories_ = types.directories;
  if (!types.any()) {
    kinds_ = files | links_to_files | KindBit(EntryKind::kOther);
  }
  if (types.files) kinds_ |= files;
  // A symlink that is followed is what it points to.
  if (types.files && links == LinkPolicy::kFollow) kinds_ |= links_to_files;
  if (types.symlinks) kinds_ |= all_links;
}

void Matcher::Require(const std::vector<NameTail>& tails, CaseRule case_rule) {
  EntryFinder finder(tails, case_rule);
  if (finder.cost() >= finder_.cost()) return;
  finder_ = std::move(finder);
  required_tails_.clear();
  if (case_rule == CaseRule::kSensitive) required_tails_ = tails;
}

void Matcher::Require(const NameSet& set, CaseRule case_rule) {
  if (!set.contains_all()) Require(set.tails(), case_rule);
}

void Matcher::AddNames(const Query& query, const View& view) {
  const CaseRule case_rule = query.case_rule;
  const auto add = [&](std::vector<NameTail> tails) {
    if (tails.empty()) return;
    NameFilter filter = {NameSet(std::move(tails), case_rule), {}};
    Require(filter.set, case_rule);
    name_filters_.push_back(std::move(filter));
  };
  add(Tails(query.names, NameTail::Form::kWhole));
  add(ExtensionTails(query.extensions));
  add(Tails(query.suffixes, NameTail::Form::kSuffix));
  excluded_names_ =
      NameSet(Tails(query.exclude_names, NameTail::Form::kWhole), case_rule);
  if (view.keep.keeps_all()) return;
  keep_ = KeepFilter(view.keep);
  std::vector<NameTail> kept = Tails(view.keep.names, NameTail::Form::kWhole);
  for (NameTail& tail : Tails(view.keep.suffixes, NameTail::Form::kSuffix)) {
    kept.push_back(std::move(tail));
  }
  Require(NameSet(std::move(kept), CaseRule::kSensitive), CaseRule::kSensitive);
}

absl::Status Matcher::AddGlobs(const Query& query) {
  if (query.globs.empty()) return absl::OkStatus();
  std::vector<Glob> globs;
  std::vector<NameTail> required;
  std::vector<NameTail> exact;
  std::vector<Glob> others;
  bool all_have_tails = true;
  bool any_path = false;
  for (const std::string& text : query.globs) {
    absl::StatusOr<Glob> glob = Glob::Compile(text, query.case_rule);
    if (!glob.ok()) return glob.status();
    const size_t known = required.size();
    const Glob::TailKnowledge knowledge = glob->AppendTails(required);
    if (knowledge == Glob::TailKnowledge::kNone) all_have_tails = false;
    if (knowledge == Glob::TailKnowledge::kExact) {
      exact.insert(exact.end(), required.begin() + known, required.end());
    } else {
      others.push_back(*glob);
    }
    any_path = any_path || glob->is_path_pattern();
    globs.push_back(*std::move(glob));
  }
  if (all_have_tails) {
    Require(NameSet(std::move(required), query.case_rule), query.case_rule);
  }
  if (any_path) {
    path_globs_ = std::move(globs);
  } else {
    name_filters_.push_back(
        {NameSet(std::move(exact), query.case_rule), std::move(others)});
  }
  return absl::OkStatus();
}

absl::Status Matcher::AddRegexes(const Query& query) {
  std::vector<NameTail> required;
  for (const std::string& text : query.regexes) {
    absl::StatusOr<PathRegex> regex = PathRegex::Compile(text, query.case_rule);
    if (!regex.ok()) return regex.status();
    required.push_back({regex->required_suffix(), NameTail::Form::kSuffix});
    regexes_.push_back(*std::move(regex));
  }
  if (required.empty()) return absl::OkStatus();
  const bool all_have_suffixes =
      std::none_of(required.begin(), required.end(),
                   [](const NameTail& tail) { return tail.text.empty(); });
  // A suffix says more, and the paths of directories need not be looked at.
  if (!all_have_suffixes) RequireLiterals();
  Require(NameSet(std::move(required), CaseRule::kSensitive),
          CaseRule::kSensitive);
  return absl::OkStatus();
}

absl::Status Matcher::AddExcludes(const Query& query) {
  std::vector<NameTail> names;
  for (const std::string& text : query.exclude_globs) {
    if (text.ends_with('/')) continue;
    absl::StatusOr<Glob> glob = CompileBelowRoot(text);
    if (!glob.ok()) return glob.status();
    std::vector<NameTail> tails;
    if (glob->is_path_pattern()) {
      excluded_paths_.push_back(*std::move(glob));
    } else if (glob->AppendTails(tails) == Glob::TailKnowledge::kExact) {
      std::move(tails.begin(), tails.end(), std::back_inserter(names));
    } else {
      excluded_globs_.globs.push_back(*std::move(glob));
    }
  }
  excluded_globs_.set = NameSet(std::move(names), CaseRule::kSensitive);
  return absl::OkStatus();
}

void Matcher::RequireLiterals() {
  std::vector<std::string> literals;
  for (const PathRegex& regex : regexes_) {
    const std::vector<std::string>& of_one = regex.required_literals();
    if (of_one.empty()) return;
    literals.insert(literals.end(), of_one.begin(), of_one.end());
  }
  literal_finder_ = EntryFinder::Holding(literals);
  has_literals_ = literal_finder_.cost() <= EntryFinder::kMaxAnchors;
}

bool Matcher::NameFilter::Matches(std::string_view name) const {
  return set.Contains(name) ||
         std::any_of(globs.begin(), globs.end(), [name](const Glob& glob) {
           return glob.MatchesName(name);
         });
}

bool Matcher::MatchesDirectoryName(std::string_view name) const {
  for (const NameFilter& filter : name_filters_) {
    if (!filter.Matches(name)) return false;
  }
  return !excluded_names_.Contains(name) && !excluded_globs_.Matches(name);
}

bool Matcher::MatchesPath(std::string_view path, size_t prefix_size,
                          std::string_view name) const {
  const std::string_view below = path.substr(prefix_size);
  for (const Glob& glob : excluded_paths_) {
    if (glob.Matches(below)) return false;
  }
  const bool glob_matches =
      path_globs_.empty() || std::any_of(path_globs_.begin(), path_globs_.end(),
                                         [&](const Glob& glob) {
                                           return glob.is_path_pattern()
                                                      ? glob.Matches(path)
                                                      : glob.MatchesName(name);
                                         });
  return glob_matches &&
         (regexes_.empty() || std::any_of(regexes_.begin(), regexes_.end(),
                                          [path](const PathRegex& regex) {
                                            return regex.Matches(path);
                                          }));
}

std::vector<std::string> Matcher::LiteralDirectories() const {
  std::vector<std::string> directories;
  for (const Glob& glob : path_globs_) {
    if (!glob.is_path_pattern() || glob.literal_directory().empty()) return {};
    directories.push_back(CleanPath(glob.literal_directory()));
  }
  return directories;
}

}  // namespace finder
