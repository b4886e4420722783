// The half of CommandOutputs that looks at what a command has made.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "finder/results/command_outputs.h"
#include "finder/results/output_path.h"

namespace finder {
namespace {

constexpr uint32_t kPrivilegeBits = 06000;

}  // namespace

CollectedOutputs CommandOutputs::Collect(
    std::span<const std::string> declared) {
  parent_.Close();  // it may be another one by now
  CollectedOutputs collected;
  for (const std::string& path : declared) CollectOne(path, collected);
  std::vector<RecordedOutput>& outputs = collected.outputs;
  std::sort(outputs.begin(), outputs.end(),
            [](const RecordedOutput& a, const RecordedOutput& b) {
              return a.path < b.path;
            });
  // One may have been declared twice, or with the directory it is in.
  outputs.erase(
      std::unique(outputs.begin(), outputs.end(),
                  [](const RecordedOutput& a, const RecordedOutput& b) {
                    return a.path == b.path;
                  }),
      outputs.end());
  if (collected.problems.empty()) HashFiles(collected);
  return collected;
}

void CommandOutputs::CollectOne(const std::string& path,
                                CollectedOutputs& into) {
  const auto stat = Stat(path);
  const absl::Status status =
      stat.ok() ? CollectFound(path, *stat, into) : stat.status();
  if (!status.ok()) into.problems.emplace_back(status.message());
}

absl::Status CommandOutputs::CollectFound(const std::string& path,
                                          const FileStat& stat,
                                          CollectedOutputs& into) {
  RecordedOutput output;
  output.path = path;
  output.permissions = stat.permissions & kRestoredBits;
  output.modified_ns = stat.modified_ns;
  switch (stat.kind) {
    case EntryKind::kFile:
      if ((stat.permissions & kPrivilegeBits) != 0) {
        return OutputFailure(path, "has a set-user-ID or set-group-ID bit");
      }
      output.size_bytes = static_cast<uint64_t>(stat.size_bytes);
      break;
    case EntryKind::kDirectory:
      output.kind = OutputKind::kDirectory;
      break;
    case EntryKind::kSymlink:
    case EntryKind::kLinkToDirectory: {
      output.kind = OutputKind::kSymlink;
      absl::StatusOr<std::string> target = ReadLink(path);
      if (!target.ok()) return target.status();
      output.target = *std::move(target);
      break;
    }
    case EntryKind::kOther:
      return OutputFailure(path, "is no file, directory or symlink");
  }
  const bool is_directory = output.kind == OutputKind::kDirectory;
  into.outputs.push_back(std::move(output));
  return is_directory ? CollectBelow(path, into) : absl::OkStatus();
}

absl::Status CommandOutputs::CollectBelow(const std::string& path,
                                          CollectedOutputs& into) {
  std::vector<std::string> names;
  {
    const DirectoryHandle here;
    const Result<DirectoryHandle> opened =
        path.starts_with('/')
            ? files_.OpenDirectory(here, path, SymlinkPolicy::kNoFollow)
            : tree_.OpenBeneath(here, path);
    if (!opened.ok()) return OutputFailure(path, opened.error());
    const Outcome listed =
        files_.List(opened.value(), [&names](std::string_view name, EntryKind) {
          names.emplace_back(name);
        });
    if (!listed.ok()) return OutputFailure(path, listed.error());
  }
  std::sort(names.begin(), names.end());
  std::vector<std::string> directories;
  for (const std::string& name : names) {
    std::string below = absl::StrCat(path, "/", name);
    const auto stat = Stat(below);
    if (!stat.ok()) return stat.status();
    // Later, so that this directory stays open for its files.
    if (stat->kind == EntryKind::kDirectory) {
      directories.push_back(std::move(below));
      continue;
    }
    absl::Status status = CollectFound(below, *stat, into);
    if (!status.ok()) return status;
  }
  for (const std::string& directory : directories) {
    const auto stat = Stat(directory);
    if (!stat.ok()) return stat.status();
    absl::Status status = CollectFound(directory, *stat, into);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

void CommandOutputs::HashFiles(CollectedOutputs& into) {
  std::vector<std::string> paths;
  for (const RecordedOutput& output : into.outputs) {
    if (IsFile(output)) paths.push_back(output.path);
  }
  const std::vector<FileFact> facts = hashes_.Look(paths);
  size_t next = 0;
  for (RecordedOutput& output : into.outputs) {
    if (!IsFile(output)) continue;
    const FileFact& fact = facts[next++];
    if (fact.kind != FileKind::kFile) {
      into.problems.push_back(output.path + ": cannot be read");
      continue;
    }
    output.hash = fact.hash;
    output.size_bytes = static_cast<uint64_t>(fact.stat.size_bytes);
    output.modified_ns = fact.stat.modified_ns;
    into.payloads.push_back({.bytes = "", .path = output.path});
  }
}

}  // namespace finder
