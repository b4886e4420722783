#include "fs/posix_pending_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/random.h>
#include <unistd.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "fs/file_system.h"
#include "fs/interrupt.h"
#include "fs/kernel_path.h"
#include "fs/posix_stat.h"
#include "fs/result.h"

namespace finder {
namespace {

constexpr std::string_view kNameMark = ".finder-";
constexpr size_t kRandomLetters = 8;
// A clash of two of 32^8 names is no accident; many of them are an attack.
constexpr int kMaxNameAttempts = 16;

// A descriptor that is closed on destruction.
class Descriptor {
 public:
  explicit Descriptor(int value) : value_(value) {}
  Descriptor(Descriptor&& other) noexcept
      : value_(std::exchange(other.value_, -1)) {}
  Descriptor& operator=(Descriptor&&) = delete;
  ~Descriptor() {
    if (value_ >= 0) close(value_);
  }
  int get() const { return value_; }
  bool is_open() const { return value_ >= 0; }

 private:
  int value_;
};

int OpenRetrying(int base, const char* path, int flags, mode_t mode) {
  int descriptor;
  do {
    descriptor = openat(base, path, flags, mode);
  } while (descriptor < 0 && errno == EINTR);
  return descriptor;
}

// A name nobody can guess. It tells which file it was meant for, unless that
// makes it too long.
Result<std::string> TemporaryName(std::string_view final_name) {
  constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz234567";
  unsigned char random[kRandomLetters];
  if (getrandom(random, sizeof(random), 0) != sizeof(random)) {
    return SystemError(EIO);
  }
  std::string name;
  if (1 + final_name.size() + kNameMark.size() + kRandomLetters <= NAME_MAX) {
    name.append(".").append(final_name);
  }
  name.append(kNameMark);
  for (const unsigned char byte : random) {
    name += kLetters[byte % kLetters.size()];
  }
  return name;
}

// Tries `use(name)` with fresh names until it returns true. If it returns
// false for another reason than EEXIST, that is the error.
template <typename Use>
Result<std::string> WithTemporaryName(std::string_view final_name, Use use) {
  for (int attempt = 0; attempt < kMaxNameAttempts; ++attempt) {
    Result<std::string> name = TemporaryName(final_name);
    if (!name.ok()) return name.error();
    if (use(name->c_str())) return name;
    if (errno != EEXIST) return LastError();
  }
  return SystemError(EEXIST);
}

class PosixPendingFile : public PendingFile {
 public:
  PosixPendingFile(Descriptor directory, Descriptor file,
                   std::string final_name)
      : directory_(std::move(directory)),
        file_(std::move(file)),
        final_name_(std::move(final_name)) {}
  ~PosixPendingFile() override { RemoveTemporary(); }

  // Tells that the file is visible as `name` by now, and since before that
  // counted by `counted`.
  void SetTemporaryName(std::string name, NamedTemporary counted) {
    temporary_name_ = std::move(name);
    counted_.emplace(std::move(counted));
  }

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

  Outcome Sync() override {
    int result;
    do {
      result = fsync(file_.get());
    } while (result != 0 && errno == EINTR);
    if (result != 0) return LastError();
    return {};
  }

  Outcome Commit() override {
    if (committed_) return SystemError(EINVAL);
    committed_ = true;
    if (temporary_name_.empty()) {
      NamedTemporary counted;
      // Needs no temporary name if there is nothing to replace.
      if (Link(final_name_.c_str())) return {};
      if (errno != EEXIST) return LastError();
      Result<std::string> name = WithTemporaryName(
          final_name_, [this](const char* text) { return Link(text); });
      if (!name.ok()) return name.error();
      SetTemporaryName(std::move(name).value(), std::move(counted));
    }
    if (renameat(directory_.get(), temporary_name_.c_str(), directory_.get(),
                 final_name_.c_str()) != 0) {
      const SystemError error = LastError();
      RemoveTemporary();
      return error;
    }
    temporary_name_.clear();
    counted_.reset();
    return {};
  }

 private:
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
  const Descriptor file_;
  const std::string final_name_;
  std::string temporary_name_;  // empty while the file has none
  std::optional<NamedTemporary> counted_;
  bool committed_ = false;
};

// The directory of a path, and the name in it.
struct Target {
  Descriptor directory;
  std::string name;
};

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
  if (name.empty() || name == "." || name == "..") return SystemError(EISDIR);
  const KernelPath kernel_path(AT_FDCWD, directory);
  if (!kernel_path.ok()) return LastError();
  Descriptor opened(OpenRetrying(kernel_path.base(), kernel_path.text(),
                                 O_PATH | O_DIRECTORY | O_CLOEXEC, 0));
  if (!opened.is_open()) return LastError();
  return Target{std::move(opened), std::string(name)};
}

Result<std::unique_ptr<PendingFile>> CreateNamed(Target target,
                                                 uint32_t permissions) {
  NamedTemporary counted;
  int descriptor = -1;
  Result<std::string> name =
      WithTemporaryName(target.name, [&](const char* text) {
        descriptor = OpenRetrying(
            target.directory.get(), text,
            O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, permissions);
        return descriptor >= 0;
      });
  if (!name.ok()) return name.error();
  auto file = std::make_unique<PosixPendingFile>(std::move(target.directory),
                                                 Descriptor(descriptor),
                                                 std::move(target.name));
  file->SetTemporaryName(std::move(name).value(), std::move(counted));
  return std::unique_ptr<PendingFile>(std::move(file));
}

}  // namespace

Result<std::unique_ptr<PendingFile>> CreatePosixPendingFile(
    std::string_view path, uint32_t permissions) {
  Result<Target> target = OpenTarget(path);
  if (!target.ok()) return target.error();
  // A nameless file gets its name by way of /proc.
  if (access("/proc/self/fd", X_OK) == 0) {
    Descriptor file(OpenRetrying(target->directory.get(), ".",
                                 O_TMPFILE | O_WRONLY | O_CLOEXEC,
                                 permissions));
    if (file.is_open()) {
      return std::unique_ptr<PendingFile>(std::make_unique<PosixPendingFile>(
          std::move(target->directory), std::move(file),
          std::move(target->name)));
    }
    // Kernels and file systems without O_TMPFILE answer with half a dozen
    // different errors. Whatever it was: if it matters, it comes again.
  }
  return CreateNamed(std::move(target).value(), permissions);
}

Result<std::unique_ptr<PendingFile>> CreateNamedPosixPendingFile(
    std::string_view path, uint32_t permissions) {
  Result<Target> target = OpenTarget(path);
  if (!target.ok()) return target.error();
  return CreateNamed(std::move(target).value(), permissions);
}

}  // namespace finder
