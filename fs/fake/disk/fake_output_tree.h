// OutputTree of a FakeFileSystem: its user, its faults, its log.
//
// Thread-safe.
#ifndef FINDER_FS_FAKE_DISK_FAKE_OUTPUT_TREE_H_
#define FINDER_FS_FAKE_DISK_FAKE_OUTPUT_TREE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "absl/base/thread_annotations.h"
#include "fs/fake/disk/fake_disk.h"
#include "fs/fake/disk/fake_file_system.h"
#include "fs/output_tree.h"
#include "fs/result.h"

namespace finder {

class FakeOutputTree : public OutputTree {
 public:
  // `files` must outlive this and the handles it opens.
  explicit FakeOutputTree(FakeFileSystem* files) : files_(*files) {}

  // As on a file system that can clone.
  void AllowClones() { copied_ = CopyMethod::kCloned; }

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
  // Puts something new there by the three calls that it takes.
  Outcome Place(EntryKind kind, std::string_view bytes,
                const DirectoryHandle& directory, std::string_view name,
                const FileAttributes& attributes);
  // What bears `name`, of which this user is the owner.
  Result<FakeInodePtr> Owned(const DirectoryHandle& directory,
                             std::string_view name)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(files_.disk_->mutex());

  FakeFileSystem& files_;
  CopyMethod copied_ = CopyMethod::kCopied;
};

}  // namespace finder

#endif  // FINDER_FS_FAKE_DISK_FAKE_OUTPUT_TREE_H_
