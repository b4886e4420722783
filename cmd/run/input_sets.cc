#include "cmd/run/input_sets.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "cmd/run/input_spec.h"
#include "cmd/search/scan_run.h"
#include "finder/facade/finder.h"
#include "finder/query/query.h"
#include "finder/query/scan_scope.h"
#include "fs/path.h"

namespace finder {
namespace {

constexpr std::string_view kMainSet = "inputs";

}  // namespace

void InputSets::LeaveOut(const std::vector<std::string>& paths) {
  const std::string& here = program_.working_directory;
  for (const std::string& path : paths) {
    std::string absolute = AbsolutePath(path, here);
    if (IsAtOrBelow(absolute, here) && absolute.size() > here.size()) {
      left_out_.push_back(absolute.substr(here == "/" ? 1 : here.size() + 1));
    }
    left_out_.push_back(std::move(absolute));
  }
}

bool InputSets::IsLeftOut(std::string_view path) const {
  return std::any_of(
      left_out_.begin(), left_out_.end(),
      [path](const std::string& out) { return IsAtOrBelow(path, out); });
}

absl::Status InputSets::Parse() {
  // A set's scan is no business of --stats, which tells of the whole run.
  CommandLine plain = command_;
  plain.general.stats = StatsStyle::kNone;
  plain.general.stats_file.reset();
  if (!use_cache_) plain.cache.mode = CacheMode::kNone;
  plain.general.entry_roots = EntryRoots::kAnswers;
  if (command_.run.has_set_options || !command_.operands.empty()) {
    auto set = std::make_unique<CommandLine>(plain);
    absl::Status rooted = SetRoots(set->operands, *set);
    if (!rooted.ok()) return rooted;
    names_.emplace_back(kMainSet);
    sets_.push_back(std::move(set));
  }
  for (const std::string& spec : command_.run.inputs) {
    absl::StatusOr<CommandLine> set = ParseInputSpec(spec, plain);
    if (!set.ok()) return set.status();
    names_.push_back(spec);
    sets_.push_back(std::make_unique<CommandLine>(*std::move(set)));
  }
  return absl::OkStatus();
}

absl::StatusOr<ScannedInputs> InputSets::Scan() {
  ScannedInputs scanned;
  for (size_t i = 0; i < sets_.size(); ++i) {
    InputSet set = {.name = names_[i], .paths = {}};
    const absl::Status status = ScanSet(*sets_[i], set, scanned.complete);
    if (!status.ok()) return status;
    scanned.sets.push_back(std::move(set));
  }
  if (!command_.run.input_files.empty()) {
    InputSet set;
    for (const std::string& file : command_.run.input_files) {
      set.paths.push_back(CleanPath(file));
    }
    std::sort(set.paths.begin(), set.paths.end());
    set.paths.erase(std::unique(set.paths.begin(), set.paths.end()),
                    set.paths.end());
    scanned.sets.push_back(std::move(set));
  }
  return scanned;
}

absl::Status InputSets::ScanSet(const CommandLine& set, InputSet& into,
                                bool& complete) {
  ScanRun run(set, program_);
  const absl::StatusOr<CompiledQuery> compiled =
      run.Compile(set.query, set.view);
  if (!compiled.ok()) return compiled.status();
  run.LocateDatabase(set.view);
  const absl::StatusOr<Finder*> scanned =
      run.ScanView(set.view, ScopeOf(set.query, *compiled, set.view));
  if (!scanned.ok()) {
    run.End();
    return scanned.status();
  }
  Finder& finder = **scanned;
  std::string answers;
  finder.Answer(
      *compiled,
      [](const Match& match, std::string& out) {
        out.append(match.directory).append(match.name) += '\0';
      },
      [&answers](std::string_view bytes) {
        answers += bytes;
        return true;
      });
  for (size_t at = 0; at < answers.size();) {
    const size_t end = answers.find('\0', at);
    const std::string_view path(answers.data() + at, end - at);
    if (!IsLeftOut(path)) into.paths.emplace_back(path);
    at = end + 1;
  }
  run.Save(finder);
  run.PrintReports(finder);
  complete = complete && run.Completeness(finder) == ExitCode::kDone;
  run.End();
  return absl::OkStatus();
}

}  // namespace finder
