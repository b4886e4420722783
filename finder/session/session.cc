#include "finder/session/session.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "finder/cache/pending_entry.h"
#include "finder/kept/entry_description.h"
#include "finder/session/cache_choice.h"

namespace finder {

Session::Session(const Machine& machine, SessionOptions options)
    : machine_(machine), options_(std::move(options)) {}

const EntryChoice& Session::Choose(const View& view) {
  const CacheSettings& cache = options_.cache;
  const bool has_key =
      cache.mode != CacheMode::kNone && !cache.database.has_value();
  choice_ = ChooseEntry(
      cache, has_key ? WithoutEntryRoots(view, *machine_.files) : view,
      options_.variables, machine_);
  return choice_;
}

std::string Session::view_id() const { return ViewIdOf(choice_, machine_); }

absl::StatusOr<std::unique_ptr<AnswerHome>> Session::TakeHome(
    const View& view, const std::string& key) {
  if (!choice_.problem.empty()) {
    return absl::FailedPreconditionError(absl::StrCat(
        choice_.problem, "; without a cache nothing is known of last time"));
  }
  if (choice_.cache == nullptr) {
    return OpenAnswerHome(CacheEnvironmentOf(machine_), choice_.database);
  }
  return OpenAnswerHome(
      *choice_.cache, key,
      DescribeEntry(view, choice_, machine_, options_.writer));
}

void Session::Begin() { entry_.emplace(&choice_); }

Finder& Session::NewFinder(const View& view, CacheUse use, Trace* trace) {
  return *MakeFinder(view, use, trace).release();
}

std::unique_ptr<Finder> Session::MakeFinder(const View& view, CacheUse use,
                                            Trace* trace) const {
  Options options;
  options.view = view;
  options.cache = use;
  options.database = choice_.database;
  options.format = options_.cache.format;
  options.view_id = choice_.view_id;
  options.threads = options_.threads;
  options.entry_roots = options_.entry_roots;
  options.missing_roots = options_.missing_roots;
  options.explain = options_.explain;
  options.ignore = options_.ignore;
  options.writer = options_.writer;
  if (use != CacheUse::kNone && choice_.cache != nullptr) {
    options.store_unchanged = choice_.imported;
    options.audience = choice_.audience();
  }
  return std::make_unique<Finder>(
      Environment{machine_.files, machine_.clock, machine_.host,
                  machine_.working_directory, trace, machine_.shared_files},
      std::move(options));
}

absl::Status Session::Save(Finder& finder) {
  if (!finder.NeedsSaving()) return absl::OkStatus();
  return choice_.cache == nullptr ? finder.Save() : SaveInCache(finder);
}

absl::Status Session::SaveInCache(Finder& finder) {
  absl::StatusOr<std::optional<PendingEntry>> entry = entry_->NewEntry();
  if (!entry.ok()) return entry.status();
  if (!entry->has_value()) return absl::OkStatus();
  const absl::StatusOr<StoredCounts> counts =
      finder.WriteDatabase((*entry)->data_path());
  if (!counts.ok()) return counts.status();
  EntryDescription description =
      DescribeEntry(choice_.facts, choice_, machine_, options_.writer);
  description.directories = counts->directories;
  description.files = counts->files;
  const absl::StatusOr<bool> stored = entry_->Commit(**entry, description);
  if (!stored.ok()) return stored.status();
  if (*stored) finder.NoteSaved();
  return absl::OkStatus();
}

void Session::End() {
  if (entry_) entry_->End(machine_.processes, options_.upkeep);
}

}  // namespace finder
