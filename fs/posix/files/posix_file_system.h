// The real file system of a Linux kernel, with no state of its own: a handle
// is a file descriptor, and every method is one system call or few.
//
// Thread-safe.
#ifndef FINDER_FS_POSIX_FILES_POSIX_FILE_SYSTEM_H_
#define FINDER_FS_POSIX_FILES_POSIX_FILE_SYSTEM_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "absl/functional/function_ref.h"
#include "fs/file_details.h"
#include "fs/file_system.h"
#include "fs/result.h"
#include "fs/volume.h"

namespace finder {

class PosixFileSystem : public FileSystem {
 public:
  PosixFileSystem() = default;

  Result<DirectoryHandle> OpenDirectory(const DirectoryHandle& base,
                                        std::string_view path,
                                        SymlinkPolicy symlinks) override;
  Result<FileStat> Stat(const DirectoryHandle& base, std::string_view path,
                        SymlinkPolicy symlinks) override;
  Result<FileDetails> Details(const DirectoryHandle& base,
                              std::string_view path,
                              SymlinkPolicy symlinks) override;
  Outcome List(const DirectoryHandle& directory,
               absl::FunctionRef<void(std::string_view name, EntryKind kind)>
                   visit) override;
  Volume IdentifyVolume(const DirectoryHandle& directory) override;
  Result<std::string> ReadLink(const DirectoryHandle& base,
                               std::string_view path) override;

  Result<std::unique_ptr<ReadableFile>> OpenFile(
      std::string_view path, SymlinkPolicy symlinks) override;
  Result<std::unique_ptr<PendingFile>> CreateFile(
      std::string_view path, uint32_t permissions) override;
  Outcome Rename(std::string_view from, std::string_view to) override;
  Outcome Remove(std::string_view path) override;
  Outcome RemoveAt(const DirectoryHandle& base, std::string_view path,
                   EntryKind kind) override;
  Outcome MakeDirectory(std::string_view path, uint32_t permissions) override;

  // For the other POSIX seams of fs/: the descriptor behind a handle of a
  // PosixFileSystem, or AT_FDCWD.
  static int DescriptorOf(const DirectoryHandle& handle) {
    return IdOf(handle);
  }
  // And a handle of this one, which closes the descriptor.
  DirectoryHandle Adopt(int descriptor) { return MakeHandle(this, descriptor); }

 private:
  void CloseDirectory(int id) override;
};

}  // namespace finder

#endif  // FINDER_FS_POSIX_FILES_POSIX_FILE_SYSTEM_H_
