// Loading what is known, and bringing it up to date.
#include <fmt/core.h>

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

#include "finder/facade/finder_impl.h"
#include "finder/scanner/path_rules.h"
#include "finder/tree/tree_walk.h"
#include "fs/path.h"

namespace finder {
namespace {

// What a part of the view must have cost for the next run to be glad of it.
constexpr uint64_t kListsWorthStoring = 256;

}  // namespace

LoadRequest Finder::Impl::MakeLoadRequest() const {
  LoadRequest request;
  request.view = &options_.view;
  request.rules = &*rules_;
  request.absolute_roots = absolute_roots_;
  request.working_directory = environment_.working_directory;
  request.view_id = options_.view_id;
  request.owner = Owner();
  request.boot_id = environment_.host.boot_id;
  request.now = began_;
  return request;
}

void Finder::Impl::Load() {
  if (options_.cache == CacheUse::kNone) {
    metrics_.cache_reason = "no cache asked for";
    return;
  }
  if (options_.cache == CacheUse::kRefresh) {
    metrics_.cache_reason = "refresh asked for";
    return;
  }
  const PhaseTimer timer = TimePhase("load", "load");
  const unsigned workers =
      options_.threads.value_or(environment_.host.processors);
  loaded_ = LoadDatabase(*environment_.files, options_.database,
                         MakeLoadRequest(), pool_, workers);
  if (!loaded_.database.has_value()) {
    metrics_.cache_reason = loaded_.reason;
    return;
  }
  tree_ = &loaded_.database->tree;
  is_stored_ = true;
  other_format_ =
      options_.format == DatabaseFormat::kSoong && !loaded_.database->legacy;
  distrusted_from_ns_ = loaded_.database->distrusted_from_ns;
  latest_change_ns_ = loaded_.database->latest_change_ns;
  metrics_.cache = CacheState::kWarm;
  metrics_.cache_reason = "ok";
  metrics_.blocks_read = loaded_.database->texts.size();
  metrics_.bytes_read = loaded_.database->bytes;
}

// The directory known at an absolute path, if it will do: the top of a tree
// rather than one inside another tree. Null if there is none.
Directory* Finder::Impl::FindKnown(
    std::string_view absolute,
    absl::FunctionRef<bool(const Directory&)> will_do) const {
  for (const Root& known : tree_->known) {
    if (known.absolute == absolute && will_do(*known.directory)) {
      return known.directory;
    }
  }
  for (const Root& known : tree_->known) {
    std::string prefix = known.absolute;
    if (prefix.back() != '/') prefix += '/';
    if (!absolute.starts_with(prefix)) continue;
    Directory* at = known.directory;
    std::string_view rest = absolute.substr(prefix.size());
    while (at != nullptr && !rest.empty()) {
      const size_t slash = std::min(rest.find('/'), rest.size());
      at = FindChild(*at, rest.substr(0, slash));
      rest.remove_prefix(std::min(slash + 1, rest.size()));
    }
    if (at != nullptr && !at->via_link && will_do(*at)) return at;
  }
  return nullptr;
}

// Whether no root of the view is `d`, lies above it or below it.
bool Finder::Impl::IsFree(const Directory& d) const {
  for (const Directory* at = &d; at != nullptr; at = at->parent) {
    if (at->view_root) return false;
  }
  for (const Root& root : tree_->roots) {
    for (const Directory* at = root.directory; at != nullptr; at = at->parent) {
      if (at == &d) return false;
    }
  }
  return true;
}

// Gives each root of the view its directory: a known one, or a new one. No
// directory serves two roots, nor lies below another root of the same tree.
void Finder::Impl::PlaceRoots() {
  for (size_t i = 0; i < options_.view.roots.size(); ++i) {
    const std::string& absolute = absolute_roots_[i];
    Directory* d = FindKnown(
        absolute, [this](const Directory& known) { return IsFree(known); });
    if (d == nullptr) {
      d = tree_->NewArena().NewArray<Directory>(1);
      d->name_bytes = "";
      tree_->known.push_back({"", absolute, d});
    }
    d->view_root = true;
    tree_->roots.push_back({CleanPath(options_.view.roots[i]), absolute, d});
  }
  ApplyPathRules(*rules_, *tree_);
}

ScanRequest Finder::Impl::MakeScanRequest() {
  ScanRequest request;
  request.files = environment_.files;
  request.clock = environment_.clock;
  request.view = &options_.view;
  request.rules = &*rules_;
  request.ignores = ignores_ ? &*ignores_ : nullptr;
  request.reach = scope_.reach;
  request.asks_target = scope_.asks_target;
  request.stored_keep = StoredKeep();
  request.now_ns = began_.realtime_ns;
  if (is_update_) {
    request.seen_ns = ended_.realtime_ns;
  } else if (loaded_.database.has_value()) {
    request.seen_ns = loaded_.database->scanned_at_ns;
  }
  request.distrusted_from_ns = distrusted_from_ns_;
  request.is_update = is_update_;
  request.observer = observer_;
  request.processors = options_.threads.value_or(environment_.host.processors);
  request.max_open_files = environment_.host.max_open_files;
  request.fixed_threads = options_.threads.has_value();
  request.explain = options_.explain;
  request.diagnostics = &diagnostics_;
  if (progress_) {
    request.progress = [this, total = ExpectedDirectories()](uint64_t done) {
      if (progress_is_due_) progress_(done, total);
    };
  }
  if (!is_update_ && (options_.entry_roots == EntryRoots::kAnswers ||
                      options_.missing_roots == MissingRoots::kLeftOut)) {
    request.leaves_out = [this](const Root& root, SystemError error) {
      return LeavesOut(root, error);
    };
  }
  request.most_directories = options_.most_directories;
  request.cancelled = cancelled_;
  return request;
}

// About how many directories there are. A database that is not used, say for
// --refresh, still knows.
std::optional<uint64_t> Finder::Impl::ExpectedDirectories() const {
  if (loaded_.database.has_value()) return loaded_.database->directories;
  if (options_.cache == CacheUse::kNone) return std::nullopt;
  return CountDirectories(*environment_.files, options_.database, Owner());
}

ScanTime Finder::Impl::Now() const {
  return {environment_.clock->RealtimeNs(), environment_.clock->BoottimeNs()};
}

// The clock was set back: since the database was written, which what the view
// hid from this run must still learn, or during this run. The database that is
// written now tells of neither.
// `latest_change_ns`: the latest change time of what was stamped anew.
void Finder::Impl::ForgetDistrusted(int64_t latest_change_ns) {
  const int64_t during_ns = DistrustedFromNs(began_, ended_, true);
  const int64_t before_ns = std::min(during_ns, distrusted_from_ns_);
  latest_change_ns_ = std::max(latest_change_ns_, latest_change_ns);
  // The clock is always a little off; that concerns hardly any directory.
  if (latest_change_ns_ < before_ns) return;
  // What has no block in a tree that stands is not all news.
  const bool blocks_tell = !standing_;
  for (const Root& known : tree_->known) {
    VisitTree(*known.directory, [&](Directory& d) {
      const bool is_news = blocks_tell && d.block == Directory::kNoBlock;
      const int64_t from_ns = is_news ? during_ns : before_ns;
      if (d.trusted && d.change_ns >= from_ns) {
        d.trusted = false;
        d.block = Directory::kNoBlock;
        facts_changed_ = true;
      }
      return Descent::kInside;
    });
  }
}

// Gives the roots their directories, and opens them. May be called again for
// another tree.
absl::Status Finder::Impl::Begin() {
  other_roots_.clear();
  PlaceRoots();
  if (options_.view.ignore_files == IgnoreFileUse::kApplied) {
    ignores_.emplace(*environment_.files, environment_.shared_files,
                     options_.ignore);
    tree_->ignore_scopes = &ignores_->scopes();
  }
  scanner_.emplace(MakeScanRequest(), *tree_, pool_);
  if (absl::Status status = scanner_->OpenRoots(); !status.ok()) return status;
  return CheckOtherRoots();
}

absl::Status Finder::Impl::Explore() {
  const PhaseTimer timer = TimePhase("scan", "explore");
  if (scope_.has_enough) {
    static_cast<void>(ExploreUntilEnough(std::numeric_limits<uint64_t>::max()));
  } else {
    scanner_->Explore(options_.threads.value_or(1));
  }
  return CheckGivenUp();
}

absl::Status Finder::Impl::CheckGivenUp() const {
  if (!scanner_->given_up()) return absl::OkStatus();
  if (cancelled_ != nullptr && *cancelled_) {
    return absl::CancelledError("the scan was cancelled");
  }
  return absl::ResourceExhaustedError(fmt::format(
      "there are more than {} directories", *options_.most_directories));
}

// Goes over to the database, if there is one, and brings the tree up to date as
// far as the scope needs it.
absl::Status Finder::Impl::ScanWithDatabase() {
  if (!standing_) Load();
  if (scanner_.has_value() && loaded_.database.has_value()) {
    scanner_->Abandon();
    tried_ = scanner_->counts();
    scanner_.reset();
    TellDropped(own_tree_);
    own_tree_ = DirectoryTree();
  }
  if (!scanner_.has_value()) {
    const PhaseTimer timer = TimePhase("verify", "verify");
    if (absl::Status status = Begin(); !status.ok()) return status;
    if (loaded_.database.has_value()) {
      const unsigned workers = Workers(loaded_.database->directories);
      scanner_->MarkIgnored(loaded_.database->pieces, workers);
      scanner_->Verify(loaded_.database->pieces, workers, GuessLimit());
    }
  }
  return Explore();
}

// Returns whether the scan ended before all of the scope was looked at.
bool Finder::Impl::Finish() {
  const bool ended_early = scanner_->Abandon();
  scanner_->ReportUnreadable();
  ended_ = Now();
  ScanCounts counts = scanner_->counts();
  counts.Add(tried_);
  metrics_.stat_calls = counts.stat_calls;
  metrics_.list_calls = counts.list_calls;
  metrics_.listed = counts.listed;
  metrics_.relisted = counts.relisted;
  metrics_.unreadable = counts.listed.unreadable;
  metrics_.threads = pool_.started();
  directories_ =
      is_update_ ? directories_ + counts.listed.unknown : metrics_.stat_calls;
  PlaceOtherRoots();
  return ended_early;
}

// Whether there is anything to be saved, which Finish() has left.
void Finder::Impl::NoteChanges(bool ended_early) {
  const bool is_new = !is_stored_;
  const bool worth_storing =
      !ended_early &&
      (scope_.reach.is_whole() || metrics_.list_calls >= kListsWorthStoring);
  facts_changed_ |= is_new || other_format_ || scanner_->facts_changed();
  ForgetDistrusted(scanner_->latest_change_ns());
  if (is_new && !worth_storing) facts_changed_ = false;
}

// Nothing is left of what an earlier pass counted and said.
void Finder::Impl::BeginPass() {
  scanner_.reset();
  metrics_ = Metrics();
  entries_counted_ = false;
  diagnostics_.Clear();
  tried_ = ScanCounts();
  began_ = Now();
}

absl::Status Finder::Impl::Scan(const ScanScope& scope) {
  BeginPass();
  if (absl::Status status = Compile(); !status.ok()) return status;
  if (standing_) {
    GoOn();
    RepackTree(Repacking::kFactsAlone);
  } else {
    Forget();
  }
  // A part is no good as a new database, nor as one that cannot tell what it
  // leaves out.
  const bool all_is_needed = options_.cache == CacheUse::kRefresh ||
                             options_.format != DatabaseFormat::kNative;
  scope_ = all_is_needed ? ScanScope() : scope;
  absl::StatusOr<bool> done = false;
  if (!scope_.is_whole() && options_.cache == CacheUse::kUse &&
      !NeedsDatabase() && !standing_) {
    done = StartWithoutDatabase();
  }
  absl::Status status = done.status();
  if (status.ok() && !*done) status = ScanWithDatabase();
  if (status.ok()) {
    const bool ended_early = Finish();
    if (*done) {
      metrics_.cache_reason = "few directories were needed";
    } else {
      NoteChanges(ended_early);
    }
  } else if (scanner_.has_value()) {
    scanner_->Abandon();
  }
  // What was seen without the database is only a part of it.
  standing_ = status.ok() && !*done;
  if (standing_ && observer_ != nullptr) TellHidden();
  scanner_.reset();
  return status;
}

// Makes ready what does not need the disk.
absl::Status Finder::Impl::Compile() {
  absl::StatusOr<ViewRules> rules = ViewRules::Compile(options_.view);
  if (!rules.ok()) return rules.status();
  rules_ = *std::move(rules);
  if (options_.format == DatabaseFormat::kSoong && rules_->has_path_rules()) {
    return absl::InvalidArgumentError(
        "a database in Soong's format cannot tell of excluded paths; exclude "
        "by name, or write the native format");
  }
  if (options_.format == DatabaseFormat::kSoong &&
      options_.view.ignore_files == IgnoreFileUse::kApplied) {
    return absl::InvalidArgumentError(
        "a database in Soong's format cannot tell of ignored directories; "
        "write the native format");
  }
  absolute_roots_.clear();
  for (const std::string& root : options_.view.roots) {
    absolute_roots_.push_back(
        AbsolutePath(root, environment_.working_directory));
  }
  return absl::OkStatus();
}

}  // namespace finder
