// Trees that are written where somebody else may plant symlinks: what a command
// leaves in its working directory, and what is put back there. Directories are
// reached without passing a symlink, and what is made appears by a rename.
//
// Listing, looking and reading links is done by the FileSystem of the same
// machine, with the handles made here.
//
// A `name` is one component, and neither "." nor "..": else EINVAL. Attributes
// are set exactly, whatever the umask.
//
// Thread-safe.
#ifndef FINDER_FS_OUTPUT_TREE_H_
#define FINDER_FS_OUTPUT_TREE_H_

#include <cstdint>
#include <memory>
#include <string_view>

#include "fs/file_system.h"
#include "fs/result.h"

namespace finder {

struct FileAttributes {
  uint32_t permissions = 0;  // 12 bits
  int64_t modified_ns = 0;
};

// How the contents of a file came to another one.
enum class CopyMethod : uint8_t {
  kCloned,  // both share blocks until one is written to
  kCopied,  // and holes are holes
};

class OutputTree {
 public:
  virtual ~OutputTree() = default;

  // Opens the directory at `path`, which is relative to `base` and cleaned; "."
  // is `base` itself. Whatever would lead through a symlink fails with ELOOP,
  // an absolute path or one with ".." with EXDEV.
  virtual Result<DirectoryHandle> OpenBeneath(const DirectoryHandle& base,
                                              std::string_view path) = 0;
  // Opens a regular file, as FileSystem::OpenFile with kNoFollow.
  virtual Result<std::unique_ptr<ReadableFile>> OpenFile(
      const DirectoryHandle& directory, std::string_view name) = 0;

  // Makes `name` a file with the contents of another one, and replaces a file
  // or symlink of that name in one step. EISDIR if it is a directory. The
  // source may be an absolute path, too.
  virtual Result<CopyMethod> PlaceCopy(const DirectoryHandle& from,
                                       std::string_view from_name,
                                       const DirectoryHandle& directory,
                                       std::string_view name,
                                       const FileAttributes& attributes) = 0;
  // The same with these contents.
  virtual Outcome PlaceBytes(std::string_view bytes,
                             const DirectoryHandle& directory,
                             std::string_view name,
                             const FileAttributes& attributes) = 0;
  // The same with a symlink. Of the attributes only the time counts.
  virtual Outcome PlaceSymlink(std::string_view target,
                               const DirectoryHandle& directory,
                               std::string_view name,
                               const FileAttributes& attributes) = 0;

  // Makes one directory.
  virtual Outcome MakeDirectory(const DirectoryHandle& directory,
                                std::string_view name,
                                uint32_t permissions) = 0;
  // Of a directory, or of a regular file; ELOOP for a symlink.
  virtual Outcome SetPermissions(const DirectoryHandle& directory,
                                 std::string_view name,
                                 uint32_t permissions) = 0;
  // Of anything, a symlink itself included.
  virtual Outcome SetModifiedTime(const DirectoryHandle& directory,
                                  std::string_view name,
                                  int64_t modified_ns) = 0;
  // Removes a file, a symlink or an empty directory.
  virtual Outcome Remove(const DirectoryHandle& directory,
                         std::string_view name) = 0;
};

}  // namespace finder

#endif  // FINDER_FS_OUTPUT_TREE_H_
