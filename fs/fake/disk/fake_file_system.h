// A FileSystem in memory, for tests: one process that works on a FakeTree, with
// its own user, working directory and descriptors. It follows Linux and ext4
// where a caller could tell the difference; the contract in
// tests/fs/file_system_contract.h holds it to that.
//
// Differences on purpose: a directory is listed in an order that is neither
// sorted nor that of creation, but the same in every run; freed inode numbers
// are used again at once.
//
// Thread-safe.
#ifndef FINDER_FS_FAKE_DISK_FAKE_FILE_SYSTEM_H_
#define FINDER_FS_FAKE_DISK_FAKE_FILE_SYSTEM_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "absl/synchronization/mutex.h"
#include "fs/fake/disk/fake_calls.h"
#include "fs/fake/disk/fake_disk.h"
#include "fs/fake/disk/fake_inode.h"
#include "fs/fake/disk/fake_tree.h"
#include "fs/file_details.h"
#include "fs/file_system.h"
#include "fs/path.h"
#include "fs/result.h"

namespace finder {

class FakeFileSystem : public FileSystem {
 public:
  // Works as FakeUser() in "/". `tree` must outlive this.
  explicit FakeFileSystem(FakeTree* tree);

  // Faults, counters and log of the calls made through this object.
  FakeCalls& calls() { return calls_; }
  const FakeCalls& calls() const { return calls_; }

  void SetUser(const FakeUser& user);
  // Requires a directory at `path`, which is absolute.
  void SetWorkingDirectory(std::string_view path);
  // With so many directories and files open, the next open fails with EMFILE.
  void SetMaxOpenFiles(int max_open_files);

  // How many directories and files are open.
  int open_files() const;

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

 private:
  friend class FakeReadableFile;
  friend class FakeOutputTree;
  friend class FakePendingFile;
  friend class FakeSharedFile;
  friend class FakeSharedFiles;
  friend class FakeWatcher;

  // An open directory, or the working directory.
  struct OpenedDirectory {
    FakeInodePtr inode;
    std::string path;  // absolute, as it was opened
    bool listed = false;
  };

  void CloseDirectory(int id) override;

  OpenedDirectory Opened(const DirectoryHandle& handle) const;
  // `path` as the log spells it.
  std::string AbsolutePath(const DirectoryHandle& base,
                           std::string_view path) const;
  FakeUser user() const;
  Result<FakeDisk::Place> Find(const DirectoryHandle& base,
                               std::string_view path, SymlinkPolicy symlinks)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(disk_->mutex());
  // Like Find, but what is missing is ENOENT.
  Result<FakeInodePtr> FindExisting(const DirectoryHandle& base,
                                    std::string_view path,
                                    SymlinkPolicy symlinks)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(disk_->mutex());
  // What killed writers of the file left, by its name.
  void RemoveDeadTemporaries(const FakeInodePtr& directory,
                             std::string_view final_name)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(disk_->mutex());
  // One more or one less of the open files.
  Outcome TakeDescriptor();
  void ReturnDescriptor();

  FakeDisk* const disk_;
  FakeCalls calls_;

  // Taken after the disk's, never before it.
  mutable absl::Mutex mutex_;
  FakeUser user_ ABSL_GUARDED_BY(mutex_);
  OpenedDirectory working_directory_ ABSL_GUARDED_BY(mutex_);
  std::map<int, OpenedDirectory> opened_ ABSL_GUARDED_BY(mutex_);
  int next_id_ ABSL_GUARDED_BY(mutex_) = 3;
  int open_files_ ABSL_GUARDED_BY(mutex_) = 0;
  std::optional<int> max_open_files_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace finder

#endif  // FINDER_FS_FAKE_DISK_FAKE_FILE_SYSTEM_H_
