#include "cmd/output/output_file.h"

#include <errno.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "finder/text/abseil_view.h"
#include "fs/sticky_directory.h"

namespace finder {
namespace {

// As many as the kernel follows.
constexpr int kMostSymlinks = 40;
// Read at a time: few calls, and it stays in the processor's cache.
constexpr size_t kChunk = size_t{64} << 10;

std::string DirectoryOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

absl::Status Failure(const std::string& path, std::string_view reason) {
  return absl::FailedPreconditionError(
      absl::StrCat(path, ": ", Abseil(reason)));
}

struct Target {
  std::string path;              // no symlink
  std::optional<FileStat> stat;  // none if nothing is there yet
  // `path` is a symlink that must not be followed, or another user's file.
  bool planted = false;
};

Result<bool> IsPlantedAt(FileSystem& files, const std::string& path,
                         const FileStat& found, uint32_t user_id) {
  // For the sake of speed: nobody mistrusts themselves.
  if (found.owner == user_id) return false;
  const Result<FileStat> directory =
      files.Stat({}, DirectoryOf(path), SymlinkPolicy::kFollow);
  if (!directory.ok()) return directory.error();
  return IsPlanted(directory.value(), found, user_id);
}

// Follows the symlinks at the end of `path`, as far as they may be followed.
Result<Target> FindTarget(FileSystem& files, std::string path,
                          uint32_t user_id) {
  for (int i = 0; i < kMostSymlinks; ++i) {
    const Result<FileStat> stat =
        files.Stat({}, path, SymlinkPolicy::kNoFollow);
    if (!stat.ok() && stat.error().code() == ENOENT) {
      return Target{std::move(path), std::nullopt};
    }
    if (!stat.ok()) return stat.error();
    const Result<bool> planted =
        IsPlantedAt(files, path, stat.value(), user_id);
    if (!planted.ok()) return planted.error();
    if (stat->kind != EntryKind::kSymlink || planted.value()) {
      return Target{std::move(path), stat.value(), planted.value()};
    }
    Result<std::string> link = files.ReadLink({}, path);
    if (!link.ok()) return link.error();
    if (link->starts_with('/')) {
      path = std::move(link).value();
    } else {
      path = DirectoryOf(path) + '/' + link.value();
    }
  }
  return SystemError(ELOOP);
}

}  // namespace

OutputFile::OutputFile(FileSystem& files, std::string path)
    : files_(files), path_(std::move(path)) {}

absl::StatusOr<std::unique_ptr<OutputFile>> OutputFile::Open(
    FileSystem& files, const std::string& path, uint32_t user_id) {
  Result<Target> target = FindTarget(files, path, user_id);
  if (!target.ok()) return Failure(path, target.error().Message());
  if (target->planted && target->stat->kind == EntryKind::kSymlink) {
    const std::string reason =
        "a symlink of another user's in a sticky directory";
    return Failure(path,
                   target->path == path
                       ? reason
                       : absl::StrCat("leads to ", target->path, ", ", reason));
  }
  std::unique_ptr<OutputFile> output(
      new OutputFile(files, std::move(target->path)));
  const Result<FileStat> parent =
      files.Stat({}, DirectoryOf(output->path_), SymlinkPolicy::kFollow);
  if (!parent.ok()) return Failure(path, parent.error().Message());
  output->identity_ = {parent->device, parent->inode,
                       output->path_.substr(output->path_.rfind('/') + 1)};
  if (!target->stat) return output;
  output->existed_ = true;
  if (target->stat->kind == EntryKind::kDirectory) {
    return Failure(path, SystemError(EISDIR).Message());
  }
  if (target->stat->kind != EntryKind::kFile) {
    return Failure(path, "Not a regular file");
  }
  output->planted_ = target->planted;
  if (!output->planted_) {
    output->permissions_ = target->stat->permissions & 0777;
  }
  Result<std::unique_ptr<ReadableFile>> old =
      files.OpenFile(output->path_, SymlinkPolicy::kNoFollow);
  // A file that cannot be read cannot be found equal, so it is replaced.
  if (old.ok()) {
    output->old_ = std::move(old).value();
    output->old_size_ = target->stat->size_bytes;
  }
  return output;
}

bool OutputFile::OldContinuesWith(std::string_view bytes) {
  if (old_ == nullptr || planted_) return false;
  int64_t offset = equal_bytes_;
  if (old_size_ - offset < static_cast<int64_t>(bytes.size())) return false;
  std::array<char, kChunk> buffer;
  while (!bytes.empty()) {
    const size_t size = std::min(bytes.size(), kChunk);
    const Result<size_t> read = old_->ReadAt(offset, buffer.data(), size);
    if (!read.ok() || read.value() != size) return false;
    if (bytes.substr(0, size) != std::string_view(buffer.data(), size)) {
      return false;
    }
    bytes.remove_prefix(size);
    offset += static_cast<int64_t>(size);
  }
  return true;
}

Outcome OutputFile::StartRewrite() {
  Result<std::unique_ptr<PendingFile>> created =
      files_.CreateFile(path_, permissions_);
  if (!created.ok()) return created.error();
  rewrite_ = std::move(created).value();
  return CopyOld(equal_bytes_, *rewrite_);
}

Outcome OutputFile::CopyOld(int64_t size, PendingFile& to) {
  std::array<char, kChunk> buffer;
  for (int64_t offset = 0; offset < size;) {
    const auto chunk = static_cast<size_t>(
        std::min(size - offset, static_cast<int64_t>(buffer.size())));
    const Result<size_t> read = old_->ReadAt(offset, buffer.data(), chunk);
    if (!read.ok()) return read.error();
    // Somebody is cutting the old file short under our eyes.
    if (read.value() != chunk) return SystemError(EIO);
    const Outcome appended = to.Append(std::string_view(buffer.data(), chunk));
    if (!appended.ok()) return appended;
    offset += static_cast<int64_t>(chunk);
  }
  return {};
}

Outcome OutputFile::Write(std::string_view bytes) {
  if (rewrite_ == nullptr) {
    if (OldContinuesWith(bytes)) {
      equal_bytes_ += static_cast<int64_t>(bytes.size());
      return {};
    }
    if (const Outcome started = StartRewrite(); !started.ok()) return started;
  }
  return rewrite_->Append(bytes);
}

Outcome OutputFile::Close() {
  if (const Outcome finished = Finish(); !finished.ok()) return finished;
  return Commit();
}

Outcome OutputFile::Finish() {
  if (ending_ == Ending::kLeave) {
    rewrite_ = nullptr;
    return {};
  }
  if (rewrite_ == nullptr) {
    const bool is_same = old_ != nullptr && equal_bytes_ == old_size_;
    if (is_same && !planted_ && ending_ != Ending::kRenew) return {};
    if (const Outcome started = StartRewrite(); !started.ok()) return started;
  }
  return time_ns_.has_value() ? rewrite_->SetModifiedTime(*time_ns_)
                              : Outcome();
}

Outcome OutputFile::Commit() {
  if (rewrite_ == nullptr) return {};
  const Outcome committed = rewrite_->Commit();
  replaced_ = committed.ok();
  return committed;
}

Outcome OutputFile::Restore() {
  if (!replaced_) return {};
  if (!existed_) return files_.Remove(path_);
  // It could not be read, and now it is gone.
  if (old_ == nullptr) return SystemError(EACCES);
  Result<std::unique_ptr<PendingFile>> file =
      files_.CreateFile(path_, permissions_);
  if (!file.ok()) return file.error();
  const Outcome copied = CopyOld(old_size_, *file.value());
  return copied.ok() ? file.value()->Commit() : copied;
}

}  // namespace finder
