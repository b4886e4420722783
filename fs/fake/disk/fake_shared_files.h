// SharedFiles of a FakeFileSystem: its user, its faults, its
// log. Locks live in the inode, so that several FakeFileSystems on one
// FakeTree, which stand for processes, contend for them. An object that goes
// drops its lock, as the kernel does for a process.
//
// Thread-safety: that of the interfaces.
#ifndef FINDER_FS_FAKE_DISK_FAKE_SHARED_FILES_H_
#define FINDER_FS_FAKE_DISK_FAKE_SHARED_FILES_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "fs/fake/disk/fake_file_system.h"
#include "fs/fake/disk/fake_inode.h"
#include "fs/result.h"
#include "fs/shared_files.h"

namespace finder {

class FakeSharedFiles : public SharedFiles {
 public:
  // `files` must outlive this.
  explicit FakeSharedFiles(FakeFileSystem* files) : files_(*files) {}

  // As on a file system that can neither exchange nor refuse to replace.
  void ForbidFlags() { flags_forbidden_ = true; }

  Result<std::unique_ptr<SharedFile>> Open(std::string_view path,
                                           SharedAccess access,
                                           uint32_t permissions) override;
  Result<std::string> Read(const DirectoryHandle& base, std::string_view path,
                           size_t max_bytes) override;
  Outcome Create(std::string_view path, std::string_view bytes,
                 uint32_t permissions) override;
  // Noted as an append and a sync.
  Outcome WriteOver(std::string_view path, std::string_view bytes) override;
  Result<std::string> MakeUniqueDirectory(std::string_view parent,
                                          std::string_view prefix,
                                          uint32_t permissions) override;
  Outcome Exchange(std::string_view a, std::string_view b) override;
  Outcome MoveToFree(std::string_view from, std::string_view to) override;
  Outcome SetPermissions(std::string_view path, uint32_t permissions) override;

 private:
  // What keeps an inode from being opened as a file; a pipe is let through, as
  // the kernel does.
  static Outcome CheckFile(const FakeInode& inode);

  FakeFileSystem& files_;
  bool flags_forbidden_ = false;
  std::atomic<uint64_t> next_name_{0};
};

}  // namespace finder

#endif  // FINDER_FS_FAKE_DISK_FAKE_SHARED_FILES_H_
