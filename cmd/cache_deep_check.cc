#include "cmd/cache_deep_check.h"

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "cmd/answer_list.h"
#include "cmd/scan_run.h"
#include "cmd/verify.h"
#include "finder/finder.h"
#include "finder/query/query.h"
#include "finder/view/view.h"

namespace finder {
namespace {

View ViewOf(const DatabaseHeader& header) {
  View view;
  view.roots = header.roots;
  view.keep = header.keep;
  view.links = header.links;
  view.exclude_dirs = header.blind_excludes;
  view.prune_files = header.blind_prunes;
  return view;
}

absl::Status CompareAnswers(Finder& cached, Finder& walker, const View& view,
                            const Session& session) {
  Query every;
  every.types = {.files = true, .directories = true, .symlinks = true};
  const absl::StatusOr<CompiledQuery> query = CompileForView(every, view);
  if (!query.ok()) return query.status();
  const AnswerList answered(cached, *query, PathStyle::kAsGiven,
                            session.working_directory);
  const AnswerList walked(walker, *query, PathStyle::kAsGiven,
                          session.working_directory);
  std::string lines;
  const uint64_t differences = AppendDifferences(
      answered.answers(), walked.answers(), Reader::kTerminal, lines);
  if (differences == 0) return absl::OkStatus();
  const std::string first = lines.substr(0, lines.find('\n'));
  return absl::DataLossError(absl::StrCat("differs from the disk in ",
                                          differences, " paths: ", first));
}

}  // namespace

absl::Status CompareWithDisk(CacheDirectory& cache, std::string_view key,
                             const DatabaseHeader& header,
                             const Session& session) {
  LoadOutcome loaded = cache.Load(key);
  if (!loaded.entry) return absl::UnavailableError(loaded.reason);
  Options options;
  options.view = ViewOf(header);
  options.view_id = header.view_id;
  options.cache = CacheUse::kUse;
  options.database = loaded.entry->database_path();
  options.audience = cache.info().sharing == CacheSharing::kGroup
                         ? Audience::kGroup
                         : Audience::kOwner;
  const Environment environment = {session.files, session.clock, session.host,
                                   session.working_directory, nullptr};
  Finder cached(environment, options);
  if (absl::Status status = cached.Scan(); !status.ok()) return status;
  loaded.entry->Abandon();
  // A cold run would be compared with another one.
  const Metrics& metrics = cached.metrics();
  if (metrics.cache != CacheState::kWarm) {
    return absl::FailedPreconditionError(metrics.cache_reason);
  }
  options.cache = CacheUse::kNone;
  Finder walker(environment, options);
  if (absl::Status status = walker.Scan(); !status.ok()) return status;
  return CompareAnswers(cached, walker, options.view, session);
}

}  // namespace finder
