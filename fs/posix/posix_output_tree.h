// The OutputTree of a Linux kernel: openat2(2) with RESOLVE_BENEATH and
// RESOLVE_NO_SYMLINKS, or, where that is missing, one openat(2) with O_NOFOLLOW
// for each component.
//
// Thread-safe.
#ifndef FINDER_FS_POSIX_POSIX_OUTPUT_TREE_H_
#define FINDER_FS_POSIX_POSIX_OUTPUT_TREE_H_

#include <cstdint>
#include <memory>
#include <string_view>

#include "fs/file_system.h"
#include "fs/output_tree.h"
#include "fs/posix/files/posix_file_system.h"
#include "fs/result.h"

namespace finder {

class PosixOutputTree : public OutputTree {
 public:
  enum class Walk : uint8_t {
    kByKernel,
    kByComponent,  // as on a kernel before 5.6, or below a strict filter
  };

  // `files` must outlive this and the handles it opens.
  explicit PosixOutputTree(PosixFileSystem* files, Walk walk = Walk::kByKernel)
      : files_(*files), walk_(walk) {}

  Result<DirectoryHandle> OpenBeneath(const DirectoryHandle& base,
                                      std::string_view path) override;
  Result<std::unique_ptr<ReadableFile>> OpenFile(
      const DirectoryHandle& directory, std::string_view name) override;
  Result<CopyMethod> PlaceCopy(const DirectoryHandle& from,
                               std::string_view from_name,
                               const DirectoryHandle& directory,
                               std::string_view name,
                               const FileAttributes& attributes) override;
  Outcome PlaceBytes(std::string_view bytes, const DirectoryHandle& directory,
                     std::string_view name,
                     const FileAttributes& attributes) override;
  Outcome PlaceSymlink(std::string_view target,
                       const DirectoryHandle& directory, std::string_view name,
                       const FileAttributes& attributes) override;
  Outcome MakeDirectory(const DirectoryHandle& directory, std::string_view name,
                        uint32_t permissions) override;
  Outcome SetPermissions(const DirectoryHandle& directory,
                         std::string_view name, uint32_t permissions) override;
  Outcome SetModifiedTime(const DirectoryHandle& directory,
                          std::string_view name, int64_t modified_ns) override;
  Outcome Remove(const DirectoryHandle& directory,
                 std::string_view name) override;

 private:
  PosixFileSystem& files_;
  const Walk walk_;
};

}  // namespace finder

#endif  // FINDER_FS_POSIX_POSIX_OUTPUT_TREE_H_
