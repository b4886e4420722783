#include "finder/results/command_outputs.h"

#include <errno.h>

#include <algorithm>
#include <set>

#include "finder/results/output_path.h"
#include "fs/path.h"

namespace finder {
namespace {

// Only the owner may use a directory until all is in it.
constexpr uint32_t kPendingDirectory = 0700;

bool ByPath(const RecordedOutput& a, const RecordedOutput& b) {
  return a.path < b.path;
}

EntryKind KindOf(OutputKind kind) {
  switch (kind) {
    case OutputKind::kFile:
      return EntryKind::kFile;
    case OutputKind::kDirectory:
      return EntryKind::kDirectory;
    case OutputKind::kSymlink:
      return EntryKind::kSymlink;
  }
  return EntryKind::kOther;
}

}  // namespace

absl::Status CopyFile(const std::string& from, const std::string& to,
                      uint32_t permissions, FileSystem& files,
                      OutputTree& tree) {
  const DirectoryHandle here;
  const Result<DirectoryHandle> directory =
      files.OpenDirectory(here, DirectoryOf(to), SymlinkPolicy::kFollow);
  if (!directory.ok()) return OutputFailure(to, directory.error());
  const Result<CopyMethod> copied = tree.PlaceCopy(
      here, from, directory.value(), to.substr(to.rfind('/') + 1),
      {.permissions = permissions, .modified_ns = 0});
  if (!copied.ok()) return OutputFailure(from, copied.error());
  return absl::OkStatus();
}

absl::StatusOr<const DirectoryHandle*> CommandOutputs::ParentOf(
    std::string_view path, std::string_view* name) {
  *name = path.substr(path.rfind('/') + 1);
  const std::string_view directory = DirectoryOf(path);
  if (parent_.is_open() && parent_path_ == directory) return &parent_;
  const DirectoryHandle here;
  Result<DirectoryHandle> opened =
      directory.starts_with('/')
          ? files_.OpenDirectory(here, directory, SymlinkPolicy::kFollow)
          : tree_.OpenBeneath(here, directory);
  if (!opened.ok()) return OutputFailure(path, opened.error());
  parent_ = std::move(opened).value();
  parent_path_ = directory;
  return &parent_;
}

absl::StatusOr<const DirectoryHandle*> CommandOutputs::MakeParentOf(
    std::string_view path, std::string_view* name) {
  auto parent = ParentOf(path, name);
  if (!absl::IsNotFound(parent.status())) return parent;
  const std::string_view missing = DirectoryOf(path);
  if (missing == "." || missing == "/") return parent;
  std::string_view directory;
  auto above = MakeParentOf(missing, &directory);
  if (!above.ok()) return above.status();
  const Outcome made = tree_.MakeDirectory(**above, directory, 0777);
  if (!made.ok() && made.error().code() != EEXIST) {
    return OutputFailure(missing, made.error());
  }
  return ParentOf(path, name);
}

absl::StatusOr<FileStat> CommandOutputs::Stat(std::string_view path) {
  std::string_view name;
  const auto parent = ParentOf(path, &name);
  if (!parent.ok()) return parent.status();
  const Result<FileStat> stat =
      files_.Stat(**parent, name, SymlinkPolicy::kNoFollow);
  if (!stat.ok()) return OutputFailure(path, stat.error());
  return stat.value();
}

absl::StatusOr<std::string> CommandOutputs::ReadLink(std::string_view path) {
  std::string_view name;
  const auto parent = ParentOf(path, &name);
  if (!parent.ok()) return parent.status();
  Result<std::string> target = files_.ReadLink(**parent, name);
  if (!target.ok()) return OutputFailure(path, target.error());
  return std::move(target).value();
}

absl::StatusOr<CommandOutputs::Look> CommandOutputs::LookAt(
    const RecordedOutput& output, bool* exact) {
  const auto stat = Stat(output.path);
  if (absl::IsNotFound(stat.status())) return Look::kMissing;
  if (!stat.ok()) return stat.status();
  const bool wants_directory = output.kind == OutputKind::kDirectory;
  if (wants_directory != (stat->kind == EntryKind::kDirectory)) {
    return OutputFailure(output.path, wants_directory
                                          ? "is no directory, but should"
                                          : "is a directory");
  }
  *exact = output.kind == OutputKind::kSymlink ||
           (stat->permissions & kRestoredBits) ==
               (output.permissions & kRestoredBits);
  if (stat->kind != KindOf(output.kind)) return Look::kMissing;
  if (wants_directory) return Look::kRight;
  if (output.kind == OutputKind::kSymlink) {
    const auto target = ReadLink(output.path);
    return target.ok() && *target == output.target ? Look::kRight
                                                   : Look::kMissing;
  }
  const bool same_size =
      static_cast<uint64_t>(stat->size_bytes) == output.size_bytes;
  return same_size ? Look::kSameSize : Look::kMissing;
}

absl::StatusOr<CommandOutputs::Plan> CommandOutputs::MakePlan(
    const ResultRecord& record) {
  Plan plan;
  std::vector<Work> candidates;
  std::vector<bool> exact_candidates;
  std::vector<std::string> paths;
  size_t payload = 0;
  for (const RecordedOutput& output : record.outputs) {
    const Work work = {&output, IsFile(output) ? ++payload : 0};
    bool exact = true;
    const absl::StatusOr<Look> look = LookAt(output, &exact);
    if (!look.ok()) return look.status();
    if (*look == Look::kMissing) {
      plan.missing.push_back(work);
    } else if (*look == Look::kSameSize) {
      candidates.push_back(work);
      exact_candidates.push_back(exact);
      paths.push_back(output.path);
    } else {
      ++plan.in_place;
      if (!exact) plan.inexact.push_back(&output);
    }
  }
  const std::vector<FileFact> facts = hashes_.Look(paths);
  for (size_t i = 0; i < candidates.size(); ++i) {
    const RecordedOutput* const output = candidates[i].output;
    if (facts[i].kind == FileKind::kFile && facts[i].hash == output->hash) {
      ++plan.in_place;
      if (!exact_candidates[i]) plan.inexact.push_back(output);
    } else {
      plan.missing.push_back(candidates[i]);
    }
  }
  // A directory before what is in it.
  std::sort(plan.missing.begin(), plan.missing.end(),
            [](const Work& a, const Work& b) {
              return a.output->path < b.output->path;
            });
  return plan;
}

absl::StatusOr<RestoreCounts> CommandOutputs::Restore(
    const ResultRecord& record, PayloadReader& payloads, bool printed,
    std::span<const std::string> declared, const ResultRecord* last) {
  parent_.Close();  // it may be another one by now
  RestoreCounts counts;
  const absl::StatusOr<Plan> plan = MakePlan(record);
  if (!plan.ok()) return plan.status();
  counts.in_place = plan->in_place;
  std::vector<size_t> needed;
  if (printed) needed.push_back(0);
  for (const Work& work : plan->missing) {
    if (IsFile(*work.output)) needed.push_back(work.payload);
  }
  if (!needed.empty()) {
    absl::Status checked = payloads.Check(hashes_, needed);
    if (!checked.ok()) return checked;
  }
  for (const Work& work : plan->missing) {
    absl::Status placed = Place(work, payloads, counts);
    if (!placed.ok()) return placed;
  }
  if (last != nullptr) RemoveStale(record, declared, *last, counts);
  for (const RecordedOutput* output : plan->inexact) {
    absl::Status set = SetPermissions(*output);
    if (!set.ok()) return set;
  }
  absl::Status finished = FinishDirectories(record, *plan);
  if (!finished.ok()) return finished;
  return counts;
}

absl::Status CommandOutputs::Place(const Work& work, PayloadReader& payloads,
                                   RestoreCounts& counts) {
  const RecordedOutput& output = *work.output;
  std::string_view name;
  const auto parent = MakeParentOf(output.path, &name);
  if (!parent.ok()) return parent.status();
  Outcome done;
  switch (output.kind) {
    case OutputKind::kDirectory:
      done = tree_.MakeDirectory(**parent, name, kPendingDirectory);
      if (!done.ok() && done.error().code() == EEXIST) done = Outcome();
      break;
    case OutputKind::kSymlink:
      done = tree_.PlaceSymlink(output.target, **parent, name,
                                {.modified_ns = output.modified_ns});
      break;
    case OutputKind::kFile:
      return PlaceFile(work, payloads, **parent, name, counts);
  }
  if (!done.ok()) return OutputFailure(output.path, done.error());
  ++counts.copied;
  return absl::OkStatus();
}

absl::Status CommandOutputs::PlaceFile(const Work& work,
                                       PayloadReader& payloads,
                                       const DirectoryHandle& parent,
                                       std::string_view name,
                                       RestoreCounts& counts) {
  const RecordedOutput& output = *work.output;
  const FileAttributes attributes = {
      .permissions = output.permissions & kRestoredBits,
      .modified_ns = output.modified_ns};
  const PayloadPlace place = payloads.Place(work.payload);
  CopyMethod method = CopyMethod::kCopied;
  if (place.alone) {
    const Result<CopyMethod> copied = tree_.PlaceCopy(
        DirectoryHandle(), place.path, parent, name, attributes);
    if (!copied.ok()) return OutputFailure(output.path, copied.error());
    method = copied.value();
  } else {
    const absl::StatusOr<std::string> bytes = payloads.Read(work.payload);
    if (!bytes.ok()) return bytes.status();
    const Outcome placed = tree_.PlaceBytes(*bytes, parent, name, attributes);
    if (!placed.ok()) return OutputFailure(output.path, placed.error());
  }
  ++(method == CopyMethod::kCloned ? counts.cloned : counts.copied);
  counts.restored_bytes += output.size_bytes;
  return absl::OkStatus();
}

absl::Status CommandOutputs::SetPermissions(const RecordedOutput& output) {
  std::string_view name;
  const auto parent = ParentOf(output.path, &name);
  if (!parent.ok()) return parent.status();
  const Outcome set =
      tree_.SetPermissions(**parent, name, output.permissions & kRestoredBits);
  if (!set.ok()) return OutputFailure(output.path, set.error());
  return absl::OkStatus();
}

// Gives the directories that were made, or in which something was made, the
// time that they had; the made ones their permissions, too. The lowest first,
// as each change moves the time of the one above.
absl::Status CommandOutputs::FinishDirectories(const ResultRecord& record,
                                               const Plan& plan) {
  std::set<std::string_view> made, touched;
  for (const Work& work : plan.missing) {
    const RecordedOutput& output = *work.output;
    if (output.kind == OutputKind::kDirectory) made.insert(output.path);
    touched.insert(DirectoryOf(output.path));
  }
  for (size_t i = record.outputs.size(); i-- > 0;) {
    const RecordedOutput& output = record.outputs[i];
    if (output.kind != OutputKind::kDirectory) continue;
    const bool is_made = made.contains(output.path);
    if (!is_made && !touched.contains(output.path)) continue;
    if (is_made) {
      absl::Status set = SetPermissions(output);
      if (!set.ok()) return set;
    }
    std::string_view name;
    const auto parent = ParentOf(output.path, &name);
    if (!parent.ok()) return parent.status();
    const Outcome set =
        tree_.SetModifiedTime(**parent, name, output.modified_ns);
    if (!set.ok()) return OutputFailure(output.path, set.error());
  }
  return absl::OkStatus();
}

// What cannot be removed harms nobody: it is what a user might have put there.
void CommandOutputs::RemoveStale(const ResultRecord& record,
                                 std::span<const std::string> declared,
                                 const ResultRecord& last,
                                 RestoreCounts& counts) {
  for (size_t i = last.outputs.size(); i-- > 0;) {
    const RecordedOutput& old = last.outputs[i];
    const bool is_declared = std::any_of(declared.begin(), declared.end(),
                                         [&old](const std::string& path) {
                                           return IsAtOrBelow(old.path, path);
                                         });
    if (!is_declared || std::binary_search(record.outputs.begin(),
                                           record.outputs.end(), old, ByPath)) {
      continue;
    }
    bool exact = true;
    const absl::StatusOr<Look> look = LookAt(old, &exact);
    if (!look.ok() || *look == Look::kMissing) continue;
    if (*look == Look::kSameSize) {
      const std::vector<FileFact> fact = hashes_.Look({&old.path, 1});
      if (fact[0].kind != FileKind::kFile || fact[0].hash != old.hash) continue;
    }
    std::string_view name;
    const auto parent = ParentOf(old.path, &name);
    if (parent.ok() && tree_.Remove(**parent, name).ok()) ++counts.removed;
  }
}

}  // namespace finder
