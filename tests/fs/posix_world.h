// The World of a PosixFileSystem: a temporary directory, removed in the end.
// As root it gives up the capabilities that override permissions, and takes
// them back on destruction; so it must be used by one thread.
#ifndef FINDER_TESTS_FS_POSIX_WORLD_H_
#define FINDER_TESTS_FS_POSIX_WORLD_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fs/posix/files/posix_file_system.h"
#include "tests/fs/file_system_contract.h"

namespace finder {

// A directory of this test's own, removed with all it holds on destruction.
class TemporaryDirectory {
 public:
  TemporaryDirectory();
  ~TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// A PosixFileSystem as on a disk that does not know O_TMPFILE.
class NamedTemporariesFileSystem : public PosixFileSystem {
 public:
  Result<std::unique_ptr<PendingFile>> CreateFile(
      std::string_view path, uint32_t permissions) override;
};

// While it lives, root is bound by permissions like everybody else.
class Unprivileged {
 public:
  Unprivileged();
  ~Unprivileged();
  Unprivileged(const Unprivileged&) = delete;
  Unprivileged& operator=(const Unprivileged&) = delete;

 private:
  uint32_t effective_[2];  // the capabilities before
};

class PosixWorld : public World {
 public:
  explicit PosixWorld(std::unique_ptr<FileSystem> fs) : fs_(std::move(fs)) {}
  ~PosixWorld() override;

  FileSystem& fs() override { return *fs_; }
  const std::string& root() const override { return directory_.path(); }

  void MakeDirectories(const std::string& path) override;
  void WriteFile(const std::string& path, std::string_view bytes) override;
  void Symlink(const std::string& target, const std::string& path) override;
  void MakePipe(const std::string& path) override;
  void HardLink(const std::string& from, const std::string& to) override;
  void Rename(const std::string& from, const std::string& to) override;
  void RemoveAll(const std::string& path) override;
  void Chmod(const std::string& path, uint32_t permissions) override;
  bool Chown(const std::string& path, uint32_t owner) override;
  void SetModifiedTime(const std::string& path, int64_t ns) override;
  std::string ReadFile(const std::string& path) override;
  std::vector<std::string> Names(const std::string& path) override;

  void Tick() override;
  int64_t NowNs() override;
  uint32_t user_id() override;
  void LimitOpenFiles(int more) override;
  int CountOpenFiles() override;

 private:
  TemporaryDirectory directory_;
  TemporaryDirectory scratch_;
  Unprivileged unprivileged_;
  std::unique_ptr<FileSystem> fs_;
  std::optional<uint64_t> open_files_before_limit_;
};

}  // namespace finder

#endif  // FINDER_TESTS_FS_POSIX_WORLD_H_
