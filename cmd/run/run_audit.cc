// The part of RunJob that looks over the command's shoulder.
#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "cmd/run/run_job.h"
#include "cmd/run/strace_reader.h"
#include "fs/path.h"

namespace finder {
namespace {

constexpr size_t kMaxLogBytes = size_t{1} << 30;

}  // namespace

ExitCode RunJob::Audit() {
  if (!FindExecutable("strace", environment_.path, *program_.files)) {
    return Fail(absl::UnavailableError("run --audit: there is no strace"));
  }
  if (cache_ == nullptr) {
    return Fail(absl::FailedPreconditionError(
        "run --audit needs a cache directory, for its log"));
  }
  if (absl::Status status = LookAtInputs(); !status.ok()) return Fail(status);
  const absl::StatusOr<StageArea> stage = cache_->Stage();
  if (!stage.ok()) return Fail(stage.status());
  const std::string log = stage->path() + "/log";
  CommandSpec spec = Spec();
  spec.arguments = {"strace"};
  spec.arguments.insert(spec.arguments.end(), std::begin(kStraceOptions),
                        std::end(kStraceOptions));
  spec.arguments.insert(spec.arguments.end(), {log, "--"});
  spec.arguments.insert(spec.arguments.end(), options().command.begin(),
                        options().command.end());
  const absl::StatusOr<CommandOutcome> outcome =
      Start(spec, *program_.out, *program_.err);
  if (!outcome.ok()) return StartFailed(outcome.status());
  const Result<std::string> text =
      program_.shared_files->Read(DirectoryHandle(), log, kMaxLogBytes);
  if (!text.ok()) {
    return Fail(absl::UnavailableError(
        absl::StrCat(log, ": ", text.error().Message())));
  }

  const std::string& here = program_.working_directory;
  std::set<std::string> declared = {AbsolutePath(executable_, here)};
  for (const KeySet& set : inputs_->ingredients().sets) {
    for (const KeyInput& input : set.inputs) {
      declared.insert(AbsolutePath(input.path, here));
    }
  }
  uint64_t undeclared = 0;
  for (const std::string& path : FilesRead(text.value())) {
    if (IsOfSystem(path) || declared.contains(AbsolutePath(path, here))) {
      continue;
    }
    const std::string absolute = AbsolutePath(path, here);
    const bool is_output = std::any_of(
        outputs_.begin(), outputs_.end(), [&](const std::string& output) {
          return IsAtOrBelow(absolute, AbsolutePath(output, here));
        });
    const Result<FileStat> stat = program_.files->Stat(
        DirectoryHandle(), absolute, SymlinkPolicy::kFollow);
    const bool is_file = stat.ok() && stat->kind == EntryKind::kFile;
    if (is_output || !is_file) continue;
    report_.Line("read but not declared: " + absolute);
    ++undeclared;
  }
  if (undeclared == 0) report_.Line("all files read are declared");
  return CodeOf(*outcome);
}

}  // namespace finder
