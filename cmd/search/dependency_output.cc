#include "cmd/search/dependency_output.h"

#include <cstdint>

#include "absl/status/statusor.h"
#include "cmd/exit_code.h"
#include "finder/answer/depfile.h"

namespace finder {

absl::Status DependencyOutput::Open(const std::string& depfile,
                                    const std::vector<std::string>& targets) {
  absl::StatusOr<OutputFile*> file = files_.Add(depfile);
  if (!file.ok()) return file.status();
  depfile_ = *file;
  targets_ = targets;
  if (options_.depfile_target) targets_ = {*options_.depfile_target};
  if (options_.depfile_stamp) {
    targets_ = {*options_.depfile_stamp};
    absl::StatusOr<OutputFile*> stamp = files_.Add(*options_.depfile_stamp);
    if (!stamp.ok()) return stamp.status();
    stamp_ = *stamp;
  }
  return CheckTargets(targets_);
}

std::vector<OutputFile*> DependencyOutput::outputs() const {
  std::vector<OutputFile*> files;
  if (depfile_ != nullptr) files.push_back(depfile_);
  if (stamp_ != nullptr) files.push_back(stamp_);
  return files;
}

void DependencyOutput::AwaitMoment(const OutputFile& list) {
  if (depfile_ == nullptr) return;
  const OutputFile& target = stamp_ != nullptr ? *stamp_ : list;
  moment_ =
      ScanMoment::Await(*program_.files, *program_.clock, target.real_path());
}

std::vector<Outcome> DependencyOutput::Write(
    const Finder& finder, std::span<const Query* const> queries) {
  if (depfile_ == nullptr) return {};
  std::optional<int64_t> time_ns;
  if (moment_.has_value() && files_.IsOnOneDevice()) {
    time_ns = moment_->TimeFor(finder.tree());
  }
  if (time_ns.has_value()) files_.SetTimes(*time_ns);
  std::vector<Outcome> written = {run_.WriteDepfile(
      finder, targets_, queries,
      time_ns.has_value() ? Asking::kIfChanged : Asking::kAlways, *depfile_)};
  if (stamp_ == nullptr) return written;
  written.emplace_back();
  // What could not be read is to be tried again.
  if (run_.Completeness(finder) == ExitCode::kDone) {
    stamp_->Renew();
  } else {
    stamp_->Leave();
  }
  return written;
}

}  // namespace finder
