#include "fs/posix/files/posix_pending_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "fs/file_system.h"
#include "fs/posix/files/descriptor.h"
#include "fs/posix/files/file_system_type.h"
#include "fs/posix/files/kernel_path.h"
#include "fs/posix/files/posix_stat.h"
#include "fs/posix/files/temporary_claim.h"
#include "fs/posix/process/interrupt.h"
#include "fs/result.h"
#include "fs/temporary_name.h"

namespace finder {
namespace {

// A clash of two of 32^8 names is no accident; many of them are an attack.
constexpr int kMaxNameAttempts = 16;

// Tries `use(name)` until it returns true: with the few temporary names of
// `final_name` if `slots`, then with random ones. If it returns false for
// another reason than EEXIST, that is the error.
template <typename Use>
Result<std::string> WithTemporaryName(std::string_view final_name, bool slots,
                                      Use use) {
  for (int slot = 0; slots && slot < kTemporarySlots; ++slot) {
    std::string name = TemporarySlotName(final_name, slot);
    if (use(name.c_str())) return name;
    if (errno != EEXIST) return LastError();
  }
  for (int attempt = 0; attempt < kMaxNameAttempts; ++attempt) {
    Result<std::string> name = RandomTemporaryName(final_name);
    if (!name.ok()) return name.error();
    if (use(name->c_str())) return name;
    if (errno != EEXIST) return LastError();
  }
  return SystemError(EEXIST);
}

// The directory of a path, and the name in it.
struct Target {
  Descriptor directory;
  std::string name;
  bool slots;  // whether the names of fs/temporary_name.h are of use there
};

class PosixPendingFile : public OpenPendingFile {
 public:
  // `claimed`: the file may bear a temporary name of a slot.
  PosixPendingFile(Target target, Descriptor file, bool claimed)
      : directory_(std::move(target.directory)),
        file_(std::move(file)),
        final_name_(std::move(target.name)),
        claimed_(claimed) {}
  ~PosixPendingFile() override { RemoveTemporary(); }

  // Tells that the file is visible as `name` by now, and since before that
  // counted by `counted`.
  void SetTemporaryName(std::string name, NamedTemporary counted) {
    temporary_name_ = std::move(name);
    counted_.emplace(std::move(counted));
  }

  int descriptor() const override { return file_.get(); }

  Outcome Append(std::string_view bytes) override {
    while (!bytes.empty()) {
      const ssize_t done = write(file_.get(), bytes.data(), bytes.size());
      if (done >= 0) {
        bytes.remove_prefix(static_cast<size_t>(done));
      } else if (errno != EINTR) {
        return LastError();
      }
    }
    return {};
  }

  Result<FileStat> Stat() override {
    struct stat stat;
    if (fstat(file_.get(), &stat) != 0) return LastError();
    return ToFileStat(stat);
  }

  Outcome SetModifiedTime(int64_t modified_ns) override {
    return SetTimes(FromNs(modified_ns));
  }
  Outcome Touch() override { return SetTimes({0, UTIME_NOW}); }

  Outcome Commit() override { return CommitBy(&PosixPendingFile::Replace); }

  Outcome CommitUnflushed() override {
    return CommitBy(&PosixPendingFile::ReplaceUnflushed);
  }

 private:
  Outcome SetTimes(timespec modified) {
    const timespec times[2] = {{0, UTIME_OMIT}, modified};
    if (futimens(file_.get(), times) != 0) return LastError();
    return {};
  }

  // `replace` renames the file from its temporary name, which it loses.
  Outcome CommitBy(bool (PosixPendingFile::*replace)()) {
    if (committed_) return SystemError(EINVAL);
    committed_ = true;
    if (temporary_name_.empty()) {
      NamedTemporary counted;
      // Needs no temporary name if there is nothing to replace.
      if (Link(final_name_.c_str())) {
        Unclaim();
        return {};
      }
      if (errno != EEXIST) return LastError();
      Result<std::string> name =
          WithTemporaryName(final_name_, claimed_,
                            [this](const char* text) { return Link(text); });
      if (!name.ok()) return name.error();
      SetTemporaryName(std::move(name).value(), std::move(counted));
    }
    if (!(this->*replace)()) {
      const SystemError error = LastError();
      RemoveTemporary();
      return error;
    }
    temporary_name_.clear();
    counted_.reset();
    Unclaim();
    return {};
  }

  // False, with errno, if it fails.
  bool Replace() {
    return renameat(directory_.get(), temporary_name_.c_str(), directory_.get(),
                    final_name_.c_str()) == 0;
  }

  // ext4 and btrfs flush a file that is renamed over another (auto_da_alloc of
  // ext4(5)), which takes longer than to write all of it, but not one that
  // changes places with the other. That is then what a dead writer leaves.
  bool ReplaceUnflushed() {
    if (!claimed_ || !IsOwnFile(final_name_.c_str()) || !Exchange()) {
      return Replace();
    }
    if (!IsOwnFile(temporary_name_.c_str()) && Exchange()) return Replace();
    RemoveUnclaimed(directory_.get(), temporary_name_.c_str());
    return true;
  }

  // From now on others may replace the file, and then remove it.
  void Unclaim() { file_ = Descriptor(-1); }

  bool Exchange() {
    return renameat2(directory_.get(), temporary_name_.c_str(),
                     directory_.get(), final_name_.c_str(),
                     RENAME_EXCHANGE) == 0;
  }

  // Whether the name stands for a file that RemoveUnclaimed would remove.
  bool IsOwnFile(const char* name) {
    struct stat found;
    return fstatat(directory_.get(), name, &found, AT_SYMLINK_NOFOLLOW) == 0 &&
           S_ISREG(found.st_mode) && found.st_uid == geteuid() &&
           found.st_nlink == 1;
  }

  // Gives the nameless file a name, which must be free.
  bool Link(const char* name) {
    char self[32];
    snprintf(self, sizeof(self), "/proc/self/fd/%d", file_.get());
    return linkat(AT_FDCWD, self, directory_.get(), name, AT_SYMLINK_FOLLOW) ==
           0;
  }

  void RemoveTemporary() {
    if (!temporary_name_.empty()) {
      unlinkat(directory_.get(), temporary_name_.c_str(), 0);
    }
    temporary_name_.clear();
    counted_.reset();
  }

  const Descriptor directory_;
  Descriptor file_;  // not open any more once it is committed
  const std::string final_name_;
  const bool claimed_;
  std::string temporary_name_;  // empty while the file has none
  std::optional<NamedTemporary> counted_;
  bool committed_ = false;
};

bool IsOneName(std::string_view name) {
  return !name.empty() && name != "." && name != ".." &&
         name.find('/') == std::string_view::npos;
}

Result<Target> OpenTargetIn(int base, const char* directory,
                            std::string_view name) {
  Descriptor opened = OpenAt(base, directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (!opened.is_open()) return LastError();
  const bool slots = IsOnLocalFileSystem(opened.get());
  if (slots) RemoveDeadTemporaries(opened.get(), name);
  return Target{std::move(opened), std::string(name), slots};
}

Result<Target> OpenTarget(std::string_view path) {
  if (path.empty()) return SystemError(ENOENT);
  const size_t slash = path.rfind('/');
  std::string_view directory = ".";
  if (slash == 0) directory = "/";
  if (slash != std::string_view::npos && slash > 0) {
    directory = path.substr(0, slash);
  }
  const std::string_view name =
      slash == std::string_view::npos ? path : path.substr(slash + 1);
  if (!IsOneName(name)) return SystemError(EISDIR);
  const KernelPath kernel_path(AT_FDCWD, directory);
  if (!kernel_path.ok()) return LastError();
  return OpenTargetIn(kernel_path.base(), kernel_path.text(), name);
}

// Makes the file `name`, claimed if slots are of use. Not open: see errno,
// which is EEXIST also if it was taken away at once.
Descriptor MakeNamed(const Target& target, const char* name,
                     uint32_t permissions) {
  Descriptor file =
      OpenAt(target.directory.get(), name,
             O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, permissions);
  if (!file.is_open() || !target.slots) return file;
  int error = EEXIST;
  if (Claim(file.get())) {
    if (IsNamed(target.directory.get(), name, file.get())) return file;
  } else if (errno != EWOULDBLOCK) {  // else who has locked it removes it
    error = errno;
    unlinkat(target.directory.get(), name, 0);
  }
  file = Descriptor(-1);
  errno = error;
  return file;
}

Result<std::unique_ptr<OpenPendingFile>> CreateNamed(Target target,
                                                     uint32_t permissions) {
  NamedTemporary counted;
  Descriptor made(-1);
  Result<std::string> name =
      WithTemporaryName(target.name, target.slots, [&](const char* text) {
        made = MakeNamed(target, text, permissions);
        return made.is_open();
      });
  if (!name.ok()) return name.error();
  const bool slots = target.slots;
  auto file = std::make_unique<PosixPendingFile>(std::move(target),
                                                 std::move(made), slots);
  file->SetTemporaryName(std::move(name).value(), std::move(counted));
  return std::unique_ptr<OpenPendingFile>(std::move(file));
}

Result<std::unique_ptr<OpenPendingFile>> CreateNameless(Result<Target> target,
                                                        uint32_t permissions) {
  if (!target.ok()) return target.error();
  // A nameless file gets its name by way of /proc.
  if (access("/proc/self/fd", X_OK) == 0) {
    Descriptor file = OpenAt(target->directory.get(), ".",
                             O_TMPFILE | O_WRONLY | O_CLOEXEC, permissions);
    if (file.is_open()) {
      const bool claimed = target->slots && Claim(file.get());
      return std::unique_ptr<OpenPendingFile>(
          std::make_unique<PosixPendingFile>(std::move(target).value(),
                                             std::move(file), claimed));
    }
    // Kernels and file systems without O_TMPFILE answer with half a dozen
    // different errors. Whatever it was: if it matters, it comes again.
  }
  return CreateNamed(std::move(target).value(), permissions);
}

Result<std::unique_ptr<PendingFile>> AsPendingFile(
    Result<std::unique_ptr<OpenPendingFile>> file) {
  if (!file.ok()) return file.error();
  return std::unique_ptr<PendingFile>(std::move(file).value());
}

}  // namespace

Result<std::unique_ptr<PendingFile>> CreatePosixPendingFile(
    std::string_view path, uint32_t permissions) {
  return AsPendingFile(CreateNameless(OpenTarget(path), permissions));
}

Result<std::unique_ptr<PendingFile>> CreateNamedPosixPendingFile(
    std::string_view path, uint32_t permissions) {
  Result<Target> target = OpenTarget(path);
  if (!target.ok()) return target.error();
  return AsPendingFile(CreateNamed(std::move(target).value(), permissions));
}

Result<std::unique_ptr<OpenPendingFile>> CreatePosixPendingFileIn(
    int directory, std::string_view name, uint32_t permissions) {
  if (!IsOneName(name)) return SystemError(EINVAL);
  return CreateNameless(OpenTargetIn(directory, ".", name), permissions);
}

}  // namespace finder
