// Loading what is known, and bringing it up to date.
#include <fmt/core.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "finder/facade/finder_impl.h"
#include "finder/scanner/path_rules.h"
#include "fs/path.h"

namespace finder {

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
  metrics_.cache = CacheState::kWarm;
  metrics_.cache_reason = "ok";
  metrics_.blocks_read = loaded_.database->texts.size();
  metrics_.bytes_read = loaded_.database->bytes;
}

// The directory known at an absolute path; null if there is none.
Directory* Finder::Impl::FindKnown(std::string_view absolute) {
  for (const Root& known : tree_->known()) {
    if (known.absolute == absolute) return known.directory;
    std::string prefix = known.absolute;
    if (prefix.back() != '/') prefix += '/';
    if (!absolute.starts_with(prefix)) continue;
    Directory* at = known.directory;
    std::string_view rest = absolute.substr(prefix.size());
    while (at != nullptr && !rest.empty()) {
      const size_t slash = std::min(rest.find('/'), rest.size());
      Directory* child = at->first_child;
      while (child != nullptr && child->name() != rest.substr(0, slash)) {
        child = child->next_sibling;
      }
      at = child;
      rest.remove_prefix(std::min(slash + 1, rest.size()));
    }
    if (at != nullptr && at->knowledge == Knowledge::kListed && !at->via_link) {
      return at;
    }
  }
  return nullptr;
}

// Gives each root of the view its directory: a known one, or a new one. No
// directory serves two roots, nor lies below another root of the same tree.
void Finder::Impl::PlaceRoots() {
  for (size_t i = 0; i < options_.view.roots.size(); ++i) {
    const std::string& absolute = absolute_roots_[i];
    Directory* d = FindKnown(absolute);
    for (Directory* at = d; at != nullptr; at = at->parent) {
      if (at->view_root) d = nullptr;
    }
    for (const Root& root : tree_->roots()) {
      for (Directory* at = root.directory; d != nullptr && at != nullptr;
           at = at->parent) {
        if (at == d) d = nullptr;
      }
    }
    if (d == nullptr) {
      d = tree_->NewArena().NewArray<Directory>(1);
      d->name_bytes = "";
      tree_->known().push_back({"", absolute, d});
    }
    d->view_root = true;
    tree_->roots().push_back({CleanPath(options_.view.roots[i]), absolute, d});
  }
  ApplyPathRules(*rules_, *tree_);
}

ScanRequest Finder::Impl::MakeScanRequest() {
  ScanRequest request;
  request.files = environment_.files;
  request.clock = environment_.clock;
  request.view = &options_.view;
  request.rules = &*rules_;
  request.stored_keep = StoredKeep();
  request.now_ns = began_.realtime_ns;
  if (loaded_.database.has_value()) {
    request.seen_ns = loaded_.database->scanned_at_ns;
    request.distrusted_from_ns = loaded_.database->distrusted_from_ns;
  }
  request.processors = options_.threads.value_or(environment_.host.processors);
  request.max_open_files = environment_.host.max_open_files;
  request.fixed_threads = options_.threads.has_value();
  request.explain = options_.explain;
  request.diagnostics = &diagnostics_;
  if (progress_) {
    request.progress = [this, total = ExpectedDirectories()](uint64_t done) {
      progress_(done, total);
    };
  }
  if (options_.entry_roots == EntryRoots::kAnswers ||
      options_.missing_roots == MissingRoots::kLeftOut) {
    request.leaves_out = [this](const Root& root, SystemError error) {
      return LeavesOut(root, error);
    };
  }
  request.most_directories = options_.most_directories;
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
  const int64_t before_ns =
      loaded_.database.has_value()
          ? std::min(during_ns, loaded_.database->distrusted_from_ns)
          : during_ns;
  if (loaded_.database.has_value()) {
    latest_change_ns =
        std::max(latest_change_ns, loaded_.database->latest_change_ns);
  }
  // The clock is always a little off; that concerns hardly any directory.
  if (latest_change_ns < before_ns) return;
  for (const Root& known : tree_->known()) {
    for (Directory* d = known.directory; d != nullptr;
         d = NextInPreorder(d, known.directory)) {
      const bool is_news = d->block == Directory::kNoBlock;
      const int64_t from_ns = is_news ? during_ns : before_ns;
      if (!d->trusted || d->change_ns < from_ns) continue;
      d->trusted = false;
      d->block = Directory::kNoBlock;
      facts_changed_ = true;
    }
  }
}

absl::Status Finder::Impl::Scan() {
  absl::StatusOr<ViewRules> rules = ViewRules::Compile(options_.view);
  if (!rules.ok()) return rules.status();
  rules_ = *std::move(rules);
  if (options_.format == DatabaseFormat::kSoong && rules_->has_path_rules()) {
    return absl::InvalidArgumentError(
        "a database in Soong's format cannot tell of excluded paths; exclude "
        "by name, or write the native format");
  }
  for (const std::string& root : options_.view.roots) {
    absolute_roots_.push_back(
        AbsolutePath(root, environment_.working_directory));
  }
  began_ = Now();
  Load();
  PlaceRoots();

  Scanner scanner(MakeScanRequest(), *tree_, pool_);
  {
    const PhaseTimer timer = TimePhase("verify", "verify");
    if (absl::Status status = scanner.OpenRoots(); !status.ok()) return status;
    if (absl::Status status = CheckOtherRoots(); !status.ok()) return status;
    if (loaded_.database.has_value()) {
      scanner.Verify(loaded_.database->pieces,
                     Workers(loaded_.database->directories));
    }
  }
  {
    const PhaseTimer timer = TimePhase("scan", "explore");
    scanner.Explore(options_.threads.value_or(1));
    scanner.ReportUnreadable();
  }
  if (scanner.given_up()) {
    return absl::ResourceExhaustedError(fmt::format(
        "there are more than {} directories", *options_.most_directories));
  }
  ended_ = Now();
  const ScanCounts& counts = scanner.counts();
  metrics_.stat_calls = counts.stat_calls;
  metrics_.list_calls = counts.list_calls;
  metrics_.listed = counts.listed;
  metrics_.relisted = counts.relisted;
  metrics_.unreadable = counts.listed.unreadable;
  metrics_.threads = pool_.started();
  facts_changed_ =
      scanner.facts_changed() || !loaded_.database.has_value() ||
      (options_.format == DatabaseFormat::kSoong && !loaded_.database->legacy);
  ForgetDistrusted(scanner.latest_change_ns());
  PlaceOtherRoots();
  return absl::OkStatus();
}

}  // namespace finder
