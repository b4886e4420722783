#include "cmd/output/output_set.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "absl/strings/str_cat.h"

namespace finder {

absl::StatusOr<OutputFile*> OutputSet::Add(const std::string& path) {
  absl::StatusOr<std::unique_ptr<OutputFile>> file =
      OutputFile::Open(files_, path, user_id_);
  if (!file.ok()) return file.status();
  for (const Member& member : members_) {
    if (member.file->identity() == (*file)->identity()) {
      return absl::InvalidArgumentError(
          member.path == path
              ? absl::StrCat(path, ": named twice as an output")
              : absl::StrCat(path, ": the same file as the output ",
                             member.path));
    }
  }
  members_.push_back({path, *std::move(file)});
  return members_.back().file.get();
}

void OutputSet::SetTimes(int64_t modified_ns) {
  for (const Member& member : members_) member.file->SetTime(modified_ns);
}

bool OutputSet::IsOnOneDevice() const {
  return std::all_of(members_.begin(), members_.end(),
                     [this](const Member& member) {
                       return member.file->identity().device ==
                              members_.front().file->identity().device;
                     });
}

absl::Status OutputSet::Commit(const std::vector<Outcome>& written) {
  const auto failure = [this](size_t i, const Outcome& outcome) {
    return absl::StrCat(members_[i].path, ": ", outcome.error().Message());
  };
  for (size_t i = 0; i < members_.size(); ++i) {
    const Outcome outcome =
        written[i].ok() ? members_[i].file->Finish() : written[i];
    if (!outcome.ok()) return absl::UnavailableError(failure(i, outcome));
  }
  for (size_t i = 0; i < members_.size(); ++i) {
    const Outcome outcome = members_[i].file->Commit();
    if (outcome.ok()) continue;
    std::string message = failure(i, outcome);
    Restore(i, message);
    return absl::UnavailableError(message);
  }
  return absl::OkStatus();
}

void OutputSet::Restore(size_t committed, std::string& message) {
  for (size_t i = 0; i < committed; ++i) {
    const Outcome outcome = members_[i].file->Restore();
    if (outcome.ok()) continue;
    absl::StrAppend(
        &message, "; ", members_[i].path,
        " is new and cannot be set back: ", outcome.error().Message());
  }
}

}  // namespace finder
