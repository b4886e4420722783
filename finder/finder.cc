#include "finder/finder.h"

#include <fmt/core.h>

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

#include "finder/answer/answer.h"
#include "finder/database/checksum.h"
#include "finder/database/database.h"
#include "finder/database/soong_format.h"
#include "finder/scanner/scanner.h"
#include "finder/threads/thread_pool.h"
#include "finder/threads/trace.h"

namespace finder {
namespace {

// Chosen by measurement, doc/benchmarks.md: more than this many sleeping
// workers no longer shorten a scan from a cold disk.
constexpr unsigned kMostSleepingThreads = 16;

// A tree smaller than this is done before another thread has started.
constexpr uint64_t kDirectoriesWorthAThread = 500;

// Each worker needs a few descriptors of its own.
unsigned MostThreads(const Options& options, const Host& host) {
  if (options.threads.has_value()) return std::max(*options.threads, 1u);
  const unsigned wanted = std::max(kMostSleepingThreads, host.processors);
  const uint64_t affordable = std::max<uint64_t>(host.max_open_files / 16, 1);
  return static_cast<unsigned>(std::min<uint64_t>(wanted, affordable));
}

// Measures one phase into the metrics and the trace.
class PhaseTimer {
 public:
  // `work`: what the threads are at meanwhile, for the trace.
  PhaseTimer(const Environment& environment, Metrics& metrics,
             std::string_view name, std::string_view work)
      : clock_(*environment.clock),
        metrics_(metrics),
        name_(name),
        span_(environment.trace, 0, Trace::Kind::kPhase, name),
        start_ns_(clock_.BoottimeNs()) {
    if (environment.trace != nullptr) environment.trace->set_work(work);
  }
  ~PhaseTimer() {
    metrics_.phases.push_back({name_, clock_.BoottimeNs() - start_ns_});
  }
  PhaseTimer(const PhaseTimer&) = delete;
  PhaseTimer& operator=(const PhaseTimer&) = delete;

 private:
  Clock& clock_;
  Metrics& metrics_;
  const std::string_view name_;
  const TraceSpan span_;
  const int64_t start_ns_;
};

}  // namespace

class Finder::Impl {
 public:
  Impl(Environment environment, Options options)
      : environment_(std::move(environment)),
        options_(std::move(options)),
        pool_(MostThreads(options_, environment_.host), environment_.trace) {
    if (options_.view.roots.empty()) options_.view.roots.push_back(".");
    if (options_.view_id.empty()) {
      options_.view_id = DefaultViewId(environment_.host);
    }
  }

  absl::Status Scan();
  uint64_t Answer(const CompiledQuery& query, Format format, Write write);
  void AnswerAll(std::span<QueryOutput> outputs);
  AnswerStates KeptAnswers() const;
  void KeepAnswer(AnswerState state, std::optional<AnswerPaths> paths) {
    kept_answers_.emplace_back(std::move(state), std::move(paths));
  }
  absl::Status Save();
  const Metrics& metrics();

  const DirectoryTree& tree() const { return *tree_; }
  const Diagnostics& diagnostics() const { return diagnostics_; }
  void SetProgress(ProgressCallback callback) {
    progress_ = std::move(callback);
  }

 private:
  void Load();
  LoadRequest MakeLoadRequest() const;
  KeepRules StoredKeep() const;
  ScanRequest MakeScanRequest();
  std::optional<uint64_t> ExpectedDirectories() const;
  void PlaceRoots();
  ScanTime Now() const;
  void ForgetDistrusted(int64_t latest_change_ns);
  Directory* FindKnown(std::string_view absolute);
  unsigned Workers(uint64_t directories) const;
  // Whose database is believed; none: anybody's.
  std::optional<uint32_t> Owner() const {
    if (options_.audience == Audience::kGroup) return std::nullopt;
    return environment_.host.user_id;
  }
  uint32_t Permissions() const {
    return options_.audience == Audience::kGroup ? 0660 : 0600;
  }
  absl::StatusOr<StoredCounts> SaveNative(const std::string& path);
  absl::StatusOr<StoredCounts> SaveSoong(const std::string& path);
  std::string StoredAnswers() const;
  std::string AnswersToStore() const;
  void CountEntries();

  const Environment environment_;
  Options options_;
  ThreadPool pool_;
  std::optional<ViewRules> rules_;
  std::vector<std::string> absolute_roots_;
  ScanTime began_;
  ScanTime ended_;
  LoadResult loaded_;
  DirectoryTree own_tree_;  // when there is no database
  DirectoryTree* tree_ = &own_tree_;
  Diagnostics diagnostics_;
  Metrics metrics_;
  bool entries_counted_ = false;
  bool facts_changed_ = false;
  std::vector<std::pair<AnswerState, std::optional<AnswerPaths>>> kept_answers_;
  ProgressCallback progress_;
};

unsigned Finder::Impl::Workers(uint64_t directories) const {
  if (options_.threads.has_value()) return *options_.threads;
  const uint64_t useful = directories / kDirectoriesWorthAThread + 1;
  return static_cast<unsigned>(
      std::min<uint64_t>({useful, environment_.host.processors, pool_.most()}));
}

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
  PhaseTimer timer(environment_, metrics_, "load", "load");
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
}

KeepRules Finder::Impl::StoredKeep() const {
  return loaded_.database.has_value() ? loaded_.database->keep
                                      : options_.view.StoredKeep();
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
  for (const std::string& root : options_.view.roots) {
    absolute_roots_.push_back(
        AbsolutePath(root, environment_.working_directory));
  }
  began_ = Now();
  Load();
  PlaceRoots();

  Scanner scanner(MakeScanRequest(), *tree_, pool_);
  {
    PhaseTimer timer(environment_, metrics_, "verify", "verify");
    if (absl::Status status = scanner.OpenRoots(); !status.ok()) return status;
    if (loaded_.database.has_value()) {
      scanner.Verify(loaded_.database->pieces,
                     Workers(loaded_.database->directories));
    }
  }
  {
    PhaseTimer timer(environment_, metrics_, "scan", "explore");
    scanner.Explore(options_.threads.value_or(1));
    scanner.ReportUnreadable();
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
  return absl::OkStatus();
}

uint64_t Finder::Impl::Answer(const CompiledQuery& query, Format format,
                              Write write) {
  PhaseTimer timer(environment_, metrics_, "query", "answer");
  const uint64_t matches =
      AnswerQuery(*tree_, query, format, write, pool_,
                  Workers(metrics_.stat_calls), metrics_.stat_calls);
  metrics_.matches += matches;
  return matches;
}

void Finder::Impl::AnswerAll(std::span<QueryOutput> outputs) {
  PhaseTimer timer(environment_, metrics_, "query", "answer");
  AnswerQueries(*tree_, outputs, pool_, Workers(metrics_.stat_calls),
                metrics_.stat_calls);
  for (const QueryOutput& output : outputs) metrics_.matches += output.answers;
}

std::string Finder::Impl::StoredAnswers() const {
  if (options_.cache == CacheUse::kNone) return "";
  return LoadAnswers(*environment_.files, options_.database, Owner());
}

AnswerStates Finder::Impl::KeptAnswers() const {
  return AnswerStates::Decode(StoredAnswers());
}

// What is stored by now is read again, since another run may have kept answers
// of its own meanwhile.
std::string Finder::Impl::AnswersToStore() const {
  std::string stored = StoredAnswers();
  if (kept_answers_.empty()) return stored;
  AnswerStates states = AnswerStates::Decode(stored);
  for (const auto& [state, paths] : kept_answers_) {
    states.Keep(state, paths.has_value() ? &*paths : nullptr);
  }
  return states.Encode();
}

absl::StatusOr<StoredCounts> Finder::Impl::SaveNative(const std::string& path) {
  SaveRequest request;
  request.answers = AnswersToStore();
  request.header.writer = options_.writer;
  request.header.view_id = options_.view_id;
  request.header.keep = StoredKeep();
  request.header.links = options_.view.links;
  request.header.boot_id = environment_.host.boot_id;
  request.header.time = ended_;
  if (loaded_.database.has_value()) {
    request.header.blind_excludes = loaded_.database->blind_excludes;
    request.header.blind_prunes = loaded_.database->blind_prunes;
    request.loaded = &*loaded_.database;
  }
  request.tree = tree_;
  request.permissions = Permissions();
  SaveCounts counts;
  absl::Status status = SaveDatabase(*environment_.files, path, request, pool_,
                                     Workers(metrics_.stat_calls), counts);
  metrics_.blocks_copied = counts.blocks_copied;
  metrics_.blocks_encoded = counts.blocks_encoded;
  metrics_.bytes_written = counts.bytes;
  if (!status.ok()) return status;
  return StoredCounts{counts.directories, counts.files};
}

absl::StatusOr<StoredCounts> Finder::Impl::SaveSoong(const std::string& path) {
  SoongRequest request;
  request.view = &options_.view;
  request.tree = tree_;
  request.working_directory = environment_.working_directory;
  request.view_id = options_.view_id;
  request.processors = environment_.host.processors;
  const std::string text = EncodeSoong(request);
  const auto fail = [&path](SystemError error) {
    return absl::UnavailableError(
        fmt::format("{}: cannot write database: {}", path, error.Message()));
  };
  auto file = environment_.files->CreateFile(path, Permissions());
  if (!file.ok()) return fail(file.error());
  Outcome outcome = file.value()->Append(text);
  if (outcome.ok()) outcome = file.value()->Commit();
  if (!outcome.ok()) return fail(outcome.error());
  metrics_.bytes_written = text.size();
  return StoredCounts{};  // the format has none
}

absl::Status Finder::Impl::Save() {
  const bool changed = facts_changed_ || !kept_answers_.empty();
  if (options_.cache == CacheUse::kNone ||
      (!changed && !options_.store_unchanged)) {
    return absl::OkStatus();
  }
  PhaseTimer timer(environment_, metrics_, "save", "save");
  const auto write = [this](const std::string& path) {
    return options_.format == DatabaseFormat::kSoong ? SaveSoong(path)
                                                     : SaveNative(path);
  };
  absl::StatusOr<bool> stored = true;
  if (options_.store) {
    stored = options_.store(write);
  } else if (const auto counts = write(options_.database); !counts.ok()) {
    stored = counts.status();
  }
  metrics_.database_written = stored.ok() && *stored;
  if (!stored.ok()) return stored.status();
  facts_changed_ = false;
  kept_answers_.clear();
  return absl::OkStatus();
}

void Finder::Impl::CountEntries() {
  const KeepFilter keep(options_.view.keep);
  const bool all = options_.view.keep.keeps_all();
  for (const Root& root : tree_->roots()) {
    const Directory* top = root.directory;
    for (const Directory* d = top; d != nullptr;) {
      const bool seen = d == top || d->visible();
      const bool open = seen && d->open();
      metrics_.directories += seen;
      if (open && all) metrics_.files += d->listing().CountEntries();
      for (auto it = d->listing().begin(); open && !all && !it.at_end(); ++it) {
        metrics_.files += keep.Keeps(it->name);
      }
      d = NextInPreorder(d, top, !open);
    }
  }
}

const Metrics& Finder::Impl::metrics() {
  if (!entries_counted_ && !tree_->roots().empty()) {
    entries_counted_ = true;
    CountEntries();
  }
  return metrics_;
}

Finder::Finder(Environment environment, Options options)
    : impl_(
          std::make_unique<Impl>(std::move(environment), std::move(options))) {}
Finder::~Finder() = default;

absl::Status Finder::Scan() { return impl_->Scan(); }
uint64_t Finder::Answer(const CompiledQuery& query, Format format,
                        Write write) {
  return impl_->Answer(query, format, write);
}
void Finder::AnswerAll(std::span<QueryOutput> outputs) {
  impl_->AnswerAll(outputs);
}
AnswerStates Finder::KeptAnswers() const { return impl_->KeptAnswers(); }
void Finder::KeepAnswer(AnswerState state, std::optional<AnswerPaths> paths) {
  impl_->KeepAnswer(std::move(state), std::move(paths));
}
absl::Status Finder::Save() { return impl_->Save(); }
const DirectoryTree& Finder::tree() const { return impl_->tree(); }
const Diagnostics& Finder::diagnostics() const { return impl_->diagnostics(); }
const Metrics& Finder::metrics() { return impl_->metrics(); }
void Finder::SetProgress(ProgressCallback callback) {
  impl_->SetProgress(std::move(callback));
}

std::string DatabaseKey(const View& view, std::string_view working_directory,
                        std::string_view view_id) {
  // NUL separates, since neither paths nor names hold one.
  std::string text;
  const auto add = [&text](std::string_view part) {
    text += part;
    text += '\0';
  };
  add(view_id);
  add(view.links == LinkPolicy::kFollow ? "follow" : "");
  add(view.boundary == Boundary::kOneFileSystem ? "one" : "");
  std::vector<std::string> roots;
  for (const std::string& root : view.roots) {
    roots.push_back(AbsolutePath(root, working_directory));
  }
  if (roots.empty()) roots.push_back(std::string(working_directory));
  std::sort(roots.begin(), roots.end());
  for (const std::string& root : roots) add(root);
  add("");
  KeepRules keep = view.keep;
  keep.Canonicalize();
  for (const std::string& name : keep.names) add(name);
  add("");
  for (const std::string& suffix : keep.suffixes) add(suffix);
  return Checksum128Hex(text);
}

std::string DefaultViewId(const Host& host) {
  return host.user + '@' + host.name;
}

}  // namespace finder
