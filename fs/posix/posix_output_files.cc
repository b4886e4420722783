#include "fs/posix/posix_output_files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <memory>
#include <string_view>
#include <utility>

#include "fs/posix/files/descriptor.h"
#include "fs/posix/files/kernel_path.h"
#include "fs/posix/files/posix_stat.h"
#include "fs/posix/process/posix_standard_streams.h"

namespace finder {
namespace {

constexpr mode_t kPermissions = 0666;  // less the umask

class FileStream final : public OutputStream {
 public:
  explicit FileStream(Descriptor file) : file_(std::move(file)) {}

  Outcome Write(std::string_view bytes) override {
    return WriteAll(file_.get(), bytes);
  }
  Outcome Close() override { return CloseWritten(file_.Release()); }
  bool IsTerminal() const override { return isatty(file_.get()) == 1; }

 private:
  Descriptor file_;
};

}  // namespace

Result<OpenedOutput> PosixOutputFiles::Open(std::string_view path) {
  const KernelPath kernel_path(AT_FDCWD, path);
  if (!kernel_path.ok()) return LastError();
  Descriptor file =
      OpenAt(kernel_path.base(), kernel_path.text(),
             O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY, kPermissions);
  if (!file.is_open()) return LastError();
  struct stat found;
  if (fstat(file.get(), &found) != 0) return LastError();
  OpenedOutput opened;
  opened.stream = std::make_unique<FileStream>(std::move(file));
  opened.stat = ToFileStat(found);
  return opened;
}

}  // namespace finder
