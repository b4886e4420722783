// The one way to files. Everything above fs/ sees the disk through this
// interface, which main hands in; it is never global.
//
// Two implementations: PosixFileSystem (fs/posix/files/posix_file_system.h) is
// the real one, FakeFileSystem (fs/fake/disk/fake_file_system.h) an in-memory
// one for tests. Both pass the contract in tests/fs/file_system_contract.h.
//
// Thread-safety: every method may be called from any thread at any time.
// A DirectoryHandle, ReadableFile or PendingFile may be used by several threads
// for calls that do not change it, and is closed by one.
//
// Names and paths are bytes: no encoding is assumed, '/' separates, and a NUL
// never occurs. Paths may be longer than PATH_MAX where a method says so.
#ifndef FINDER_FS_FILE_SYSTEM_H_
#define FINDER_FS_FILE_SYSTEM_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "absl/functional/function_ref.h"
#include "fs/entry_kind.h"
#include "fs/file_details.h"
#include "fs/result.h"
#include "fs/volume.h"

namespace finder {

enum class SymlinkPolicy : uint8_t { kNoFollow, kFollow };

struct FileStat {
  EntryKind kind = EntryKind::kOther;
  uint64_t device = 0;
  uint64_t inode = 0;
  int64_t change_ns = 0;    // later of mtime and ctime, ns since the epoch
  int64_t modified_ns = 0;  // mtime alone, which anybody with access may set
  int64_t size_bytes = 0;
  uint32_t owner = 0;        // user id
  uint32_t group = 0;        // group id
  uint32_t permissions = 0;  // the low 12 mode bits
  uint64_t links = 0;        // names; file systems differ for directories
};

// An open directory; destruction closes it. Movable; must not outlive its
// FileSystem. A default-constructed handle stands for the working directory.
class DirectoryHandle;

// A file open for reading; destruction closes it.
class ReadableFile {
 public:
  virtual ~ReadableFile() = default;
  virtual Result<FileStat> Stat() = 0;
  // Reads up to `size` bytes at `offset`, in bytes, and returns how many; fewer
  // than `size` only at the end of the file.
  virtual Result<size_t> ReadAt(int64_t offset, char* buffer, size_t size) = 0;
};

// A file that is being written; nobody sees it under its final name until
// Commit. If it is destroyed without Commit it leaves nothing behind. Where the
// file system allows (O_TMPFILE), a killed process leaves nothing either.
class PendingFile {
 public:
  virtual ~PendingFile() = default;
  virtual Outcome Append(std::string_view bytes) = 0;
  virtual Result<FileStat> Stat() = 0;
  // Sets the time of the last modification, in ns since the epoch, as exactly
  // as the file system can store it. Touch sets it to the present time of the
  // file system's clock. It stays if nothing is appended afterwards.
  virtual Outcome SetModifiedTime(int64_t modified_ns) = 0;
  virtual Outcome Touch() = 0;
  // Renames the file into place and replaces the old file, if there is one. At
  // most once.
  virtual Outcome Commit() = 0;
  // The same for a file whose damage would be noticed, and cheaper: Commit
  // makes some file systems start writing the file to the disk, so that a power
  // cut soon afterwards leaves the old file or the new one. A kill just then
  // may leave the old file under a temporary name, which the next writer
  // removes.
  virtual Outcome CommitUnflushed() = 0;
};

class FileSystem {
 public:
  virtual ~FileSystem() = default;

  // Opens the directory at `path` relative to `base` (or absolute). With
  // kNoFollow a symlink as last component fails with ENOTDIR. `path` may be
  // longer than PATH_MAX; an empty one fails with ENOENT. EMFILE and ENFILE are
  // passed on to the caller.
  virtual Result<DirectoryHandle> OpenDirectory(const DirectoryHandle& base,
                                                std::string_view path,
                                                SymlinkPolicy symlinks) = 0;

  // Stats `path` relative to `base` (or absolute); an empty path means `base`
  // itself. `path` may be longer than PATH_MAX.
  virtual Result<FileStat> Stat(const DirectoryHandle& base,
                                std::string_view path,
                                SymlinkPolicy symlinks) = 0;

  // All of the inode's data, of the same paths as Stat. Costs more than Stat;
  // it mounts nothing.
  virtual Result<FileDetails> Details(const DirectoryHandle& base,
                                      std::string_view path,
                                      SymlinkPolicy symlinks) = 0;

  // Calls `visit` once for each entry but "." and "..", in the order of the
  // file system. The name is valid only during the call. If the directory does
  // not tell a kind (DT_UNKNOWN), a stat finds it. `visit` may call this
  // FileSystem. A handle can be listed once, and one that stands for the
  // working directory not at all (EBADF). A directory that was removed
  // meanwhile fails with ENOENT.
  virtual Outcome List(
      const DirectoryHandle& directory,
      absl::FunctionRef<void(std::string_view name, EntryKind kind)> visit) = 0;

  // Which file system holds `directory`, and what stamps prove there. Some ten
  // system calls at most, three as a rule. A field that the kernel does not
  // tell keeps its default, which proves nothing.
  virtual Volume IdentifyVolume(const DirectoryHandle& directory) = 0;

  // The bytes a symlink points to.
  virtual Result<std::string> ReadLink(const DirectoryHandle& base,
                                       std::string_view path) = 0;

  // Opens a regular file; anything else fails (EISDIR, or EINVAL for pipes and
  // devices, without blocking on them). With kNoFollow a symlink fails with
  // ELOOP.
  virtual Result<std::unique_ptr<ReadableFile>> OpenFile(
      std::string_view path, SymlinkPolicy symlinks) = 0;

  // Starts a file that will replace `path`, with `permissions` less the umask.
  // Its directory must exist. Replaces a symlink at `path`, and does not follow
  // it; opens no file that somebody has planted under a guessable temporary
  // name. First removes what a killed writer of the same file may have left.
  virtual Result<std::unique_ptr<PendingFile>> CreateFile(
      std::string_view path, uint32_t permissions) = 0;

  virtual Outcome Rename(std::string_view from, std::string_view to) = 0;
  // Removes a file, symlink or empty directory.
  virtual Outcome Remove(std::string_view path) = 0;
  // Removes `path` relative to `base`. With kDirectory only an empty directory,
  // else a file or symlink, or an empty directory that has come in its place.
  virtual Outcome RemoveAt(const DirectoryHandle& base, std::string_view path,
                           EntryKind kind) = 0;
  // Makes one directory; its parent must exist.
  virtual Outcome MakeDirectory(std::string_view path,
                                uint32_t permissions) = 0;

 private:
  friend class DirectoryHandle;
  virtual void CloseDirectory(int id) = 0;

 protected:
  static DirectoryHandle MakeHandle(FileSystem* owner, int id);
  static int IdOf(const DirectoryHandle& handle);
};

class DirectoryHandle {
 public:
  // The id that stands for the working directory (the value of AT_FDCWD).
  static constexpr int kWorkingDirectory = -100;

  DirectoryHandle() = default;
  DirectoryHandle(DirectoryHandle&& other) noexcept
      : owner_(other.owner_), id_(other.id_) {
    other.owner_ = nullptr;
    other.id_ = kWorkingDirectory;
  }
  DirectoryHandle& operator=(DirectoryHandle&& other) noexcept {
    std::swap(owner_, other.owner_);
    std::swap(id_, other.id_);
    return *this;
  }
  ~DirectoryHandle() { Close(); }

  bool is_open() const { return owner_ != nullptr; }
  void Close() {
    if (owner_ != nullptr) owner_->CloseDirectory(id_);
    owner_ = nullptr;
    id_ = kWorkingDirectory;
  }

 private:
  friend class FileSystem;
  DirectoryHandle(FileSystem* owner, int id) : owner_(owner), id_(id) {}

  FileSystem* owner_ = nullptr;
  int id_ = kWorkingDirectory;
};

inline DirectoryHandle FileSystem::MakeHandle(FileSystem* owner, int id) {
  return DirectoryHandle(owner, id);
}
inline int FileSystem::IdOf(const DirectoryHandle& handle) {
  return handle.id_;
}

}  // namespace finder

#endif  // FINDER_FS_FILE_SYSTEM_H_
