#include "finder/facade/finder.h"

#include <algorithm>
#include <utility>

#include "finder/answer/answer.h"
#include "finder/facade/database_key.h"
#include "finder/facade/finder_impl.h"
#include "finder/tree/tree_walk.h"

namespace finder {
namespace {

// Chosen by measurement, doc/design.md: more sleeping workers than this hardly
// shorten a scan from a cold disk.
constexpr unsigned kMostSleepingThreads = 64;

// Each worker needs a few descriptors of its own.
constexpr uint64_t kFilesOfAThread = 16;
// Each has a stack of 1 MiB and, by the C library's malloc, 64 MiB of addresses
// for its memory; as much again is for what they make together.
constexpr uint64_t kMemoryOfAThread = uint64_t{128} << 20;

unsigned MostThreads(const Options& options, const Host& host) {
  if (options.threads.has_value()) return std::max(*options.threads, 1u);
  const unsigned wanted = std::max(kMostSleepingThreads, host.processors);
  const uint64_t affordable =
      std::max<uint64_t>(std::min(host.max_open_files / kFilesOfAThread,
                                  host.max_memory_bytes / kMemoryOfAThread),
                         1);
  return static_cast<unsigned>(std::min<uint64_t>(wanted, affordable));
}

// A tree smaller than this is done before another thread has started.
constexpr uint64_t kDirectoriesWorthAThread = 500;

}  // namespace

Finder::Impl::Impl(Environment environment, Options options)
    : environment_(std::move(environment)),
      options_(std::move(options)),
      pool_(MostThreads(options_, environment_.host), environment_.trace) {
  if (options_.view.roots.empty()) options_.view.roots.push_back(".");
  if (options_.view_id.empty()) {
    options_.view_id = DefaultViewId(environment_.host);
  }
}

unsigned Finder::Impl::Workers(uint64_t directories) const {
  if (options_.threads.has_value()) return *options_.threads;
  const uint64_t useful = directories / kDirectoriesWorthAThread + 1;
  return static_cast<unsigned>(
      std::min<uint64_t>({useful, environment_.host.processors, pool_.most()}));
}

uint64_t Finder::Impl::Answer(const CompiledQuery& query, Format format,
                              Write write) {
  const PhaseTimer timer = TimePhase("query", "answer");
  const uint64_t matches = AnswerQuery(*tree_, query, format, write, pool_,
                                       Workers(directories_), directories_);
  metrics_.matches += matches;
  return matches;
}

void Finder::Impl::AnswerAll(std::span<QueryOutput> outputs) {
  const PhaseTimer timer = TimePhase("query", "answer");
  AnswerQueries(*tree_, outputs, pool_, Workers(directories_), directories_);
  for (const QueryOutput& output : outputs) metrics_.matches += output.answers;
}

bool Finder::Impl::IsIgnored(const Directory& d, std::string_view name) const {
  if (tree_->ignore_scopes == nullptr) return false;
  return tree_->ignore_scopes->Hides(d.ignore_scope, name, false, [&] {
    std::string path = RelativePath(d);
    if (!path.empty()) path += '/';
    path += name;
    return path;
  });
}

void Finder::Impl::CountEntries() {
  const KeepFilter keep(options_.view.keep);
  const bool all = options_.view.keep.keeps_all();
  for (const Root& root : tree_->roots) {
    const Directory* top = root.directory;
    VisitTree(*top, [&](const Directory& d) {
      const bool seen = &d == top || d.visible();
      const bool open = seen && d.open();
      metrics_.directories += seen && root.kind == RootKind::kDirectory;
      const bool whole = all && tree_->ignore_scopes == nullptr;
      if (open && whole) metrics_.files += d.listing().CountEntries();
      for (auto it = d.listing().begin(); open && !whole && !it.at_end();
           ++it) {
        metrics_.files += keep.Keeps(it->name) && !IsIgnored(d, it->name);
      }
      return open ? Descent::kInside : Descent::kOver;
    });
  }
}

const Metrics& Finder::Impl::metrics() {
  if (!entries_counted_ && !tree_->roots.empty()) {
    entries_counted_ = true;
    CountEntries();
  }
  return metrics_;
}

Finder::Finder(Environment environment, Options options)
    : impl_(
          std::make_unique<Impl>(std::move(environment), std::move(options))) {}
Finder::~Finder() = default;

absl::Status Finder::Scan(const ScanScope& scope) { return impl_->Scan(scope); }
absl::Status Finder::Update(const TreeChanges& changes,
                            const ScanScope& scope) {
  return impl_->Update(changes, scope);
}
std::vector<const Directory*> Finder::FindDirectories(
    std::string_view absolute) const {
  return impl_->FindDirectories(absolute);
}
uint64_t Finder::Answer(const CompiledQuery& query, Format format,
                        Write write) {
  return impl_->Answer(query, format, write);
}
void Finder::AnswerAll(std::span<QueryOutput> outputs) {
  impl_->AnswerAll(outputs);
}
absl::Status Finder::Save() { return impl_->Save(); }
bool Finder::NeedsSaving() const { return impl_->NeedsSaving(); }
absl::StatusOr<StoredCounts> Finder::WriteDatabase(const std::string& path) {
  return impl_->WriteDatabase(path);
}
void Finder::NoteSaved() { impl_->NoteSaved(); }
const DirectoryTree& Finder::tree() const { return impl_->tree(); }
const Diagnostics& Finder::diagnostics() const { return impl_->diagnostics(); }
const Metrics& Finder::metrics() { return impl_->metrics(); }
void Finder::SetProgress(ProgressCallback callback) {
  impl_->SetProgress(std::move(callback));
}
void Finder::SetCancelled(const std::atomic<bool>* cancelled) {
  impl_->SetCancelled(cancelled);
}
void Finder::SetObserver(TreeObserver* observer) {
  impl_->SetObserver(observer);
}

}  // namespace finder
