#include "cmd/cache/cache_deep_check.h"

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "cmd/output/answer_list.h"
#include "cmd/search/scan_run.h"
#include "cmd/search/verify.h"
#include "finder/facade/finder.h"
#include "finder/kept/entry_description.h"
#include "finder/query/query.h"
#include "finder/session/view_text.h"
#include "finder/view/view.h"

namespace finder {
namespace {

// A tree may well have been unpacked since; this much takes some tens of MB.
constexpr uint64_t kMostNewDirectories = 100'000;

View ViewOf(const DatabaseHeader& header, Boundary boundary) {
  View view;
  view.roots = header.roots;
  view.keep = header.keep;
  view.links = header.links;
  view.boundary = boundary;
  view.exclude_dirs = header.blind_excludes;
  view.prune_files = header.blind_prunes;
  return view;
}

absl::Status CompareAnswers(Finder& cached, Finder& walker, const View& view,
                            const Program& program) {
  Query every;
  every.types = {.files = true, .directories = true, .symlinks = true};
  const absl::StatusOr<CompiledQuery> query =
      CompiledQuery::Compile(every, view);
  if (!query.ok()) return query.status();
  const AnswerList answered(cached, *query, PathStyle::kAsGiven,
                            program.working_directory);
  const AnswerList walked(walker, *query, PathStyle::kAsGiven,
                          program.working_directory);
  std::string lines;
  const uint64_t differences = AppendDifferences(
      answered.answers(), walked.answers(), Reader::kTerminal, lines);
  if (differences == 0) return absl::OkStatus();
  const std::string first = lines.substr(0, lines.find('\n'));
  return absl::DataLossError(absl::StrCat("differs from the disk in ",
                                          differences, " paths: ", first));
}

}  // namespace

uint64_t MostDirectories(uint64_t stored) {
  return 2 * stored + kMostNewDirectories;
}

absl::Status CompareWithDisk(CacheDirectory& cache, const ListedEntry& entry,
                             const DatabaseHeader& header,
                             const Program& program) {
  // There is nothing to compare.
  if (header.roots.empty()) return absl::OkStatus();
  const EntryDescription description =
      DecodeDescription(entry.info.description);
  // Without it a walk could go on for ever: into /proc, say.
  const std::optional<Boundary> boundary = BoundaryOf(description.view);
  if (!boundary.has_value()) {
    return absl::FailedPreconditionError("it does not say of which view it is");
  }
  LoadOutcome loaded = cache.Load(entry.key);
  if (!loaded.entry) return absl::UnavailableError(loaded.reason);
  Options options;
  options.view = ViewOf(header, *boundary);
  options.most_directories = MostDirectories(description.directories);
  options.view_id = header.view_id;
  options.cache = CacheUse::kUse;
  options.database = loaded.entry->data_path();
  options.audience = cache.info().sharing == CacheSharing::kGroup
                         ? Audience::kGroup
                         : Audience::kOwner;
  const Environment environment = {program.files, program.clock, program.host,
                                   program.working_directory, nullptr};
  Finder cached(environment, options);
  const auto explain = [&description](const absl::Status& status) {
    if (!absl::IsResourceExhausted(status)) return status;
    return absl::ResourceExhaustedError(
        absl::StrCat("not compared: ", status.message(), " on the disk, and ",
                     description.directories, " in the entry"));
  };
  if (absl::Status status = cached.Scan(); !status.ok()) return explain(status);
  loaded.entry->Abandon();
  // A cold run would be compared with another one.
  const Metrics& metrics = cached.metrics();
  if (metrics.cache != CacheState::kWarm) {
    return absl::FailedPreconditionError(metrics.cache_reason);
  }
  options.cache = CacheUse::kNone;
  Finder walker(environment, options);
  if (absl::Status status = walker.Scan(); !status.ok()) return explain(status);
  return CompareAnswers(cached, walker, options.view, program);
}

}  // namespace finder
