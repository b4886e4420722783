#include "cmd/cache/cache_command.h"

#include <algorithm>
#include <iterator>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "cmd/cache/cache_deep_check.h"
#include "cmd/cache/cache_report.h"
#include "cmd/cache/result_report.h"
#include "cmd/cache/result_verbs.h"
#include "cmd/output/printed_path.h"
#include "cmd/output/printed_text.h"
#include "cmd/output/report.h"
#include "finder/answer/answer_state.h"
#include "finder/cache/cache_directory.h"
#include "finder/cache/cache_listing.h"
#include "finder/cache/disk/cache_limits.h"
#include "finder/cache/upkeep/upkeep.h"
#include "finder/database/database_check.h"
#include "finder/facade/database_key.h"
#include "finder/facade/finder.h"
#include "finder/kept/entry_description.h"
#include "finder/kept/object_kinds.h"
#include "finder/results/result_check.h"
#include "finder/session/cache_choice.h"
#include "finder/session/entry_choice.h"
#include "finder/view/view.h"
#include "fs/background_process.h"
#include "fs/path.h"

namespace finder {
namespace {

using absl::Status;

// What a verb works with.
struct Job {
  CommandLine& command;
  std::span<const std::string> arguments;  // behind the verb
  CacheDirectory& cache;
  Program& program;
};

Status Wrong(const std::string& message) {
  return absl::InvalidArgumentError("cache: " + message);
}

ExitCode Fail(const Status& status, Program& program) {
  Report(*program.err).Line(std::string(status.message()));
  return ExitCode::kFailed;
}

ExitCode Info(const Job& job) {
  absl::StatusOr<CacheSummary> summary = Summarize(job.cache);
  if (!summary.ok()) return Fail(summary.status(), job.program);
  absl::StatusOr<CacheListing> listing = ListCache(job.cache);
  if (!listing.ok()) return Fail(listing.status(), job.program);
  const CacheOverview overview = {
      .path = job.cache.path(),
      .info = job.cache.info(),
      .summary = *std::move(summary),
      .listing = *std::move(listing),
      .now_ns = job.cache.environment().clock->RealtimeNs()};
  const bool json = job.command.output.format == OutputFormat::kJson;
  return PrintText(json ? InfoJson(overview) : InfoText(overview), job.program);
}

ExitCode List(const Job& job) {
  absl::StatusOr<CacheListing> listing = ListCache(job.cache);
  if (!listing.ok()) return Fail(listing.status(), job.program);
  const std::string& kind = job.command.cache.kind;
  if (!kind.empty()) {
    std::erase_if(listing->entries, [&kind](const ListedEntry& entry) {
      return entry.kind.name != kind;
    });
  }
  const bool json = job.command.output.format == OutputFormat::kJson;
  if (json) return PrintText(ListJson(*listing), job.program);
  const int64_t now_ns = job.cache.environment().clock->RealtimeNs();
  if (job.command.cache.long_list) {
    return PrintText(LongListText(*listing, now_ns), job.program);
  }
  return PrintText(kind == kResultObject.name ? ResultListText(*listing, now_ns)
                                              : ListText(*listing, now_ns),
                   job.program);
}

ExitCode Show(const Job& job) {
  const bool json = job.command.output.format == OutputFormat::kJson;
  return ShowResult(job.cache, job.arguments[0],
                    json ? ReportForm::kJson : ReportForm::kText, job.program);
}

ExitCode Path(const Job& job) {
  const CommandLine& command = job.command;
  const Program& program = job.program;
  std::string id = command.cache.view_id.value_or(
      program.variables.cache.finder_view_id.value_or(""));
  if (id.empty()) id = DefaultViewId(program.host);
  const View facts = WithoutEntryRoots(command.view, *program.files);
  const std::string key = DatabaseKey(facts, program.working_directory, id);
  const absl::StatusOr<ListedEntry> entry = ListEntry(job.cache, key);
  const Packing packing = entry.ok() ? entry->info.packing : Packing::kPlain;
  return PrintText(job.cache.DataPath(key, packing) + "\n", job.program,
                   entry.ok() ? ExitCode::kDone : ExitCode::kNo);
}

ExitCode Gc(const Job& job) {
  const absl::StatusOr<UpkeepReport> report = RunUpkeep(job.cache, {});
  job.cache.FlushEvents();
  const ExitCode code = report.ok() && report->problems.empty()
                            ? ExitCode::kDone
                            : ExitCode::kFailed;
  if (job.command.cache.background) return code;
  if (!report.ok()) return Fail(report.status(), job.program);
  for (const std::string& problem : report->problems) {
    Report(*job.program.err).Line(problem);
  }
  return PrintText(UpkeepText(*report), job.program, code);
}

// NotFound: it is not there any more.
Status CheckEntry(const Job& job, const ListedEntry& entry) {
  const absl::StatusOr<std::string> bytes = job.cache.ReadEntry(entry.key);
  if (!bytes.ok()) return bytes.status();
  if (IsAnswer(entry.kind)) return AnswerStates::Decode(*bytes).status();
  if (entry.kind.name != kDatabaseObject.name) {
    return CheckResultEntry(job.cache, entry.key, *bytes);
  }
  const absl::StatusOr<DatabaseContents> contents = CheckDatabase(*bytes);
  if (!contents.ok() || !job.command.cache.deep) return contents.status();
  const Status status =
      CompareWithDisk(job.cache, entry, contents->header, job.program);
  // A tree that is gone is no fault of the entry.
  return absl::IsNotFound(status) ? absl::OkStatus() : status;
}

ExitCode Verify(const Job& job) {
  const absl::StatusOr<CacheListing> listing = ListCache(job.cache);
  if (!listing.ok()) return Fail(listing.status(), job.program);
  Report report(*job.program.err);
  uint64_t sound = 0;
  uint64_t damaged = 0;
  uint64_t unread = 0;
  for (const ListedEntry& entry : listing->entries) {
    const Status status = CheckEntry(job, entry);
    // Removed or replaced since the listing: nothing to complain about.
    if (absl::IsNotFound(status)) continue;
    if (status.ok()) {
      ++sound;
      continue;
    }
    ++(absl::IsDataLoss(status) ? damaged : unread);
    report.Line(entry.key + ": " + std::string(status.message()));
  }
  std::string text =
      std::to_string(sound) + " sound, " + std::to_string(damaged) + " damaged";
  if (unread > 0) text += ", " + std::to_string(unread) + " not read";
  const ExitCode unsound = damaged > 0 ? ExitCode::kNo : ExitCode::kFailed;
  return PrintText(text + "\n", job.program,
                   damaged + unread == 0 ? ExitCode::kDone : unsound);
}

// The entries of a kind, if one is named, that have a root at or below one of
// these, if some are.
absl::StatusOr<ClearReport> ClearSome(const Job& job) {
  const std::string& kind = job.command.cache.kind;
  std::vector<std::string> wanted;
  for (const std::string& root : job.arguments) {
    wanted.push_back(AbsolutePath(root, job.program.working_directory));
  }
  const absl::StatusOr<CacheListing> listing = ListCache(job.cache);
  if (!listing.ok()) return listing.status();
  ClearReport report;
  for (const ListedEntry& entry : listing->entries) {
    const std::vector<std::string> roots =
        DecodeDescription(entry.info.description).roots;
    if (!kind.empty() && !IsMeantByKind(kind, entry.kind)) continue;
    const bool meant =
        wanted.empty() ||
        std::any_of(roots.begin(), roots.end(),
                    [&wanted](const std::string& path) {
                      return std::any_of(wanted.begin(), wanted.end(),
                                         [&path](const std::string& root) {
                                           return IsAtOrBelow(path, root);
                                         });
                    });
    if (!meant) continue;
    const absl::StatusOr<RemoveOutcome> outcome = job.cache.Remove(entry.key);
    if (!outcome.ok()) {
      report.problems.emplace_back(outcome.status().message());
    } else if (*outcome == RemoveOutcome::kRemoved) {
      ++report.removed;
    } else if (*outcome == RemoveOutcome::kInUse) {
      ++report.kept_in_use;
    }
  }
  return report;
}

ExitCode Clear(const Job& job) {
  const bool all = job.arguments.empty() && job.command.cache.kind.empty();
  const absl::StatusOr<ClearReport> report =
      all ? ClearCache(job.cache) : ClearSome(job);
  job.cache.FlushEvents();
  if (!report.ok()) return Fail(report.status(), job.program);
  for (const std::string& problem : report->problems) {
    Report(*job.program.err).Line(problem);
  }
  std::string text = std::to_string(report->removed) + " removed";
  if (report->kept_in_use > 0) {
    text += ", " + std::to_string(report->kept_in_use) + " in use and kept";
  }
  text += '\n' + UnknownText(report->unknown);
  return PrintText(
      text, job.program,
      report->problems.empty() ? ExitCode::kDone : ExitCode::kFailed);
}

// What `set` is to change; none of it is done before all of it is understood.
struct Setting {
  std::optional<CacheSharing> sharing;
  // Else a limit: puts it in.
  CacheLimits limits;
};

// Reads the arguments of `set` over `setting.limits`.
Status ReadSetting(std::span<const std::string> arguments, Setting& setting) {
  if (arguments.size() != 2) return Wrong("set NAME VALUE");
  const std::string& name = arguments[0];
  const std::string& value = arguments[1];
  const auto take = [](const auto& parsed, auto& to) {
    if (!parsed.ok()) return Wrong(std::string(parsed.status().message()));
    to = *parsed;
    return absl::OkStatus();
  };
  CacheLimits& limits = setting.limits;
  if (name == "max-size") return take(ParseSize(value), limits.max_bytes);
  if (name == "max-entries") return take(ParseCount(value), limits.max_entries);
  if (name == "max-age") return take(ParseAge(value), limits.max_age_ns);
  if (name != "group") {
    return Wrong("set " + name +
                 ": known are max-size, max-entries, max-age and group");
  }
  if (value != "on" && value != "off") {
    return Wrong("set group " + value + ": say on or off");
  }
  setting.sharing =
      value == "on" ? CacheSharing::kGroup : CacheSharing::kPrivate;
  return absl::OkStatus();
}

ExitCode Set(const Job& job) {
  Setting setting = {.sharing = {}, .limits = job.cache.info().limits};
  Status status = ReadSetting(job.arguments, setting);
  if (status.ok()) {
    status = setting.sharing ? job.cache.SetSharing(*setting.sharing)
                             : job.cache.SetLimits(setting.limits);
  }
  return status.ok() ? PrintText("", job.program) : Fail(status, job.program);
}

struct Verb {
  std::string_view word;
  ExitCode (*run)(const Job& job);
  bool takes_arguments = false;
  bool takes_json = false;
};

constexpr Verb kVerbs[] = {
    {.word = "info", .run = Info, .takes_json = true},
    {.word = "list", .run = List, .takes_json = true},
    {.word = "show", .run = Show, .takes_arguments = true, .takes_json = true},
    {.word = "path", .run = Path, .takes_arguments = true},
    {.word = "gc", .run = Gc},
    {.word = "verify", .run = Verify},
    {.word = "clear", .run = Clear, .takes_arguments = true},
    {.word = "set", .run = Set, .takes_arguments = true},
};

// What can be said against the command line before anything is opened.
absl::StatusOr<const Verb*> ChooseVerb(CommandLine& command) {
  if (command.operands.empty()) {
    return Wrong("which of info, list, show, path, gc, verify, clear and set?");
  }
  const std::string& word = command.operands[0];
  const auto verb = std::find_if(
      std::begin(kVerbs), std::end(kVerbs),
      [&word](const Verb& candidate) { return candidate.word == word; });
  if (verb == std::end(kVerbs)) {
    return Wrong("'" + word +
                 "' is none of info, list, show, path, gc, verify, clear and "
                 "set");
  }
  const auto arguments = std::span(command.operands).subspan(1);
  if (!arguments.empty() && !verb->takes_arguments) {
    return Wrong(word + ": takes no argument: " + arguments[0]);
  }
  if (command.output.format == OutputFormat::kJson && !verb->takes_json) {
    return Wrong("--json is for info, list and show");
  }
  if (command.cache.deep && word != "verify") {
    return Wrong("--deep is for verify");
  }
  if (command.cache.long_list && word != "list") {
    return Wrong("--long is for list");
  }
  if (!command.cache.kind.empty() && word != "list" && word != "clear") {
    return Wrong("--kind is for list and clear");
  }
  if (word == "show" && arguments.size() != 1) return Wrong("show KEY");
  if (command.cache.background && word != "gc") {
    return Wrong("--background is for gc");
  }
  if (std::find(arguments.begin(), arguments.end(), "") != arguments.end()) {
    return Wrong(word + ": an argument is empty");
  }
  Status status;
  if (word == "path") status = SetRoots(arguments, command);
  Setting setting;
  if (word == "set") status = ReadSetting(arguments, setting);
  if (!status.ok()) return status;
  return verb;
}

}  // namespace

// A value below zero would be taken for an option.
absl::Status CheckCacheArguments(const std::vector<std::string>& arguments) {
  const auto set = std::find(arguments.begin(), arguments.end(), "set");
  if (arguments.end() - set < 3) return absl::OkStatus();
  const std::string& value = set[2];
  const bool is_negative =
      value.size() > 1 && value[0] == '-' && value[1] >= '0' && value[1] <= '9';
  Setting setting;
  return is_negative ? ReadSetting({&set[1], 2}, setting) : absl::OkStatus();
}

ExitCode RunCache(CommandLine& command, Program& program) {
  // Before anything is read, so that nobody ever waits for it.
  if (command.cache.background) program.processes->LowerOwnPriority();
  const absl::StatusOr<const Verb*> verb = ChooseVerb(command);
  if (!verb.ok()) return Fail(verb.status(), program);
  absl::StatusOr<ChosenPlace> chosen =
      ChooseCachePlace(command.cache, program.variables.cache, program);
  if (!chosen.ok()) return Fail(chosen.status(), program);
  // A limit may be set before anything is kept; all else needs a cache.
  chosen->place.if_no_cache =
      (*verb)->word == "set" ? IfNoCache::kCreate : IfNoCache::kFail;
  const auto cache =
      CacheDirectory::Open(CacheEnvironmentOf(program), chosen->place);
  if (!cache.ok()) {
    return command.cache.background ? ExitCode::kFailed
                                    : Fail(cache.status(), program);
  }
  return (*verb)->run({.command = command,
                       .arguments = std::span(command.operands).subspan(1),
                       .cache = **cache,
                       .program = program});
}

}  // namespace finder
