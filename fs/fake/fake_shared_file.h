// SharedFiles and SmallFiles of a FakeFileSystem: its user, its faults, its
// log. Locks live in the inode, so that several FakeFileSystems on one
// FakeTree, which stand for processes, contend for them. An object that goes
// drops its lock, as the kernel does for a process.
//
// Thread-safety: that of the interfaces.
#ifndef FINDER_FS_FAKE_FAKE_SHARED_FILE_H_
#define FINDER_FS_FAKE_FAKE_SHARED_FILE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "fs/fake/fake_file_system.h"
#include "fs/result.h"
#include "fs/shared_file.h"
#include "fs/small_file.h"

namespace finder {

class FakeSharedFiles : public SharedFiles {
 public:
  // `files` must outlive this.
  explicit FakeSharedFiles(FakeFileSystem* files) : files_(*files) {}
  Result<std::unique_ptr<SharedFile>> Open(std::string_view path,
                                           SharedAccess access,
                                           uint32_t permissions) override;

 private:
  FakeFileSystem& files_;
};

class FakeSmallFiles : public SmallFiles {
 public:
  explicit FakeSmallFiles(FakeFileSystem* files) : files_(*files) {}
  Result<std::string> Read(const DirectoryHandle& base, std::string_view path,
                           size_t max_bytes) override;
  Outcome Create(std::string_view path, std::string_view bytes,
                 uint32_t permissions) override;
  // Noted as an append and a sync.
  Outcome WriteOver(std::string_view path, std::string_view bytes) override;

 private:
  FakeFileSystem& files_;
};

}  // namespace finder

#endif  // FINDER_FS_FAKE_FAKE_SHARED_FILE_H_
