// Loading what is known, and bringing it up to date.
#include <algorithm>
#include <functional>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include "finder/finder_impl.h"

namespace finder {
namespace {

// To list a directory takes about as long as to read and verify ten that are
// known, so this many lists more make hardly a difference to a run that must
// read the database after all.
constexpr uint64_t kDirectoriesPerAffordableList = 128;
constexpr uint64_t kLeastAffordableLists = 16;
constexpr uint64_t kMostAffordableLists = 2048;

// So many are explored by one worker, strictly in order, and it is asked so
// often whether that is enough that a quarter is too much at most. Then by as
// many as there is work for; to ask takes longer by then, and is done for each
// doubling.
constexpr uint64_t kDirectoriesInOrder = 512;

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
    if (at != nullptr && !at->via_link) return at;
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
}

ScanRequest Finder::Impl::MakeScanRequest() {
  ScanRequest request;
  request.files = environment_.files;
  request.clock = environment_.clock;
  request.view = &options_.view;
  request.rules = &*rules_;
  request.reach = scope_.reach;
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
      if (progress_is_due_) progress_(done, total);
    };
  }
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

// Whether this run needs the database, whatever it looks for.
bool Finder::Impl::NeedsDatabase() const {
  return options_.keeps_answers || options_.store_unchanged;
}

// Gives the roots their directories, and opens them.
absl::Status Finder::Impl::Begin() {
  PlaceRoots();
  scanner_.emplace(MakeScanRequest(), *tree_, pool_);
  return scanner_->OpenRoots();
}

// How many directories may be listed before it is known that the database must
// be read: a small part of what reading and verifying it costs.
uint64_t Finder::Impl::AffordableWithoutDatabase() const {
  const uint64_t known =
      CountDirectories(*environment_.files, options_.database, Owner())
          .value_or(0);
  return std::clamp(known / kDirectoriesPerAffordableList,
                    kLeastAffordableLists, kMostAffordableLists);
}

bool Finder::Impl::HasEnough() {
  const Directory* first = scanner_->FirstPending();
  if (first == nullptr) return true;
  if (!scope_.has_enough) return false;
  if (scope_.has_enough(*tree_, *first)) return true;
  // The guess was wrong, unless what is queued brings the answers back.
  if (scanner_->has_limit() && !first->verified) scanner_->LiftLimit();
  return false;
}

// Where the answer ends if the tree is as the database says. Only a quarter of
// it is asked, from the first root on: behind that there is not much to be
// gained, and whoever finds nothing is to lose little.
std::optional<AnswerPlace> Finder::Impl::GuessLimit() {
  if (!scope_.guess) return std::nullopt;
  std::span<const Piece> pieces = loaded_.database->pieces;
  const size_t most = pieces.size() / 4 + 1;
  const Directory* const root = tree_->roots().front().directory;
  const auto first =
      std::find_if(pieces.begin(), pieces.end(), [root](const Piece& piece) {
        return !std::less<>()(root, piece.directories) &&
               std::less<>()(root, piece.directories + piece.count);
      });
  if (first == pieces.end()) return std::nullopt;
  pieces = pieces.subspan(first - pieces.begin());
  pieces = pieces.first(std::min(pieces.size(), most));
  const auto believe = [pieces](bool verified) {
    for (const Piece& piece : pieces) {
      for (Directory& d : std::span(piece.directories, piece.count)) {
        if (!d.view_root) d.verified = verified;
      }
    }
  };
  believe(true);
  std::optional<AnswerPlace> place = scope_.guess(*tree_);
  believe(false);
  return place;
}

// Explores about `most` directories in the order of the output, or fewer if
// that is enough. Returns whether it is.
bool Finder::Impl::ExploreUntilEnough(uint64_t most) {
  uint64_t explored = 0;
  while (true) {
    if (HasEnough()) return true;
    if (explored >= most) return false;
    const bool alone = explored < kDirectoriesInOrder;
    uint64_t step = most - explored;
    if (scope_.has_enough) {
      step = std::min(step, alone ? explored / 4 + 1 : explored);
    }
    scanner_->ExploreSome(
        options_.threads.value_or(1),
        alone ? Scanner::Help::kAlone : Scanner::Help::kWanted, step);
    explored += step;
  }
}

void Finder::Impl::Explore() {
  const PhaseTimer timer = TimePhase("scan", "explore");
  if (!scope_.has_enough) {
    scanner_->Explore(options_.threads.value_or(1));
    return;
  }
  static_cast<void>(ExploreUntilEnough(std::numeric_limits<uint64_t>::max()));
}

// Shallow and first answers need so little that a walk finds them before a
// database is read. `done`: whether that was so.
absl::Status Finder::Impl::StartWithoutDatabase(bool& done) {
  progress_is_due_ = false;
  if (absl::Status status = Begin(); !status.ok()) return status;
  const PhaseTimer timer = TimePhase("scan", "explore");
  done = ExploreUntilEnough(AffordableWithoutDatabase());
  progress_is_due_ = true;
  return absl::OkStatus();
}

void Finder::Impl::Finish() {
  stopped_early_ = scanner_->Abandon();
  scanner_->ReportUnreadable();
  ended_ = Now();
  const ScanCounts& counts = scanner_->counts();
  metrics_.stat_calls = counts.stat_calls;
  metrics_.list_calls = counts.list_calls;
  metrics_.listed = counts.listed;
  metrics_.relisted = counts.relisted;
  metrics_.unreadable = counts.listed.unreadable;
  metrics_.threads = pool_.started();
}

absl::Status Finder::Impl::Scan(const ScanScope& scope) {
  absl::StatusOr<ViewRules> rules = ViewRules::Compile(options_.view);
  if (!rules.ok()) return rules.status();
  rules_ = *std::move(rules);
  for (const std::string& root : options_.view.roots) {
    absolute_roots_.push_back(
        AbsolutePath(root, environment_.working_directory));
  }
  began_ = Now();
  // A part is no good as a new database, nor as one that cannot tell what it
  // leaves out.
  if (options_.cache != CacheUse::kRefresh &&
      options_.format == DatabaseFormat::kNative) {
    scope_ = scope;
  }
  if (!scope_.is_whole() && options_.cache == CacheUse::kUse &&
      !NeedsDatabase()) {
    bool done = false;
    if (absl::Status status = StartWithoutDatabase(done); !status.ok()) {
      return status;
    }
    if (done) {
      Finish();
      metrics_.cache_reason = "few directories were needed";
      return absl::OkStatus();
    }
  }
  Load();
  if (scanner_.has_value() && loaded_.database.has_value()) {
    scanner_->Abandon();
    own_tree_ = DirectoryTree();
    scanner_.reset();
  }
  if (!scanner_.has_value()) {
    const PhaseTimer timer = TimePhase("verify", "verify");
    if (absl::Status status = Begin(); !status.ok()) return status;
    if (loaded_.database.has_value()) {
      scanner_->Verify(loaded_.database->pieces,
                       Workers(loaded_.database->directories), GuessLimit());
    }
  }
  Explore();
  Finish();
  const bool is_new = !loaded_.database.has_value();
  const bool worth_storing =
      !stopped_early_ &&
      (scope_.reach.is_whole() || metrics_.list_calls >= kListsWorthStoring);
  facts_changed_ =
      is_new || scanner_->facts_changed() ||
      (options_.format == DatabaseFormat::kSoong && !loaded_.database->legacy);
  ForgetDistrusted(scanner_->latest_change_ns());
  if (is_new && !worth_storing) facts_changed_ = false;
  return absl::OkStatus();
}

}  // namespace finder
