#include "finder/explain/explanation.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "finder/explain/asked_filter_list.h"
#include "finder/explain/filter_list.h"
#include "finder/explain/ignore_way.h"
#include "finder/explain/stat_text.h"
#include "finder/text/abseil_view.h"
#include "finder/tree/directory_tree.h"
#include "fs/path.h"

namespace finder {
namespace {

constexpr SymlinkPolicy kNoFollow = SymlinkPolicy::kNoFollow;
constexpr SymlinkPolicy kFollow = SymlinkPolicy::kFollow;
// In the place of a depth.
constexpr uint64_t kLastDirectory = UINT64_MAX;

bool HasDotDot(std::string_view path) {
  const std::string between = absl::StrCat("/", CleanPath(path), "/");
  return between.find("/../") != std::string::npos;
}

// The components of `path` below `root`, both in the same form; none if it is
// not below it, or may not be.
std::optional<std::vector<std::string>> ComponentsBelow(std::string_view path,
                                                        std::string_view root) {
  if (!IsAtOrBelow(path, root)) return std::nullopt;
  if (root != ".") path.remove_prefix(root.size());
  if (path == ".") path = {};
  std::vector<std::string> components =
      absl::StrSplit(Abseil(path), '/', absl::SkipEmpty());
  for (const std::string& component : components) {
    if (component == "..") return std::nullopt;
  }
  return components;
}

// The way from one root to the path.
class Way {
 public:
  Way(const ExplainRequest& request, const ViewRules& rules,
      const FilterList& filters, const AskedFilterList& asked_filters,
      const std::string& root, std::vector<std::string>& steps)
      : request_(request),
        files_(*request.files),
        rules_(rules),
        filters_(filters),
        asked_filters_(asked_filters),
        root_(root),
        prefix_size_(PrintedPrefix(root).size()),
        steps_(steps) {
    if (request.view->ignore_files == IgnoreFileUse::kNone) return;
    ignores_.emplace(files_, request.ignore, root,
                     AbsolutePath(root, request.working_directory));
  }

  // Takes all steps; returns what hides the path, if anything does.
  std::optional<std::string> Take(const FileStat& root,
                                  const std::vector<std::string>& components);
  // The same if the path is the root, which is no directory.
  std::optional<std::string> TakeEntry();

 private:
  using Reason = std::optional<std::string>;

  // What is known of an entry, with what its symlink leads to.
  struct Entry {
    EntryKind kind = EntryKind::kOther;
    bool is_link_to_directory = false;
    FileStat own;
    FileStat stat;  // of the target, if that is a directory; else its own
  };

  void Step(std::string_view path, std::string_view text) {
    steps_.push_back(std::string(path) + ": " + std::string(text));
  }
  Result<Entry> Look(const std::string& path);
  // The kind under which the view has the entry. Fails with a reason if it is
  // a directory that the view does not show.
  Reason Classify(const std::string& path, std::string_view name,
                  const Entry& entry, EntryKind& kind);
  // Whether an ignore file hides the entry. A symlink that is followed and
  // ignored as a directory is still a symlink, which `kind` becomes.
  Reason CheckIgnored(const std::string& path, const Entry& entry,
                      EntryKind& kind);
  Reason CheckFurtherUp(const std::string& path, const FileStat& stat);
  // Whether the view shows what is in the directory.
  Reason CheckContents(const std::string& path, uint64_t depth);
  // The first entry of the directory that is an answer, for --first.
  std::optional<std::string> AnswerIn(const std::string& directory,
                                      uint64_t depth,
                                      const std::vector<std::string>& names);
  bool IsExcluded(const std::string& path, std::string_view name) const {
    return rules_.Excludes(name) || rules_.ExcludesPath(Below(path));
  }
  std::string Excluded(const std::string& path, std::string_view name) const;
  // The path below the root.
  std::string_view Below(std::string_view path) const {
    return path.substr(prefix_size_);
  }
  // Says that a filter let `path` pass.
  // The reason of the first filter that turns the entry down.
  Reason Refusal(const Candidate& entry,
                 absl::FunctionRef<void(std::string_view)> passed) const {
    Reason reason = filters_.Refusal(entry, passed);
    return reason ? reason
                  : asked_filters_.Refusal(entry, files_,
                                           request_.working_directory, passed);
  }
  auto Passed(const std::string& path) {
    return [this, &path](std::string_view filter) {
      Step(path, std::string(filter) + ": yes");
    };
  }
  // What is said of a directory on the way.
  std::string EnteredText(const Entry& entry) const;
  std::string Join(const std::string& directory, std::string_view name) const {
    return PrintedPrefix(directory) + std::string(name);
  }

  const ExplainRequest& request_;
  FileSystem& files_;
  const ViewRules& rules_;
  const FilterList& filters_;
  const AskedFilterList& asked_filters_;
  const std::string& root_;
  const size_t prefix_size_;
  std::vector<std::string>& steps_;
  std::optional<IgnoreWay> ignores_;
  std::vector<FileStat> above_;  // the directories on the way, the root first
};

Result<Way::Entry> Way::Look(const std::string& path) {
  const Result<FileStat> stat = files_.Stat({}, path, kNoFollow);
  if (!stat.ok()) return stat.error();
  Entry entry = {stat->kind, false, stat.value(), stat.value()};
  if (entry.kind != EntryKind::kSymlink) return entry;
  const Result<FileStat> target = files_.Stat({}, path, kFollow);
  if (target.ok() && target->kind == EntryKind::kDirectory) {
    entry.is_link_to_directory = true;
    entry.stat = target.value();
  }
  return entry;
}

std::string Way::Excluded(const std::string& path,
                          std::string_view name) const {
  const std::vector<std::string>& files = request_.query->exclude_globs;
  for (const std::string& rule : request_.view->exclude_dirs) {
    View one;
    one.exclude_dirs = {rule};
    const absl::StatusOr<ViewRules> rules = ViewRules::Compile(one);
    if (!rules.ok()) continue;
    if (!rules->Excludes(name) && !rules->ExcludesPath(Below(path))) continue;
    const bool also_files =
        std::find(files.begin(), files.end(), rule) != files.end();
    return absl::StrCat(path, " is excluded by ",
                        also_files ? "--exclude " : "--exclude-dirs ", rule);
  }
  return path + " is excluded";
}

std::string Way::EnteredText(const Entry& entry) const {
  std::string text = entry.is_link_to_directory ? "a symlink that is followed"
                                                : "a directory that is entered";
  if (entry.stat.device != above_.back().device) {
    absl::StrAppend(&text, "; another file system begins: device ",
                    entry.stat.device, ", not ", above_.back().device);
  }
  return text;
}

Way::Reason Way::CheckFurtherUp(const std::string& path, const FileStat& stat) {
  for (const FileStat& above : above_) {
    if (above.inode == stat.inode && above.device == stat.device) {
      return path + " is a symlink to a directory above it, a loop";
    }
  }
  return std::nullopt;
}

Way::Reason Way::Classify(const std::string& path, std::string_view name,
                          const Entry& entry, EntryKind& kind) {
  const bool follows = request_.view->links == LinkPolicy::kFollow;
  switch (entry.kind) {
    case EntryKind::kFile:
    case EntryKind::kOther:
      kind = entry.kind;
      return std::nullopt;
    case EntryKind::kSymlink:
    case EntryKind::kLinkToDirectory:
      kind = entry.is_link_to_directory ? EntryKind::kLinkToDirectory
                                        : EntryKind::kSymlink;
      if (!entry.is_link_to_directory || !follows) return std::nullopt;
      // Not entered, it is still a symlink.
      if (IsExcluded(path, name) || CheckFurtherUp(path, entry.stat)) {
        return std::nullopt;
      }
      kind = EntryKind::kDirectory;
      return std::nullopt;
    case EntryKind::kDirectory:
      break;
  }
  kind = EntryKind::kDirectory;
  if (!IsExcluded(path, name)) return std::nullopt;
  return Excluded(path, name);
}

Way::Reason Way::CheckIgnored(const std::string& path, const Entry& entry,
                              EntryKind& kind) {
  if (!ignores_) return std::nullopt;
  std::string shown_by;
  const bool is_directory = kind == EntryKind::kDirectory;
  Reason reason = ignores_->Hiding(path, is_directory, &shown_by);
  if (reason && is_directory && entry.is_link_to_directory) {
    kind = EntryKind::kLinkToDirectory;
    reason = ignores_->Hiding(path, false, &shown_by);
  }
  if (!shown_by.empty()) Step(path, "not ignored, by " + shown_by);
  return reason;
}

std::optional<std::string> Way::AnswerIn(
    const std::string& directory, uint64_t depth,
    const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    const std::string path = Join(directory, name);
    const Result<Entry> entry = Look(path);
    EntryKind kind;
    if (!entry.ok() || Classify(path, name, entry.value(), kind) ||
        CheckIgnored(path, entry.value(), kind)) {
      continue;
    }
    const Candidate candidate = {directory, path,      prefix_size_,
                                 name,      depth + 1, kind};
    if (!Refusal(candidate, [](std::string_view) {})) return path;
  }
  return std::nullopt;
}

Way::Reason Way::CheckContents(const std::string& path, uint64_t depth) {
  if (request_.view->boundary == Boundary::kOneFileSystem &&
      above_.back().device != above_.front().device) {
    return absl::StrCat(
        path, " is on another file system than the root: device ",
        above_.back().device, ", not ", above_.front().device, " (--xdev)");
  }
  Result<DirectoryHandle> handle = files_.OpenDirectory({}, path, kFollow);
  if (!handle.ok()) {
    return path + " cannot be read: " + handle.error().Message();
  }
  std::string prune_file;
  std::vector<std::string> names;
  IgnoreSources sources;
  const bool first = request_.query->first == FirstRule::kFirstOnly;
  const Outcome listed =
      files_.List(handle.value(), [&](std::string_view name, EntryKind kind) {
        if (kind != EntryKind::kDirectory && rules_.IsPruneFile(name) &&
            (prune_file.empty() || name < prune_file)) {
          prune_file = name;
        }
        sources.Note(name, kind);
        if (first) names.emplace_back(name);
      });
  if (!listed.ok()) {
    return path + " cannot be read: " + listed.error().Message();
  }
  if (!prune_file.empty()) {
    return path + " is pruned: it holds " + prune_file + " (--prune-files)";
  }
  if (rules_.has_prune_files()) Step(path, "holds no prune file");
  if (ignores_) ignores_->Enter(path, sources);
  if (!first || depth == kLastDirectory) return std::nullopt;
  if (const auto answer = AnswerIn(path, depth, names)) {
    return path + " has an answer, " + *answer +
           ", so that nothing below is looked for (--first)";
  }
  return std::nullopt;
}

Way::Reason Way::Take(const FileStat& root,
                      const std::vector<std::string>& components) {
  Step(root_, "the root");
  above_.push_back(root);
  if (components.empty()) return "a root itself is never an answer";
  std::string directory = root_;
  for (size_t i = 0;; ++i) {
    const bool last = i + 1 == components.size();
    // In the directory of the path, answers beside it do not hide it.
    if (Reason r = CheckContents(directory, last ? kLastDirectory : i))
      return r;
    const std::string& name = components[i];
    const std::string path = Join(directory, name);
    const Result<Entry> entry = Look(path);
    if (!entry.ok()) return path + ": " + entry.error().Message();
    EntryKind kind;
    if (Reason r = Classify(path, name, entry.value(), kind)) return r;
    const bool is_followed = kind == EntryKind::kDirectory;
    if (Reason r = CheckIgnored(path, entry.value(), kind)) return r;
    if (!last && is_followed && kind != EntryKind::kDirectory) {
      return path + " is a symlink whose directory is ignored (--ignore-files)";
    }
    if (last) {
      Step(path, StatText(entry->own));
      return Refusal({directory, path, prefix_size_, name, i + 1, kind},
                     Passed(path));
    }
    if (kind == EntryKind::kLinkToDirectory) {
      if (request_.view->links == LinkPolicy::kNoFollow) {
        return path + " is a symlink, which is not entered without --follow";
      }
      if (Reason r = CheckFurtherUp(path, entry->stat)) return r;
      return Excluded(path, name);
    }
    if (kind != EntryKind::kDirectory) return path + " is no directory";
    Step(path, EnteredText(entry.value()));
    above_.push_back(entry->stat);
    directory = path;
  }
}

Way::Reason Way::TakeEntry() {
  const size_t slash = root_.rfind('/');
  const std::string directory =
      slash == std::string::npos ? "." : root_.substr(0, slash + (slash == 0));
  const std::string name = root_.substr(slash + 1);
  const Result<Entry> entry = Look(root_);
  if (!entry.ok()) return root_ + ": " + entry.error().Message();
  Step(root_, "a root that is no directory");
  Step(root_, StatText(entry->own));
  return Refusal(
      {directory, root_, root_.size() - name.size(), name, 0, entry->kind},
      Passed(root_));
}

absl::StatusOr<FileStat> StatRoot(FileSystem& files, const std::string& root) {
  const Result<FileStat> stat = files.Stat({}, root, kFollow);
  if (!stat.ok()) {
    return absl::NotFoundError(root + ": " + stat.error().Message());
  }
  return stat.value();
}

// The components of the request's path below `root`.
std::optional<std::vector<std::string>> Components(
    const ExplainRequest& request, const std::string& root) {
  auto components = ComponentsBelow(CleanPath(request.path), root);
  if (components) return components;
  return ComponentsBelow(AbsolutePath(request.path, request.working_directory),
                         AbsolutePath(root, request.working_directory));
}

}  // namespace

absl::StatusOr<Explanation> ExplainPath(const ExplainRequest& request) {
  const absl::StatusOr<ViewRules> rules = ViewRules::Compile(*request.view);
  if (!rules.ok()) return rules.status();
  const absl::StatusOr<FilterList> filters =
      FilterList::Compile(*request.query, *request.view);
  if (!filters.ok()) return filters.status();
  const absl::StatusOr<AskedFilterList> asked_filters =
      AskedFilterList::Compile(*request.query, *request.view, *request.files,
                               *request.clock);
  if (!asked_filters.ok()) return asked_filters.status();
  Explanation explanation;
  bool inside = false;
  for (const std::string& root : request.view->roots) {
    const absl::StatusOr<FileStat> stat = StatRoot(*request.files, root);
    if (!stat.ok()) return stat.status();
    const auto components = Components(request, root);
    const bool is_entry = stat->kind != EntryKind::kDirectory;
    if (!components || (is_entry && !components->empty())) {
      explanation.steps.push_back(root + ": a root that is not above the path");
      continue;
    }
    inside = true;
    Way way(request, *rules, *filters, *asked_filters, root, explanation.steps);
    std::optional<std::string> hidden =
        is_entry ? way.TakeEntry() : way.Take(*stat, *components);
    if (!hidden) {
      explanation.shown = true;
      return explanation;
    }
    if (!explanation.reason.empty()) explanation.reason += "; ";
    explanation.reason += *hidden;
  }
  if (inside) return explanation;
  if (HasDotDot(request.path)) {
    return absl::InvalidArgumentError(
        request.path + ": may lead anywhere; say it without '..'");
  }
  return absl::InvalidArgumentError(request.path + ": outside of every root");
}

}  // namespace finder
